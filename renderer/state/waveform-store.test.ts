import { afterEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import type { Waveform } from '../../shared/recording-library.ts';
import {
  createWaveformStore,
  MAX_KEPT_WAVEFORMS,
  MAX_REQUESTED,
  REQUEST_BURST,
  REQUEST_EVERY_MS,
} from './waveform-store.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A host that answers when the test says so. */
function slowHost() {
  const asked: { id: string; answer: (waveform: Waveform) => void; fail: (error: Error) => void }[] = [];
  const getWaveform = vi.fn(
    ({ id }: { id: string; buckets: number }) =>
      new Promise<Waveform>((answer, fail) => {
        asked.push({ id, answer, fail });
      }),
  );
  return { getWaveform, asked, ids: () => asked.map(({ id }) => id) };
}

const settle = () => vi.waitFor(() => undefined);

test('a waveform is requested once, and then is in memory', async () => {
  const getWaveform = vi.fn(async () => ({ peaks: [1, 2] }));
  const store = createWaveformStore({ getWaveform });
  const seen: unknown[] = [];
  store.request('a', 2, (result) => seen.push(result));
  store.request('a', 2, (result) => seen.push(result));
  await vi.waitFor(() => expect(seen).toEqual([{ peaks: [1, 2] }, { peaks: [1, 2] }]));
  expect(getWaveform).toHaveBeenCalledTimes(1);
  expect(store.peek('a', 2)).toEqual({ peaks: [1, 2] });
  expect(store.peek('a', 3)).toBeNull();
});

test('few are requested at the same time, and rows that were scrolled away are not requested', async () => {
  const { getWaveform, asked, ids } = slowHost();
  const store = createWaveformStore({ getWaveform });
  const stops = Array.from({ length: 50 }, (_, i) => store.request(`r${i}`, 4, () => undefined));
  expect(ids()).toEqual(['r0', 'r1', 'r2', 'r3']);
  for (const stop of stops.slice(0, 48)) stop();
  for (const { answer } of asked.slice(0, MAX_REQUESTED)) answer({ peaks: [] });
  await vi.waitFor(() => expect(ids().slice(MAX_REQUESTED)).toEqual(['r49', 'r48']));
});

test('scrolling through thousands of rows stays within the calls that a window may make', async () => {
  vi.useFakeTimers();
  const getWaveform = vi.fn(async () => ({ peaks: [] }));
  const store = createWaveformStore({ getWaveform });
  for (let i = 0; i < 3_000; i++) store.request(`r${i}`, 4, () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(getWaveform).toHaveBeenCalledTimes(REQUEST_BURST);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(getWaveform).toHaveBeenCalledTimes(REQUEST_BURST + 1_000 / REQUEST_EVERY_MS);
});

test('a request that was given up gets no answer', async () => {
  const { getWaveform, asked } = slowHost();
  const store = createWaveformStore({ getWaveform });
  const listener = vi.fn();
  store.request('a', 4, listener)();
  asked[0]?.answer({ peaks: [9] });
  await vi.waitFor(() => expect(store.peek('a', 4)).toEqual({ peaks: [9] }));
  expect(listener).not.toHaveBeenCalled();
});

test('a failure is the host’s sentence, and the next request tries again', async () => {
  const getWaveform = vi
    .fn()
    .mockRejectedValueOnce(new EarshotError('bad_wav', 'This recording is damaged.'))
    .mockRejectedValueOnce(new Error('?'))
    .mockResolvedValueOnce({ peaks: [3] });
  const store = createWaveformStore({ getWaveform });
  const ask = () => new Promise((resolve) => store.request('a', 1, resolve));
  expect(await ask()).toEqual({ failure: 'This recording is damaged.' });
  expect(await ask()).toEqual({ failure: 'The waveform could not be loaded.' });
  expect(await ask()).toEqual({ peaks: [3] });
});

test('the number in memory is bounded; the least recently used is dropped', async () => {
  vi.useFakeTimers();
  const store = createWaveformStore({ getWaveform: async () => ({ peaks: [] }) });
  const ask = async (id: string) => {
    store.request(id, 1, () => undefined);
    await vi.advanceTimersByTimeAsync(REQUEST_EVERY_MS);
  };
  for (let i = 0; i < MAX_KEPT_WAVEFORMS; i++) await ask(`r${i}`);
  store.peek('r0', 1);
  await ask('last');
  expect([store.peek('r0', 1), store.peek('r1', 1), store.peek('last', 1)]).toEqual([
    { peaks: [] },
    null,
    { peaks: [] },
  ]);
});

test('the waveforms of a deleted recording are dropped, of every size', async () => {
  const store = createWaveformStore({ getWaveform: async () => ({ peaks: [] }) });
  for (const buckets of [1, 200]) await new Promise((resolve) => store.request('a', buckets, resolve));
  await new Promise((resolve) => store.request('ab', 1, resolve));
  store.forget(['a']);
  await settle();
  expect([store.peek('a', 1), store.peek('a', 200), store.peek('ab', 1)]).toEqual([null, null, { peaks: [] }]);
});
