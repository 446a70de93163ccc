import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FRAME_SAMPLES } from '../shared/audio-format.ts';
import type { BridgeAnswer, BridgeCallName, BridgeResult } from '../shared/bridge.ts';
import { RecordingInfo } from '../shared/recording.ts';
import { TestVoiceClient } from '../testing/voice-client.ts';

// Tests main/index.ts with the real host and a fake Electron.

vi.mock('electron', () => import('./testing/fake-electron.ts'));
// These would end the test process.
vi.mock('./host/end-process.ts', () => ({ endProcess: (exit: () => void) => exit() }));
vi.mock('./host/exit-watchdog.ts', () => ({ startExitWatchdog: () => ({ arm: () => true, hurry: () => true }) }));
// The handlers of this process belong to the test.
vi.mock('./desktop/unexpected-errors.ts', () => ({ setupUnexpectedErrors: () => ({ logTo() {} }) }));
// Does not query the developer's desktop.
vi.mock('./desktop/tray-host.ts', () => ({ hasStatusNotifier: async () => true }));
type Fake = typeof import('./testing/fake-electron.ts');
type FakeWindow = InstanceType<Fake['BrowserWindow']>;
type FakeContents = InstanceType<Fake['FakeWebContents']>;
const { app, BrowserWindow, globalShortcut, ipcMain, Notification, powerSaveBlocker, protocol, resetFake, Tray } =
  (await import('electron')) as unknown as Fake;

const TIMEOUT_MS = 10_000;
let dataDir: string;
beforeEach(async () => {
  resetFake();
  vi.resetModules();
  dataDir = await mkdtemp(join(tmpdir(), 'earshot-desktop-'));
  vi.stubEnv('EARSHOT_DATA_DIR', dataDir);
  vi.stubEnv('XDG_CONFIG_HOME', join(dataDir, 'config'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await import('./index.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(BrowserWindow.all).toHaveLength(1), TIMEOUT_MS);
  await pageServed();
  // Electron drops what is sent to a window before its page exists.
  windowAt(0).webContents.sent.length = 0;
  windowAt(0).emit('ready-to-show');
});
afterEach(async () => {
  await quit();
  vi.unstubAllEnvs();
  await rm(dataDir, { recursive: true, force: true });
});

/** The page is answered once the host runs and everything is set up. */
async function pageServed(): Promise<void> {
  await protocol.handlers.get('earshot')?.({ url: 'earshot://app/', method: 'GET' });
}

/** Quits the app, unless it is already quitting, and waits for its end. */
async function quit(): Promise<void> {
  app.quit();
  await vi.waitFor(() => expect(app.exits).toEqual([0]), TIMEOUT_MS);
}

function windowAt(index: number): FakeWindow {
  const window = BrowserWindow.all[index];
  if (!window) throw new Error(`no window ${index}`);
  return window;
}

async function call<Name extends BridgeCallName>(contents: FakeContents, name: Name, args?: unknown) {
  const answer = (await ipcMain.invoke(contents, `earshot:${name}`, args)) as BridgeAnswer;
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as BridgeResult<Name>;
}

async function openSecond(): Promise<FakeWindow> {
  expect(await call(windowAt(0).webContents, 'openWindow')).toBe(true);
  return windowAt(1);
}

/** Connects as a window's page does: requests the address and connects with Chromium's Origin. */
async function connectPage({ webContents }: FakeWindow, origin = 'earshot://app'): Promise<TestVoiceClient> {
  await call(webContents, 'getDesktop');
  const { url, token } = await call(webContents, 'getVoiceAddress');
  const page = new TestVoiceClient({ url: `${url}?user_id=me`, token, origin });
  const refused = once(page.socket, 'error').then(([error]) => Promise.reject(error));
  refused.catch(() => {});
  await Promise.race([page.until('connected'), refused]);
  return page;
}

/** Starts a turn and sends 400 ms of audio; resolves when the server has acknowledged audio. */
async function speak(page: TestVoiceClient): Promise<void> {
  await page.startTurn();
  page.sendFrames(0, 19);
  await page.until('audio_ack');
}

const sentTo = ({ webContents }: FakeWindow, event: string) =>
  webContents.sent.filter(({ channel }) => channel === `earshot:${event}`).map(({ payload }) => payload);

/** The descriptions of all recordings on disk. */
async function recordings(): Promise<RecordingInfo[]> {
  const dir = join(dataDir, 'recordings');
  const names = (await readdir(dir)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => RecordingInfo.parse(JSON.parse(await readFile(join(dir, name), 'utf8')))),
  );
}

test('H26 two windows, two sessions, one log; a foreign page is refused; a quit closes both with 1001', async () => {
  const second = await openSecond();
  const one = await connectPage(windowAt(0));
  const two = await connectPage(second);
  expect(one.session).not.toBe(two.session);
  // Both windows receive the whole log of the server.
  for (const window of BrowserWindow.all) {
    await vi.waitFor(
      () =>
        expect(JSON.stringify(sentTo(window, 'onLogRecords'))).toContain(
          `"event":"WS_CONNECT","fields":{"session":"${two.session}"`,
        ),
      TIMEOUT_MS,
    );
  }
  await expect(connectPage(windowAt(0), 'https://evil.example')).rejects.toThrow('403');
  const codes = Promise.all([one.closed, two.closed]);
  await quit();
  expect((await codes).map(({ code }) => code)).toEqual([1001, 1001]);
});

test('a quit during a turn closes with 1001, and the recording is complete on disk before the app ends', async () => {
  const page = await connectPage(windowAt(0));
  await speak(page);
  const closed = page.closed;
  const exit = vi.spyOn(app, 'exit');
  let onDisk: RecordingInfo[] = [];
  const ended = new Promise<void>((resolve) => {
    exit.mockImplementation((status: number) => {
      app.exits.push(status);
      resolve();
    });
  });
  app.quit();
  expect((await closed).code).toBe(1001);
  await ended;
  onDisk = await recordings();
  expect(onDisk).toEqual([expect.objectContaining({ session_id: page.session, complete: true, duration_s: 0.4 })]);
  expect(onDisk[0]).not.toHaveProperty('repaired');
  expect(app.exits).toEqual([0]);
});

test('H26 a page that crashes during a turn is logged and reloaded, and another window is not affected', async () => {
  const first = windowAt(0);
  const second = await openSecond();
  const [one, two] = [await connectPage(first), await connectPage(second)];
  await Promise.all([speak(one), speak(two)]);
  // Its socket ends with its process, without a closing handshake.
  one.socket.terminate();
  first.webContents.die('crashed', 139);
  expect(first.webContents.reloads).toBe(1);
  expect(second.webContents.reloads).toBe(0);

  two.sendFrame(20, new Int16Array(FRAME_SAMPLES));
  two.send({ event: 'stop' });
  await vi.waitFor(async () => expect(sentTo(second, 'onRecordingSaved')).toHaveLength(1), TIMEOUT_MS);
  expect(sentTo(second, 'onRecordingSaved')).toEqual([
    expect.objectContaining({ session_id: two.session, duration_s: 0.42 }),
  ]);

  // The reloaded page gets the whole log, with its own crash.
  await vi.waitFor(async () => {
    const history = JSON.stringify(await call(first.webContents, 'getLogHistory'));
    expect(history).toContain(`"event":"WS_CONNECT","fields":{"session":"${one.session}"`);
    expect(history).toContain('window_process_gone');
    expect(history).toContain('SESSION_LOST');
  }, TIMEOUT_MS);
});

test('a second start shows the existing window', async () => {
  windowAt(0).minimized = true;
  app.emit('second-instance');
  expect(BrowserWindow.all).toHaveLength(1);
  expect(windowAt(0)).toMatchObject({ focused: true, minimized: false });
});

test('tray, power save blocker and notification follow a turn that is stopped in the tray and saved while hidden', async () => {
  const window = windowAt(0);
  const page = await connectPage(window);
  expect(Tray.all[0]?.toolTip).toBe('Earshot');
  await speak(page);
  expect(Tray.all[0]?.toolTip).toBe('Earshot is listening');
  expect([...powerSaveBlocker.started.values()]).toEqual(['prevent-app-suspension']);

  Tray.all[0]?.choose('Stop Listening');
  expect(sentTo(window, 'onMicCommand')).toEqual(['stop']);
  window.hide();
  page.send({ event: 'stop' });
  await vi.waitFor(() => expect(Notification.shown).toHaveLength(1), TIMEOUT_MS);
  expect(Tray.all[0]?.toolTip).toBe('Earshot');
  expect(powerSaveBlocker.started.size).toBe(0);
  Notification.shown[0]?.emit('click');
  expect(window.shown).toBe(true);
});

test('the shortcut chosen in one window presses the mic of the window used last', async () => {
  const second = await openSecond();
  for (const window of BrowserWindow.all) await call(window.webContents, 'getDesktop');
  await call(windowAt(0).webContents, 'changeSettings', { shortcut: 'CommandOrControl+Shift+M' });
  for (const window of BrowserWindow.all) {
    expect(sentTo(window, 'onDesktop')).toEqual([expect.objectContaining({ shortcut: 'on' })]);
  }
  second.focus();
  second.blur();
  globalShortcut.registered.get('CommandOrControl+Shift+M')?.();
  expect(sentTo(second, 'onMicCommand')).toEqual(['toggle']);
  expect(sentTo(windowAt(0), 'onMicCommand')).toEqual([]);
});

test('actions that need a signed package fail with a message', async () => {
  await expect(call(windowAt(0).webContents, 'stepUpdate', 'install')).rejects.toThrow('There is no update');
  if (process.platform === 'linux') expect(await call(windowAt(0).webContents, 'openMicrophoneSettings')).toBe(false);
});

test('a quit writes unsaved window bounds for the next launch', async () => {
  windowAt(0).setBounds({ x: 200, y: 150, width: 640, height: 560 });
  await quit();
  expect(JSON.parse(await readFile(join(dataDir, 'window.json'), 'utf8'))).toEqual({
    x: 200,
    y: 150,
    width: 640,
    height: 560,
    mode: 'normal',
  });
});

test('windows learn the languages and the region of the system, which may differ', async () => {
  await quit();
  resetFake();
  vi.resetModules();
  vi.spyOn(app, 'getPreferredSystemLanguages').mockReturnValue(['en-US', 'de']);
  vi.spyOn(app, 'getSystemLocale').mockReturnValue('de-AT');
  await import('./index.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(BrowserWindow.all).toHaveLength(1), TIMEOUT_MS);
  await pageServed();
  const { webContents } = windowAt(0);
  expect((await call(webContents, 'getAppInfo')).system).toEqual({ languages: ['en-US', 'de'], locale: 'de-AT' });
  vi.restoreAllMocks();
});

test('the tray and the errors that windows show follow the language of the settings', async () => {
  const { webContents } = windowAt(0);
  const tray = () => Tray.all[0]?.menu.map(({ label }) => label)[0];
  const failure = async () => {
    const answer = await ipcMain.invoke(webContents, 'earshot:getRecordingUrl', { id: 'none' });
    return (answer as Extract<BridgeAnswer, { ok: false }>).error.message;
  };
  expect([tray(), (await failure()).slice(0, 36)]).toEqual(['Start Listening', 'This recording no longer exists. It ']);
  await call(webContents, 'changeSettings', { language: 'de' });
  expect(tray()).toBe('Aufnahme starten');
  expect(await failure()).toMatch(/^Diese Aufnahme gibt es nicht mehr\./);
  await call(webContents, 'changeSettings', { language: 'system' });
  expect(tray()).toBe('Start Listening');
});
