import { beforeAll, expect, test, vi } from 'vitest';
import { BRIDGE_CALLS, BRIDGE_EVENTS } from '../shared/bridge.ts';

const { exposed, ipcRenderer } = vi.hoisted(() => {
  type Listener = (event: unknown, payload: unknown) => void;
  const listeners: { channel: string; listener: Listener }[] = [];
  const ipcRenderer = {
    listeners,
    invoke: vi.fn(async () => ({ ok: true, value: 'answer' })),
    on(channel: string, listener: Listener) {
      listeners.push({ channel, listener });
      return ipcRenderer;
    },
    off(channel: string, listener: Listener) {
      const index = listeners.findIndex((entry) => entry.channel === channel && entry.listener === listener);
      if (index >= 0) listeners.splice(index, 1);
      return ipcRenderer;
    },
  };
  return { exposed: new Map<string, Record<string, (argument?: unknown) => unknown>>(), ipcRenderer };
});
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: never) => exposed.set(name, api) },
  ipcRenderer,
}));

let api: Record<string, (argument?: unknown) => unknown>;
beforeAll(async () => {
  await import('./index.ts');
  api = exposed.get('earshot') ?? {};
});

test('H34 the page gets one function for each call and event of the contract, and nothing else', () => {
  expect([...exposed.keys()]).toEqual(['earshot']);
  expect(Object.keys(api).sort()).toEqual([...Object.keys(BRIDGE_CALLS), ...Object.keys(BRIDGE_EVENTS)].sort());
  expect(Object.values(api).every((member) => typeof member === 'function')).toBe(true);
});

test('H34 the exposed names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "appendLog",
      "beginImport",
      "cancelDownload",
      "cancelImport",
      "cancelRecordingsMove",
      "changeSettings",
      "chooseRecordingsFolder",
      "chooseSaveFolder",
      "deleteRecordings",
      "describeRecording",
      "dragRecordings",
      "endInterruptedTurn",
      "finishImport",
      "getAppInfo",
      "getDefaultMicrophone",
      "getDesktop",
      "getHealth",
      "getLogHistory",
      "getRecordingUrl",
      "getRecordingsFolder",
      "getSettings",
      "getVoiceAddress",
      "getWaveform",
      "listRecordings",
      "onDescriptionMissing",
      "onDesktop",
      "onDownload",
      "onHealth",
      "onLevelsWanted",
      "onLogRecords",
      "onMicCommand",
      "onRecordingChanged",
      "onRecordingDelayed",
      "onRecordingDiscarded",
      "onRecordingFailed",
      "onRecordingSaved",
      "onRecordingsFolder",
      "onRecordingsRemoved",
      "onSettings",
      "onStatusRequest",
      "onVoiceAddress",
      "openMicrophoneSettings",
      "openRecordingsFolder",
      "openWindow",
      "previewRetention",
      "reportLevel",
      "reportStatus",
      "reportTalk",
      "reportTurn",
      "restartAudio",
      "restoreRecordings",
      "saveNextToFolder",
      "showDownload",
      "showLogFile",
      "showRecording",
      "stepUpdate",
      "takeSettingsProblem",
      "trimRecording",
      "useDefaultRecordingsFolder",
      "watchHealth",
    ]
  `);
});

test('a call invokes its channel and returns the answer unchanged', async () => {
  expect(await api.changeSettings?.({ theme: 'dark' })).toEqual({ ok: true, value: 'answer' });
  expect(ipcRenderer.invoke).toHaveBeenCalledExactlyOnceWith('earshot:changeSettings', { theme: 'dark' });
});

test('a listener gets the payload without the event until it unsubscribes', () => {
  const listener = vi.fn();
  const unsubscribe = api.onSettings?.(listener) as () => unknown;
  const [entry] = ipcRenderer.listeners;
  expect(entry?.channel).toBe('earshot:onSettings');
  entry?.listener({ sender: 'electron' }, { theme: 'dark' });
  expect(listener.mock.calls).toEqual([[{ theme: 'dark' }]]);
  // `off` returns ipcRenderer, which must not reach the page.
  expect(unsubscribe()).toBeUndefined();
  expect(ipcRenderer.listeners).toEqual([]);
});

test('two subscriptions of one listener are independent', () => {
  const listener = vi.fn();
  const [first, second] = [api.onSettings?.(listener), api.onSettings?.(listener)] as (() => void)[];
  first?.();
  expect(ipcRenderer.listeners).toHaveLength(1);
  second?.();
  expect(ipcRenderer.listeners).toEqual([]);
});
