import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BRIDGE_CALLS, BRIDGE_EVENTS, type BridgeHandlers } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { createVoiceMetrics } from '../health/metrics.ts';
import { CALLS_BURST, MAX_REFUSED_CALLS } from '../host/call-budget.ts';
import { type BrowserWindow, FakeWebContents, ipcMain, openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { NO_RECORDINGS } from '../testing/no-recordings.ts';
import { notifyWindows, sendTo, setupIpc } from './ipc.ts';
import { originOf } from './origin.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const log = vi.fn();
function spiesOf<T extends object>(functions: T): T {
  return Object.fromEntries(Object.entries(functions).map(([name, work]) => [name, vi.fn(work)])) as T;
}

const handlers = {
  getAppInfo: vi.fn(() => ({
    version: '1',
    shell: 'desktop' as const,
    platform: 'linux',
    data_dir: '/d',
    system: null,
  })),
  getVoiceAddress: vi.fn(() => ({ url: 'ws://127.0.0.1:1/ws/voice', token: 'secret', accepting: true })),
  getSettings: vi.fn(() => DEFAULT_SETTINGS),
  changeSettings: vi.fn(async () => DEFAULT_SETTINGS),
  takeSettingsProblem: vi.fn(() => ({ problem: null })),
  appendLog: vi.fn(() => undefined),
  getLogHistory: vi.fn((): LogRecord[] | Promise<never> => []),
  listRecordings: vi.fn(async () => ({ recordings: [], next: null, total: 0 })),
  ...spiesOf(NO_RECORDINGS),
  getRecordingUrl: vi.fn(async () => ({ url: `recordings/${'s'.repeat(43)}/a.wav` })),
  beginImport: vi.fn(() => ({ id: 'i'.repeat(43), url: `imports/${'i'.repeat(43)}` })),
  finishImport: vi.fn(() => {
    throw new EarshotError('no_such_import', 'It has ended.');
  }),
  cancelImport: vi.fn(() => undefined),
  endInterruptedTurn: vi.fn(async () => ({ state: 'ended' as const, recordings: [], failure: null })),
  reportTurn: vi.fn(() => undefined),
  reportTalk: vi.fn(() => undefined),
  reportLevel: vi.fn(() => undefined),
  reportStatus: vi.fn(() => undefined),
  getHealth: vi.fn(() => createVoiceMetrics().health()),
  watchHealth: vi.fn(() => createVoiceMetrics().health()),
  openWindow: vi.fn(() => true),
  getDesktop: vi.fn(
    () => ({ shortcut: 'off', login: 'off', update: { state: 'none' }, why_no_updates: null }) as const,
  ),
  getDefaultMicrophone: vi.fn(() => ({ label: '' })),
  restartAudio: vi.fn(() => false),
  openMicrophoneSettings: vi.fn(() => true),
  stepUpdate: vi.fn(() => undefined),
} satisfies BridgeHandlers;

const onCall = vi.fn();
let window: BrowserWindow;
beforeEach(() => {
  resetFake();
  vi.clearAllMocks();
  setupIpc(handlers, log, onCall);
  window = openFakeWindow();
});

test('there is one channel for each call of the contract, and no other', () => {
  expect([...ipcMain.handlers.keys()].sort()).toEqual(
    Object.keys(BRIDGE_CALLS)
      .map((name) => `earshot:${name}`)
      .sort(),
  );
});

test('a call reaches its handler with parsed arguments and returns a value', async () => {
  const answer = await ipcMain.invoke(window.webContents, 'earshot:changeSettings', { theme: 'dark', unknown: 1 });
  expect(answer).toEqual({ ok: true, value: DEFAULT_SETTINGS });
  expect(handlers.changeSettings).toHaveBeenCalledExactlyOnceWith({ theme: 'dark' });
});

test('invalid arguments do not reach the handler', async () => {
  for (const args of [undefined, null, 'x', { id: '../../etc/passwd' }, { id: 1 }]) {
    const answer = await ipcMain.invoke(window.webContents, 'earshot:getRecordingUrl', args);
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad_arguments' } });
  }
  expect(handlers.getRecordingUrl).not.toHaveBeenCalled();
});

test('a typed error is returned with its code and message only', async () => {
  handlers.getRecordingUrl.mockRejectedValueOnce(new EarshotError('no_recording', 'This recording is gone.'));
  expect(await ipcMain.invoke(window.webContents, 'earshot:getRecordingUrl', { id: 'a' })).toEqual({
    ok: false,
    error: { code: 'no_recording', message: 'This recording is gone.' },
  });
  expect(log).not.toHaveBeenCalled();
});

test('an unexpected error is answered and logged', async () => {
  handlers.getSettings.mockImplementationOnce(() => {
    throw new Error('not a function');
  });
  const answer = await ipcMain.invoke(window.webContents, 'earshot:getSettings');
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
  expect(log).toHaveBeenCalledExactlyOnceWith('ERROR', {
    type: 'bridge_call_failed',
    call: 'getSettings',
    detail: 'not a function',
  });
});

describe('H34 a call is refused without running its handler', () => {
  const ours = 'earshot://app/index.html';
  const parent = { url: ours, parent: null };

  test.each([
    ['from a sub-frame of our own page', { url: ours, parent }],
    ['from a foreign sub-frame', { url: 'https://evil.example/', parent }],
    [
      'from a frame of our origin in a foreign page',
      { url: ours, parent: { url: 'https://evil.example/', parent: null } },
    ],
    ['from a nested frame of our origin', { url: ours, parent: { url: ours, parent } }],
    ['from a document that our page wrote', { url: 'about:srcdoc', parent }],
    ['from a blob of our origin', { url: 'blob:earshot://app/0', parent: null }],
    ['from a page over plain HTTP', { url: 'http://app/index.html', parent: null }],
    ['from our page with a user in its address', { url: 'earshot://someone@app/index.html', parent: null }],
    ['from a main frame with a foreign page', { url: 'https://evil.example/', parent: null }],
    ['from another host of our scheme', { url: 'earshot://evil/', parent: null }],
    ['from about:blank', { url: 'about:blank', parent: null }],
    ['from a closed frame', null],
  ])('%s', async (_title, frame) => {
    for (const name of Object.keys(BRIDGE_CALLS)) {
      const answer = await ipcMain.invoke(window.webContents, `earshot:${name}`, undefined, frame as never);
      expect(answer).toMatchObject({ ok: false, error: { code: 'bridge_refused' } });
    }
    for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled();
    expect(onCall).not.toHaveBeenCalled();
    expect(log).toHaveBeenCalledWith('WARNING', {
      type: 'bridge_refused',
      call: 'getVoiceAddress',
      from: frame ? originOf(frame.url) : '',
    });
  });

  test('from a frame that no longer exists', async () => {
    const disposed = {
      get url(): string {
        throw new Error('Render frame was disposed before WebFrameMain could be accessed');
      },
      parent: null,
    };
    const answer = await ipcMain.invoke(window.webContents, 'earshot:getVoiceAddress', undefined, disposed);
    expect(answer).toMatchObject({ ok: false, error: { code: 'bridge_refused' } });
    expect(handlers.getVoiceAddress).not.toHaveBeenCalled();
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', {
      type: 'bridge_refused',
      call: 'getVoiceAddress',
      from: '',
    });
  });

  test('from web contents that are not one of our windows', async () => {
    const otherContents = new FakeWebContents();
    const answer = await ipcMain.invoke(otherContents, 'earshot:getVoiceAddress', undefined, parent as never);
    expect(answer).toMatchObject({ ok: false, error: { code: 'bridge_refused' } });
    expect(handlers.getVoiceAddress).not.toHaveBeenCalled();
  });
});

test('an event is sent to every window on its own channel', () => {
  const second = openFakeWindow();
  notifyWindows('onSettings', DEFAULT_SETTINGS);
  for (const { webContents } of [window, second]) {
    expect(webContents.sent).toEqual([{ channel: 'earshot:onSettings', payload: DEFAULT_SETTINGS }]);
  }
  expect(Object.keys(BRIDGE_EVENTS)).toContain('onSettings');
});

test('a crashed or closed page does not prevent other windows from receiving events', () => {
  const [gone, last] = [openFakeWindow(), openFakeWindow()];
  window.webContents.crashed = true;
  gone.webContents.destroyed = true;
  notifyWindows('onSettings', DEFAULT_SETTINGS);
  expect(window.webContents.sent).toEqual([]);
  expect(gone.webContents.sent).toEqual([]);
  expect(last.webContents.sent).toHaveLength(1);
});

test('the shell gets the calling web contents and the arguments', async () => {
  await ipcMain.invoke(window.webContents, 'earshot:getDesktop');
  expect(onCall).toHaveBeenCalledExactlyOnceWith('getDesktop', window.webContents, undefined);
});

test('an event for one window is not sent to others', () => {
  const second = openFakeWindow();
  sendTo(second.webContents as never, 'onMicCommand', 'toggle');
  expect(second.webContents.sent).toEqual([{ channel: 'earshot:onMicCommand', payload: 'toggle' }]);
  expect(window.webContents.sent).toEqual([]);
});

describe('H72 a compromised page', () => {
  const ask = (call: string, args?: unknown) => ipcMain.invoke(window.webContents, `earshot:${call}`, args);

  test.each([
    ['a shortcut of 400 KB', { shortcut: 'x'.repeat(400_000) }],
    ['a message of 50 MB', 'x'.repeat(50_000_000)],
    ['a thousand nested arrays', Array.from({ length: 1_000 }).reduce<unknown>((inner) => [inner], 1)],
    ['bytes instead of values', new Uint8Array(1_000)],
  ])('that sends %s, which the preload never sends, is ended without running a handler', async (_title, args) => {
    const second = openFakeWindow();
    expect(await ask('changeSettings', args)).toMatchObject({ ok: false, error: { code: 'bridge_busy' } });
    expect([window.webContents.crashed, second.webContents.crashed]).toEqual([true, false]);
    expect([handlers.changeSettings.mock.calls, onCall.mock.calls]).toEqual([[], []]);
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', {
      type: 'window_ended',
      call: 'changeSettings',
      why: 'too large',
    });
  });

  test('that exceeds the rate limit is refused, then ended once; other windows are not affected', async () => {
    const second = openFakeWindow();
    for (let calls = 0; !window.webContents.crashed; calls++) {
      await ask('getSettings');
      if (calls > CALLS_BURST + 2 * MAX_REFUSED_CALLS) throw new Error('it is still asking');
    }
    await ask('getSettings');
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', {
      type: 'window_ended',
      call: 'getSettings',
      why: 'too many calls',
    });
    expect(handlers.getSettings.mock.calls.length).toBeLessThan(CALLS_BURST + MAX_REFUSED_CALLS);
    const answer = await ipcMain.invoke(second.webContents, 'earshot:getSettings', undefined);
    expect(answer).toMatchObject({ ok: true });
  });

  test('a reloaded page is not refused because of calls of the former page', async () => {
    handlers.getLogHistory.mockReturnValueOnce(new Promise<never>(() => undefined));
    void ask('getLogHistory');
    expect(await ask('getLogHistory')).toMatchObject({ error: { code: 'bridge_busy' } });
    window.webContents.emit('did-navigate');
    expect(await ask('getLogHistory')).toMatchObject({ ok: true });
  });
});
