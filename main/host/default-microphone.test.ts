import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  createDefaultMicrophone,
  FAILURES_BEFORE_PAUSE,
  QUERY_PAUSE_MS,
  type RunProgram,
  WATCH_CONNECTS_MS,
  WATCH_MS,
  WATCH_PAUSE_MS,
} from './default-microphone.ts';
import type { WatchChanges } from './pactl-changes.ts';

const SOURCES = JSON.stringify([
  { name: 'alsa.monitor', description: 'Monitor of Speakers', index: 1 },
  { name: 'alsa.mic', description: 'Built-in Microphone', index: 2 },
  { name: 'usb.mic', description: 'Blue Yeti', index: 3 },
]);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A sound server, and the default microphone that it reports. */
function soundServer(over: { run?: RunProgram; platform?: NodeJS.Platform } = {}) {
  const server = { default: 'alsa.mic', change: () => {}, end: () => {} };
  const run = vi.fn<RunProgram>(
    over.run ?? (async (_program, args) => (args[0] === 'get-default-source' ? `${server.default}\n` : SOURCES)),
  );
  const stopWatch = vi.fn();
  const watch = vi.fn<WatchChanges>((onChange, onEnd) => {
    Object.assign(server, { change: onChange, end: onEnd });
    return { stop: stopWatch };
  });
  const now = () => Date.now();
  return {
    server,
    run,
    watch,
    stopWatch,
    microphone: createDefaultMicrophone({ platform: over.platform ?? 'linux', run, watch, now }),
  };
}

test('asks at each call until changes are watched, then once, and again only after a change', async () => {
  const { server, run, microphone } = soundServer();
  await microphone.label();
  server.default = 'usb.mic';
  expect(await microphone.label()).toBe('Blue Yeti');
  server.default = 'alsa.mic';
  await vi.advanceTimersByTimeAsync(WATCH_CONNECTS_MS);
  run.mockClear();
  expect([await microphone.label(), await microphone.label()]).toEqual(['Built-in Microphone', 'Built-in Microphone']);
  expect(run).toHaveBeenCalledTimes(2);
  server.default = 'usb.mic';
  server.change();
  expect([await microphone.label(), await microphone.label()]).toEqual(['Blue Yeti', 'Blue Yeti']);
  expect(run).toHaveBeenCalledTimes(4);
  // The list is read again only for another default.
  server.change();
  await microphone.label();
  expect(run).toHaveBeenCalledTimes(5);
});

test('a change while the name is read makes it outdated', async () => {
  const { server, microphone } = soundServer();
  await microphone.label();
  await vi.advanceTimersByTimeAsync(WATCH_CONNECTS_MS);
  const first = microphone.label();
  server.change();
  await first;
  server.default = 'usb.mic';
  expect(await microphone.label()).toBe('Blue Yeti');
});

test('concurrent calls share one query', async () => {
  const { run, microphone } = soundServer();
  expect(await Promise.all([microphone.label(), microphone.label()])).toHaveLength(2);
  expect(run).toHaveBeenCalledTimes(2);
});

test('changes are watched until nobody has asked for a while', async () => {
  const { watch, stopWatch, run, microphone } = soundServer();
  await microphone.label();
  await vi.advanceTimersByTimeAsync(WATCH_MS - 1);
  await microphone.label();
  await vi.advanceTimersByTimeAsync(WATCH_MS - 1);
  expect(stopWatch).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(stopWatch).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
  const before = run.mock.calls.length;
  await microphone.label();
  expect(watch).toHaveBeenCalledTimes(2);
  expect(run.mock.calls.length).toBeGreaterThan(before);
});

test('a stop ends the watch', async () => {
  const { stopWatch, microphone } = soundServer();
  await microphone.label();
  microphone.stop();
  expect(stopWatch).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('after the sound server ended, the name is read at each call, and changes are watched again later', async () => {
  const { server, run, watch, microphone } = soundServer();
  await microphone.label();
  server.end();
  server.default = 'usb.mic';
  expect(await microphone.label()).toBe('Blue Yeti');
  server.default = 'alsa.mic';
  expect(await microphone.label()).toBe('Built-in Microphone');
  expect(watch).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(WATCH_PAUSE_MS);
  await microphone.label();
  expect(watch).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(WATCH_CONNECTS_MS);
  await microphone.label();
  const before = run.mock.calls.length;
  await microphone.label();
  expect(run).toHaveBeenCalledTimes(before);
});

test.each<[string, RunProgram]>([
  ['a missing program', () => Promise.reject(new Error('ENOENT'))],
  ['output that is not JSON', async () => 'Connection refused'],
  ['a list of another shape', async () => '[{"name":7}]'],
])('returns an empty name after %s and queries again, but rarely after many failures', async (_title, failing) => {
  const { run, microphone } = soundServer({ run: failing });
  for (let i = 0; i < 2 * FAILURES_BEFORE_PAUSE; i++) expect(await microphone.label()).toBe('');
  const queries = () => run.mock.calls.filter(([, args]) => args[0] === 'get-default-source').length;
  expect(queries()).toBe(FAILURES_BEFORE_PAUSE);
  await vi.advanceTimersByTimeAsync(QUERY_PAUSE_MS);
  await microphone.label();
  expect(queries()).toBe(FAILURES_BEFORE_PAUSE + 1);
});

test.each(['darwin', 'win32'] as const)('runs nothing on %s, where Chromium provides the name', async (platform) => {
  const { run, watch, microphone } = soundServer({ platform });
  expect(await microphone.label()).toBe('');
  expect(run).not.toHaveBeenCalled();
  expect(watch).not.toHaveBeenCalled();
});
