import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
const { startHost, log } = vi.hoisted(() => ({
  startHost: vi.fn<(options: HostOptions) => Promise<Host>>(),
  log: vi.fn(),
}));
vi.mock('./host/host.ts', () => ({ startHost }));
vi.mock('./host/begin-log.ts', () => ({ beginLog: () => ({ bus: {}, log }) }));
// What a start prints.
vi.mock('node:fs', async (original) => ({ ...(await original<typeof import('node:fs')>()), writeSync: vi.fn() }));
// These would end the test process.
vi.mock('./host/end-process.ts', () => ({ endProcess: (exit: () => void) => exit() }));
vi.mock('./host/exit-watchdog.ts', () => ({ startExitWatchdog: () => ({ arm: () => true, hurry: () => true }) }));
// The handlers of this process belong to the test.
vi.mock('./desktop/unexpected-errors.ts', () => ({ setupUnexpectedErrors: () => ({ logTo() {} }) }));
// Does not query the developer's desktop.
vi.mock('./desktop/tray-host.ts', () => ({ hasStatusNotifier: async () => true }));

const TEST_ARGV = process.argv;
const stop = vi.fn(async () => {});
const onSystemResume = vi.fn();
const subscribers = new Set<BridgeNotify>();
const notify: BridgeNotify = (event, payload) => {
  for (const subscriber of subscribers) subscriber(event, payload);
};
let settings: Settings;

function fakeHost(): Host {
  return {
    recordingsFolder: {
      folder: async () => ({ path: '/data/recordings', is_default: true, present: true, move: null, error: null }),
      moveTo: async () => undefined,
    },
    handlers: {
      getSettings: () => settings,
      getHealth: () => createVoiceMetrics().health(),
      getLogHistory: () => [
        { seq: 1, time: 0, side: 'app', level: 'info', event: 'APP_STARTED', fields: { version: 'with the secret' } },
      ],
    } as unknown as BridgeHandlers,
    subscribe: (listener) => {
      subscribers.add(listener);
      return () => void subscribers.delete(listener);
    },
    pathOfRecording: async (id) => `/recordings/${id}.wav`,
    serveRecording: async () => ({ status: 404, headers: {}, body: null }),
    receiveImport: async () => ({ status: 204, error: null }),
    renewRecordingUrls: () => {},
    log,
    activeTurns: { turns: () => 0, paused: () => 0, onChange: () => () => {} },
    token: 'secret',
    proofs: createLaunchProofs('secret'),
    voicePort: () => 40123,
    voicePorts: [40123, 40124],
    voiceUrl: () => 'ws://127.0.0.1:40123/ws/voice',
    restartVoice: async () => {},
    onSystemResume,
    stop,
  };
}

beforeEach(() => {
  resetFake();
  vi.resetModules();
  vi.clearAllMocks();
  subscribers.clear();
  settings = DEFAULT_SETTINGS;
  // Keeps the tests away from the developer's own autostart folder.
  vi.stubEnv('XDG_CONFIG_HOME', '/home/someone/config');
  process.argv = ['/opt/earshot/earshot'];
  startHost.mockImplementation(async () => fakeHost());
  stop.mockResolvedValue();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  process.argv = TEST_ARGV;
  vi.unstubAllEnvs();
});

async function launch(): Promise<void> {
  await import('./index.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(BrowserWindow.all).toHaveLength(1), 10_000);
  // Answered once the host runs and everything is set up.
  await requestPage();
  // Electron drops what is sent to a window before its page exists.
  windowAt(0).webContents.sent.length = 0;
}

const requestPage = () => protocol.handlers.get('earshot')?.({ url: 'earshot://app/', method: 'GET' });

function windowAt(index: number): InstanceType<Fake['BrowserWindow']> {
  const window = BrowserWindow.all[index];
  if (!window) throw new Error(`no window ${index}`);
  return window;
}

test('registers the scheme, the sandbox and the offline switches before Electron is ready', async () => {
  await import('./index.ts');
  expect(protocol.privileged.map(({ scheme }) => scheme)).toEqual(['earshot']);
  expect(app.sandboxed).toBe(true);
  expect(app.commandLine.hasSwitch('host-resolver-rules')).toBe(true);
  expect(app.listenerCount('web-contents-created')).toBe(2);
  expect(startHost).not.toHaveBeenCalled();
});

test('opens one window, whose page has a content security policy with the ports of the host', async () => {
  await launch();
  expect(startHost.mock.calls[0]?.[0]).toMatchObject({
    dataDir: '/home/someone/userData/data',
    origin: 'earshot://app',
    version: '1.2.3',
    shell: 'desktop',
  });
  expect(BrowserWindow.all[0]?.options.webPreferences?.preload).toBe('/opt/earshot/dist/preload/index.cjs');
  const page = await requestPage();
  expect(page?.headers.get('Content-Security-Policy')).toContain(
    '; connect-src ws://127.0.0.1:40123 ws://127.0.0.1:40124 earshot://app/recordings/ earshot://app/imports/; ',
  );
});

test('the window loads its page while the host starts; until it runs, no page may connect anywhere', async () => {
  let run: (host: Host) => void = () => {};
  startHost.mockReturnValue(
    new Promise((resolve) => {
      run = resolve;
    }),
  );
  await import('./index.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(startHost).toHaveBeenCalled(), 10_000);
  expect(windowAt(0).loaded).toEqual(['earshot://app/index.html']);
  expect(windowAt(0).isVisible()).toBe(false);
  const mayConnect = () => session.defaultSession.requests('ws://127.0.0.1:40123/ws/voice');
  expect(await mayConnect()).toBe(false);
  run(fakeHost());
  await requestPage();
  expect(await mayConnect()).toBe(true);
});

test('tells the host when the machine wakes from sleep', async () => {
  await launch();
  powerMonitor.emit('suspend');
  expect(onSystemResume).not.toHaveBeenCalled();
  powerMonitor.emit('resume');
  expect(onSystemResume).toHaveBeenCalledTimes(1);
});

test('a package refuses the switches with which another program could control it, and logs them once', async () => {
  app.commandLine.appendSwitch('remote-debugging-port', '9222');
  app.commandLine.appendSwitch('lang', 'en');
  await launch();
  expect(app.commandLine.hasSwitch('remote-debugging-port')).toBe(false);
  expect(app.commandLine.hasSwitch('lang')).toBe(true);
  const warnings = log.mock.calls.filter(([, fields]) => fields?.type === 'switches_refused');
  expect(warnings).toEqual([['WARNING', { type: 'switches_refused', names: 'remote-debugging-port' }]]);
});

test('keeps every switch when run from source, because tests need them', async () => {
  app.isPackaged = false;
  app.commandLine.appendSwitch('remote-debugging-port', '9222');
  await launch();
  expect(app.commandLine.hasSwitch('remote-debugging-port')).toBe(true);
  expect(JSON.stringify(log.mock.calls)).not.toContain('switches_refused');
});

test('recognises a package whose program was renamed', async () => {
  app.isPackaged = false;
  vi.spyOn(app, 'getAppPath').mockReturnValue('/tmp/copy/resources/app.asar');
  app.commandLine.appendSwitch('remote-debugging-pipe');
  await launch();
  expect(app.commandLine.hasSwitch('remote-debugging-pipe')).toBe(false);
  expect(windowAt(0).options.webPreferences?.devTools).toBe(false);
});

test('a package does not start with a switch that has already taken effect', async () => {
  const consoleError = vi.spyOn(console, 'error').mockReturnValue();
  app.commandLine.appendSwitch('trace-startup');
  await import('./index.ts');
  expect(app.exits).toEqual([1]);
  expect(consoleError).toHaveBeenCalledWith(expect.stringContaining('--trace-startup'));
  app.ready.resolve();
  await app.ready.promise;
  expect(startHost).not.toHaveBeenCalled();
});

test('offers developer tools when run from source, and not in a package', async () => {
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

test('EARSHOT_DATA_DIR sets the data folder', async () => {
  vi.stubEnv('EARSHOT_DATA_DIR', '/srv/earshot');
  await launch();
  expect(startHost.mock.calls[0]?.[0].dataDir).toBe('/srv/earshot');
});

test('restricts permissions, requests, navigation and foreign bridge calls before the first window opens', async () => {
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

test('forwards calls to the host and its events to every window, and openWindow opens a window', async () => {
  await launch();
  const first = windowAt(0);
  const settings = await ipcMain.invoke(first.webContents, 'earshot:getSettings');
  expect(settings).toEqual({ ok: true, value: DEFAULT_SETTINGS });
  expect(await ipcMain.invoke(first.webContents, 'earshot:openWindow')).toEqual({ ok: true, value: true });
  expect(BrowserWindow.all).toHaveLength(2);
  notify('onSettings', DEFAULT_SETTINGS);
  for (const { webContents } of BrowserWindow.all) expect(webContents.sent).toHaveLength(1);
});

test('limits the number of windows that a page can open', async () => {
  await launch();
  const { webContents } = windowAt(0);
  for (let calls = 0; calls < 60; calls++) {
    expect(await ipcMain.invoke(webContents, 'earshot:openWindow')).toEqual({ ok: true, value: true });
  }
  expect(BrowserWindow.all).toHaveLength(MAX_WINDOWS);
  windowAt(1).close();
  await ipcMain.invoke(webContents, 'earshot:openWindow');
  expect(BrowserWindow.getAllWindows()).toHaveLength(MAX_WINDOWS);
});

test('opens a window from the menu', async () => {
  await launch();
  const file = Menu.template.find(({ label }) => label === '&File')?.submenu as { click?: () => void }[];
  file[0]?.click?.();
  expect(BrowserWindow.all).toHaveLength(2);
});

test('announces only the first window that shows its page on stdout', async () => {
  await launch();
  expect(process.stdout.write).not.toHaveBeenCalledWith('EARSHOT_READY\n');
  BrowserWindow.all[0]?.emit('ready-to-show');
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  BrowserWindow.all[1]?.emit('ready-to-show');
  const lines = vi.mocked(process.stdout.write).mock.calls.filter(([text]) => text === 'EARSHOT_READY\n');
  expect(lines).toHaveLength(1);
});

test('a second instance starts nothing, and the first one comes to the front', async () => {
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

test('a command of the first start reaches its window once the page has subscribed', async () => {
  process.argv = ['/opt/earshot/earshot', '--no-sandbox', '--toggle'];
  await launch();
  const { webContents } = windowAt(0);
  expect(webContents.sent).toEqual([]);
  await ipcMain.invoke(webContents, 'earshot:getDesktop');
  expect(webContents.sent).toEqual([{ channel: 'earshot:onMicCommand', payload: 'toggle' }]);
});

test('a command of a second start reaches the window, and its reply is in the profile', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'earshot-profile-'));
  try {
    vi.spyOn(app, 'getPath').mockReturnValue(profile);
    await launch();
    await ipcMain.invoke(windowAt(0).webContents, 'earshot:getDesktop');
    const reply = 'b'.repeat(32);
    app.emit('second-instance', {}, [], '/', { command: 'status', reply });
    await vi.waitFor(() => expect(windowAt(0).webContents.sent).toHaveLength(1));
    const report = { request: 1, state: 'idle', seconds: null, session: null, level_dbfs: null };
    await ipcMain.invoke(windowAt(0).webContents, 'earshot:reportStatus', report);
    const { request: _, ...status } = report;
    const read = () => JSON.parse(readFileSync(join(profile, `reply-${reply}.json`), 'utf8'));
    await vi.waitFor(() =>
      expect(read()).toEqual({
        ok: true,
        status: { version: '1.2.3', windows: [{ window: windowAt(0).id, current: true, ...status }] },
      }),
    );
  } finally {
    vi.mocked(app.getPath).mockRestore();
    rmSync(profile, { recursive: true });
  }
});

test('wrong arguments start nothing and exit with 2', async () => {
  process.argv = ['/opt/earshot/earshot', '--toggel'];
  await import('./index.ts');
  app.ready.resolve();
  await app.ready.promise;
  expect(app.exits).toEqual([2]);
  expect(writeSync).toHaveBeenCalledExactlyOnceWith(2, expect.stringContaining("'--toggel'"));
  expect(startHost).not.toHaveBeenCalled();
});

test('stops the host once and then exits when the last of two windows closes', async () => {
  await launch();
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  const [first, second] = [windowAt(0), windowAt(1)];
  first.close();
  expect(stop).not.toHaveBeenCalled();
  second.close();
  await vi.waitFor(() => expect(app.exits).toEqual([0]), 10_000);
  expect(stop).toHaveBeenCalledTimes(1);
});

test('explains a host that cannot start, and exits with an error code', async () => {
  const consoleError = vi.spyOn(console, 'error').mockReturnValue();
  startHost.mockRejectedValue(new Error('the disk is full'));
  await import('./index.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(app.exits).toEqual([1]), 10_000);
  expect(dialog.errors.join()).toMatch(/^Earshot could not start: .*Start it again.*the disk is full$/s);
  expect(consoleError).toHaveBeenCalledWith('Earshot could not start: the disk is full');
  expect(BrowserWindow.all.map((window) => window.isVisible())).toEqual([false]);
});

test('the desktop state is complete at the first request, including why updates are off', async () => {
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

test('reads the login item from the system each time a page requests the desktop state', async () => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin');
  await launch();
  const getDesktop = () => ipcMain.invoke(windowAt(0).webContents, 'earshot:getDesktop');
  expect(await getDesktop()).toMatchObject({ value: { login: 'off' } });
  app.openAtLogin = true;
  expect(await getDesktop()).toMatchObject({ value: { login: 'on' } });
});

test.each([
  ["another program's", '/tmp/.mount_terminal', 'unsupported'],
  ["Earshot's own", dirname(process.execPath), 'not_signed'],
])('an AppImage in the environment: %s', async (_whose, APPDIR, why_no_updates) => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('linux');
  vi.stubEnv('APPIMAGE', '/apps/Some.AppImage');
  vi.stubEnv('APPDIR', APPDIR);
  await launch();
  const desktop = await ipcMain.invoke(windowAt(0).webContents, 'earshot:getDesktop');
  expect(desktop).toMatchObject({ value: { why_no_updates } });
});

test('registers the new shortcut after a settings change, and tells every window the result', async () => {
  await launch();
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  notify('onSettings', { ...DEFAULT_SETTINGS, shortcut: 'Control+Shift+M' });
  expect([...globalShortcut.registered.keys()]).toEqual(['Control+Shift+M']);
  for (const { webContents } of BrowserWindow.all) {
    expect(webContents.sent).toContainEqual({
      channel: 'earshot:onDesktop',
      payload: expect.objectContaining({ shortcut: 'on' }),
    });
  }
});

test('the shortcut and the tray send mic commands to a window whose page has subscribed', async () => {
  settings = { ...DEFAULT_SETTINGS, shortcut: 'F8' };
  await launch();
  const { webContents } = windowAt(0);
  await ipcMain.invoke(webContents, 'earshot:getDesktop');
  globalShortcut.registered.get('F8')?.();
  Tray.all[0]?.choose('Start Listening');
  expect(webContents.sent).toEqual([
    { channel: 'earshot:onMicCommand', payload: 'toggle' },
    { channel: 'earshot:onMicCommand', payload: 'start' },
  ]);
});

test('offsets a new window from the previous one', async () => {
  await launch();
  windowAt(0).setBounds({ x: 100, y: 100, width: 700, height: 600 });
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  expect(windowAt(1).options).toMatchObject({ x: 128, y: 128, width: 700, height: 600 });
});

test('copies diagnostics from the Help menu without the secret of this launch', async () => {
  await launch();
  const help = Menu.template.find(({ role }) => role === 'help')?.submenu as { label?: string; click?: () => void }[];
  help.find(({ label }) => label === 'Copy &Diagnostics')?.click?.();
  await vi.waitFor(() => expect(clipboard.text).toContain('Earshot: 1.2.3'), 10_000);
  expect(clipboard.text).toContain('"shortcut":"off"');
  expect(clipboard.text).toContain('APP_STARTED | version=with the [secret]');
  await vi.waitFor(() => expect(dialog.boxes[0]?.options.message).toBe('Copied'));
});

test('asks what to do about a page that hangs, but not while the app is stopping', async () => {
  await launch();
  windowAt(0).emit('unresponsive');
  expect(dialog.boxes).toHaveLength(1);
  stop.mockReturnValue(new Promise(() => {}));
  await ipcMain.invoke(windowAt(0).webContents, 'earshot:openWindow');
  app.quit();
  windowAt(1).emit('unresponsive');
  expect(dialog.boxes).toHaveLength(1);
});

test('applies the chosen theme from the first window on, and follows the setting', async () => {
  settings = { ...DEFAULT_SETTINGS, theme: 'dark' };
  await launch();
  expect(nativeTheme.themeSource).toBe('dark');
  const before = windowAt(0).backgroundColor;
  notify('onSettings', { ...DEFAULT_SETTINGS, theme: 'light' });
  expect(nativeTheme.themeSource).toBe('light');
  expect(windowAt(0).backgroundColor).not.toBe(before);
});
