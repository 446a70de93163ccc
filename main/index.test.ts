import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BridgeHandlers, BridgeNotify } from '../shared/bridge.ts';
import { DEFAULT_SETTINGS, type Settings } from '../shared/settings.ts';
import { MAX_WINDOWS } from './desktop/windows.ts';
import { createLaunchProofs } from './guard/launch-proofs.ts';
import { createVoiceMetrics } from './health/metrics.ts';
import type { Host, HostOptions } from './host/host.ts';

type Fake = typeof import('./testing/fake-electron.ts');
// Through the mock: the shell and the test must hold the same app.
const {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  resetFake,
  session,
  Tray,
} = (await import('electron')) as unknown as Fake;

vi.mock('electron', () => import('./testing/fake-electron.ts'));
const { startHost } = vi.hoisted(() => ({ startHost: vi.fn<(options: HostOptions) => Promise<Host>>() }));
vi.mock('./host/host.ts', () => ({ startHost }));
// They would end the process of the tests.
vi.mock('./host/end-process.ts', () => ({ endProcess: (exit: () => void) => exit() }));
vi.mock('./host/exit-watchdog.ts', () => ({ startExitWatchdog: () => ({ arm: () => true, hurry: () => true }) }));
// Those of this process are the test's.
vi.mock('./desktop/unexpected-errors.ts', () => ({ setupUnexpectedErrors: () => ({ logTo() {} }) }));
// Nobody's own desktop is asked.
vi.mock('./desktop/tray-host.ts', () => ({ hasStatusNotifier: async () => true }));

const log = vi.fn();
const stop = vi.fn(async () => {});
const woke = vi.fn();
const carriers = new Set<BridgeNotify>();
const notify: BridgeNotify = (event, payload) => {
  for (const carrier of carriers) carrier(event, payload);
};
let settings: Settings;

function fakeHost({ shellCalls }: HostOptions): Host {
  return {
    handlers: {
      getSettings: () => settings,
      openWindow: () => shellCalls?.openWindow() ?? false,
      getDesktop: () => shellCalls?.desktop(),
      getHealth: () => createVoiceMetrics().health(),
      getLogHistory: () => [
        { seq: 1, time: 0, side: 'app', level: 'info', event: 'APP_STARTED', text: 'a line that holds the secret' },
      ],
    } as unknown as BridgeHandlers,
    subscribe: (listener) => {
      carriers.add(listener);
      return () => void carriers.delete(listener);
    },
    serveRecording: async () => ({ status: 404, headers: {}, body: null }),
    renewRecordingUrls: () => {},
    log,
    listening: { turns: () => 0, onChange: () => () => {} },
    token: 'secret',
    proofs: createLaunchProofs('secret'),
    voicePort: () => 40123,
    voicePorts: [40123, 40124],
    voiceUrl: () => 'ws://127.0.0.1:40123/ws/voice',
    restartVoice: async () => {},
    woke,
    stop,
  };
}

beforeEach(() => {
  resetFake();
  vi.resetModules();
  vi.clearAllMocks();
  carriers.clear();
  settings = DEFAULT_SETTINGS;
  // Nobody's own autostart folder is looked into.
  vi.stubEnv('XDG_CONFIG_HOME', '/home/someone/config');
  startHost.mockImplementation(async (options) => fakeHost(options));
  stop.mockResolvedValue();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function launch(): Promise<void> {
  await import('./index.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(BrowserWindow.all).toHaveLength(1), 10_000);
}

function windowAt(index: number): InstanceType<Fake['BrowserWindow']> {
  const window = BrowserWindow.all[index];
  if (!window) throw new Error(`no window ${index}`);
  return window;
}

test('what must be settled before Electron is ready is settled before', async () => {
  await import('./index.ts');
  expect(protocol.privileged.map(({ scheme }) => scheme)).toEqual(['earshot']);
  expect(app.sandboxed).toBe(true);
  expect(app.commandLine.hasSwitch('host-resolver-rules')).toBe(true);
  expect(app.listenerCount('web-contents-created')).toBe(2);
  expect(startHost).not.toHaveBeenCalled();
});

test('start: the host first, then one window that shows the page under its policy', async () => {
  await launch();
  expect(startHost.mock.calls[0]?.[0]).toMatchObject({
    dataDir: '/home/someone/userData/data',
    origin: 'earshot://app',
    version: '1.2.3',
    shell: 'desktop',
  });
  expect(BrowserWindow.all[0]?.options.webPreferences?.preload).toBe('/opt/earshot/dist/preload/index.cjs');
  const page = await protocol.handlers.get('earshot')?.({ url: 'earshot://app/', method: 'GET' });
  expect(page?.headers.get('Content-Security-Policy')).toContain(
    '; connect-src ws://127.0.0.1:40123 ws://127.0.0.1:40124; ',
  );
});

test('a machine that wakes from sleep: the host is told', async () => {
  await launch();
  powerMonitor.emit('suspend');
  expect(woke).not.toHaveBeenCalled();
  powerMonitor.emit('resume');
  expect(woke).toHaveBeenCalledTimes(1);
});

test('a package refuses the switches by which another program could drive it, before anything else, and says so once', async () => {
  app.commandLine.appendSwitch('remote-debugging-port', '9222');
  app.commandLine.appendSwitch('lang', 'en');
  await launch();
  expect(app.commandLine.hasSwitch('remote-debugging-port')).toBe(false);
  expect(app.commandLine.hasSwitch('lang')).toBe(true);
  const told = log.mock.calls.filter(([, fields]) => fields?.type === 'switches_refused');
  expect(told).toEqual([['WARNING', { type: 'switches_refused', names: 'remote-debugging-port' }]]);
});

test('from its source Earshot keeps every switch: tests drive it', async () => {
  app.isPackaged = false;
  app.commandLine.appendSwitch('remote-debugging-port', '9222');
  await launch();
  expect(app.commandLine.hasSwitch('remote-debugging-port')).toBe(true);
  expect(JSON.stringify(log.mock.calls)).not.toContain('switches_refused');
});

test('a package whose program was renamed is a package all the same', async () => {
  app.isPackaged = false;
  vi.spyOn(app, 'getAppPath').mockReturnValue('/tmp/copy/resources/app.asar');
  app.commandLine.appendSwitch('remote-debugging-pipe');
  await launch();
  expect(app.commandLine.hasSwitch('remote-debugging-pipe')).toBe(false);
  expect(windowAt(0).options.webPreferences?.devTools).toBe(false);
});

test('a package does not start with a switch that has taken effect already', async () => {
  const complain = vi.spyOn(console, 'error').mockReturnValue();
  app.commandLine.appendSwitch('trace-startup');
  await import('./index.ts');
  expect(app.exits).toEqual([1]);
  expect(complain).toHaveBeenCalledWith(expect.stringContaining('--trace-startup'));
  app.ready.resolve();
  await app.ready.promise;
  expect(startHost).not.toHaveBeenCalled();
});

test('developer tools exist where the app is developed, and not in a package', async () => {
  const offered = () => JSON.stringify(Menu.template).includes('toggleDevTools');
  await launch();
  expect(windowAt(0).options.webPreferences?.devTools).toBe(false);
  expect(await session.defaultSession.requests('devtools://devtools/bundled/inspector.html')).toBe(false);
  expect(offered()).toBe(false);

  resetFake();
  vi.resetModules();
  app.isPackaged = false;
  await launch();
  expect(windowAt(0).options.webPreferences?.devTools).toBe(true);
  expect(await session.defaultSession.requests('devtools://devtools/bundled/inspector.html')).toBe(true);
  expect(offered()).toBe(true);
});

test('EARSHOT_DATA_DIR says where the data lies', async () => {
  vi.stubEnv('EARSHOT_DATA_DIR', '/srv/earshot');
  await launch();
  expect(startHost.mock.calls[0]?.[0].dataDir).toBe('/srv/earshot');
});

test('the shell is closed before the first window opens: permissions, navigation, calls of strangers', async () => {
  await launch();
  const window = windowAt(0);
  const ours = { requestingUrl: 'earshot://app/index.html', isMainFrame: true };
  expect(await session.defaultSession.request('geolocation', ours)).toBe(false);
  expect(await session.defaultSession.request('loopback-network', ours)).toBe(true);
  expect(await session.defaultSession.requests('https://evil.example/')).toBe(false);
  expect(await session.defaultSession.requests('ws://127.0.0.1:40124/ws/voice')).toBe(true);
  expect(session.defaultSession.listenerCount('select-usb-device')).toBe(1);
  expect(window.webContents.prevents('will-navigate', { url: 'https://evil.example/' })).toBe(true);
  const frame = { url: 'https://evil.example/', parent: null };
  expect(await ipcMain.invoke(window.webContents, 'earshot:getSettings', undefined, frame)).toMatchObject({
    ok: false,
  });
});

test('calls reach the host, its events reach every window, and openWindow opens one', async () => {
  await launch();
  const first = windowAt(0);
  const settings = await ipcMain.invoke(first.webContents, 'earshot:getSettings');
  expect(settings).toEqual({ ok: true, value: DEFAULT_SETTINGS });
  expect(await ipcMain.invoke(first.webContents, 'earshot:openWindow')).toEqual({ ok: true, value: true });
  expect(BrowserWindow.all).toHaveLength(2);
  notify('onSettings', DEFAULT_SETTINGS);
  for (const { webContents } of BrowserWindow.all) expect(webContents.sent).toHaveLength(1);
});

test('a page that asks for windows without an end gets no more than there may be', async () => {
  await launch();
  const { webContents } = windowAt(0);
  for (let asked = 0; asked < 60; asked++) {
    expect(await ipcMain.invoke(webContents, 'earshot:openWindow')).toEqual({ ok: true, value: true });
  }
  expect(BrowserWindow.all).toHaveLength(MAX_WINDOWS);
  windowAt(1).close();
  await ipcMain.invoke(webContents, 'earshot:openWindow');
  expect(BrowserWindow.getAllWindows()).toHaveLength(MAX_WINDOWS);
});

test('the menu opens a window too', async () => {
  await launch();
  const file = Menu.template.find(({ label }) => label === '&File')?.submenu as { click?: () => void }[];
  file[0]?.click?.();
  expect(BrowserWindow.all).toHaveLength(2);
});

test('the first window that shows its page is announced on stdout, the second is not', async () => {
  await launch();
  expect(process.stdout.write).not.toHaveBeenCalledWith('EARSHOT_READY\n');
  BrowserWindow.all[0]?.emit('ready-to-show');
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  BrowserWindow.all[1]?.emit('ready-to-show');
  const lines = vi.mocked(process.stdout.write).mock.calls.filter(([text]) => text === 'EARSHOT_READY\n');
  expect(lines).toHaveLength(1);
});

test('a second instance starts nothing of its own; the first one comes to the front', async () => {
  await launch();
  app.emit('second-instance');
  expect(BrowserWindow.all).toHaveLength(1);
  expect(BrowserWindow.all[0]?.focused).toBe(true);

  resetFake();
  vi.resetModules();
  startHost.mockClear();
  app.lock = false;
  await import('./index.ts');
  app.ready.resolve();
  await app.ready.promise;
  expect(app.exits).toEqual([0]);
  expect(startHost).not.toHaveBeenCalled();
});

test('two windows, closed one after the other: the host is stopped once, then the app ends', async () => {
  await launch();
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  const [first, second] = [windowAt(0), windowAt(1)];
  first.close();
  expect(stop).not.toHaveBeenCalled();
  second.close();
  await vi.waitFor(() => expect(app.exits).toEqual([0]), 10_000);
  expect(stop).toHaveBeenCalledTimes(1);
});

test('a host that can not start is said in words, and the app ends with an error', async () => {
  const complain = vi.spyOn(console, 'error').mockReturnValue();
  startHost.mockRejectedValue(new Error('the disk is full'));
  await import('./index.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(app.exits).toEqual([1]), 10_000);
  expect(dialog.errors.join()).toMatch(/^Earshot could not start: .*Start it again.*the disk is full$/s);
  expect(complain).toHaveBeenCalledWith('Earshot could not start: the disk is full');
  expect(BrowserWindow.all).toEqual([]);
});

test('the desktop state is whole when the first page asks for it, and tells why no update is looked for', async () => {
  settings = { ...DEFAULT_SETTINGS, shortcut: 'F8' };
  globalShortcut.taken.add('F8');
  app.isPackaged = false;
  await launch();
  expect(await ipcMain.invoke(windowAt(0).webContents, 'earshot:getDesktop')).toEqual({
    ok: true,
    value: {
      shortcut: 'refused',
      login: 'unsupported',
      update: { state: 'none' },
      why_no_updates: 'not_packaged',
    },
  });
});

test('the start at login is asked of the system anew each time a page asks', async () => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin');
  await launch();
  const asked = () => ipcMain.invoke(windowAt(0).webContents, 'earshot:getDesktop');
  expect(await asked()).toMatchObject({ value: { login: 'off' } });
  app.openAtLogin = true;
  expect(await asked()).toMatchObject({ value: { login: 'on' } });
});

test.each([
  ['that of another program', '/tmp/.mount_terminal', 'unsupported'],
  ['its own', dirname(process.execPath), 'not_signed'],
])('an AppImage in the environment is %s', async (_whose, APPDIR, why_no_updates) => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('linux');
  vi.stubEnv('APPIMAGE', '/apps/Some.AppImage');
  vi.stubEnv('APPDIR', APPDIR);
  await launch();
  const desktop = await ipcMain.invoke(windowAt(0).webContents, 'earshot:getDesktop');
  expect(desktop).toMatchObject({ value: { why_no_updates } });
});

test('a change of the settings takes the new keys, and every window hears what came of it', async () => {
  await launch();
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  notify('onSettings', { ...DEFAULT_SETTINGS, shortcut: 'Control+Shift+M' });
  expect([...globalShortcut.held.keys()]).toEqual(['Control+Shift+M']);
  for (const { webContents } of BrowserWindow.all) {
    expect(webContents.sent).toContainEqual({
      channel: 'earshot:onDesktop',
      payload: expect.objectContaining({ shortcut: 'on' }),
    });
  }
});

test('the keys and the tray press the mic of a window whose page listens', async () => {
  settings = { ...DEFAULT_SETTINGS, shortcut: 'F8' };
  await launch();
  const { webContents } = windowAt(0);
  await ipcMain.invoke(webContents, 'earshot:getDesktop');
  globalShortcut.held.get('F8')?.();
  Tray.all[0]?.choose('Start Listening');
  expect(webContents.sent).toEqual([
    { channel: 'earshot:onMicCommand', payload: 'toggle' },
    { channel: 'earshot:onMicCommand', payload: 'start' },
  ]);
});

test('a new window stands beside the one before it', async () => {
  await launch();
  windowAt(0).setBounds({ x: 100, y: 100, width: 700, height: 600 });
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  expect(windowAt(1).options).toMatchObject({ x: 128, y: 128, width: 700, height: 600 });
});

test('Help copies a report without the secret of this launch', async () => {
  await launch();
  const help = Menu.template.find(({ role }) => role === 'help')?.submenu as { label?: string; click?: () => void }[];
  help.find(({ label }) => label === 'Copy &Diagnostics')?.click?.();
  await vi.waitFor(() => expect(clipboard.text).toContain('Earshot: 1.2.3'), 10_000);
  expect(clipboard.text).toContain('"shortcut":"off"');
  expect(clipboard.text).toContain('a line that holds the [secret]');
  await vi.waitFor(() => expect(dialog.boxes[0]?.options.message).toBe('Copied'));
});

test('a page that hangs is asked about, and the app that ends asks nothing', async () => {
  await launch();
  windowAt(0).emit('unresponsive');
  expect(dialog.boxes).toHaveLength(1);
  stop.mockReturnValue(new Promise(() => {}));
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  app.quit();
  windowAt(1).emit('unresponsive');
  expect(dialog.boxes).toHaveLength(1);
});

test('the chosen theme is that of menus and boxes from the first window on, and follows the setting', async () => {
  settings = { ...DEFAULT_SETTINGS, theme: 'dark' };
  await launch();
  expect(nativeTheme.themeSource).toBe('dark');
  const before = windowAt(0).backgroundColor;
  notify('onSettings', { ...DEFAULT_SETTINGS, theme: 'light' });
  expect(nativeTheme.themeSource).toBe('light');
  expect(windowAt(0).backgroundColor).not.toBe(before);
});
