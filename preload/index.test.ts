import { beforeAll, expect, test, vi } from 'vitest';
import { BRIDGE_CALLS, BRIDGE_EVENTS } from '../shared/bridge.ts';

const { worlds, ipcRenderer } = vi.hoisted(() => {
  type Heard = (event: unknown, payload: unknown) => void;
  const listeners: { channel: string; heard: Heard }[] = [];
  const ipcRenderer = {
    listeners,
    invoke: vi.fn(async () => ({ ok: true, value: 'answer' })),
    on(channel: string, heard: Heard) {
      listeners.push({ channel, heard });
      return ipcRenderer;
    },
    off(channel: string, heard: Heard) {
      const index = listeners.findIndex((entry) => entry.channel === channel && entry.heard === heard);
      if (index >= 0) listeners.splice(index, 1);
      return ipcRenderer;
    },
  };
  return { worlds: new Map<string, Record<string, (argument?: unknown) => unknown>>(), ipcRenderer };
});
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: never) => worlds.set(name, api) },
  ipcRenderer,
}));

let api: Record<string, (argument?: unknown) => unknown>;
beforeAll(async () => {
  await import('./index.ts');
  api = worlds.get('earshot') ?? {};
});

test('H34 the page gets exactly the contract: a function a call, a function an event, nothing else', () => {
  expect([...worlds.keys()]).toEqual(['earshot']);
  expect(Object.keys(api).sort()).toEqual([...Object.keys(BRIDGE_CALLS), ...Object.keys(BRIDGE_EVENTS)].sort());
  expect(Object.values(api).every((member) => typeof member === 'function')).toBe(true);
});

test('H34 the surface, name by name', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "appendLog",
      "changeSettings",
      "endInterruptedTurn",
      "getAppInfo",
      "getDefaultMicrophone",
      "getDesktop",
      "getHealth",
      "getLogHistory",
      "getRecordingUrl",
      "getSettings",
      "getVoiceAddress",
      "listRecordings",
      "onDescriptionMissing",
      "onDesktop",
      "onHealth",
      "onLogRecords",
      "onMicCommand",
      "onRecordingDelayed",
      "onRecordingDiscarded",
      "onRecordingFailed",
      "onRecordingSaved",
      "onSettings",
      "onVoiceAddress",
      "openMicrophoneSettings",
      "openWindow",
      "reportTurn",
      "restartAudio",
      "stepUpdate",
      "watchHealth",
    ]
  `);
});

test('a call invokes its own channel and hands the answer through as it is', async () => {
  expect(await api.changeSettings?.({ theme: 'dark' })).toEqual({ ok: true, value: 'answer' });
  expect(ipcRenderer.invoke).toHaveBeenCalledExactlyOnceWith('earshot:changeSettings', { theme: 'dark' });
});

test('a listener hears the payload and never the event, until it unsubscribes', () => {
  const listener = vi.fn();
  const unsubscribe = api.onSettings?.(listener) as () => unknown;
  const [entry] = ipcRenderer.listeners;
  expect(entry?.channel).toBe('earshot:onSettings');
  entry?.heard({ sender: 'electron' }, { theme: 'dark' });
  expect(listener.mock.calls).toEqual([[{ theme: 'dark' }]]);
  // Not ipcRenderer, which `off` returns.
  expect(unsubscribe()).toBeUndefined();
  expect(ipcRenderer.listeners).toEqual([]);
});

test('two subscriptions of one listener end one by one', () => {
  const listener = vi.fn();
  const [first, second] = [api.onSettings?.(listener), api.onSettings?.(listener)] as (() => void)[];
  first?.();
  expect(ipcRenderer.listeners).toHaveLength(1);
  second?.();
  expect(ipcRenderer.listeners).toEqual([]);
});
