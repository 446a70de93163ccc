import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { micError } from '../capture/mic-problem.ts';
import type { DeviceOptions } from '../capture/microphone.ts';
import { FakeMicrophone } from '../testing/fake-microphone.ts';
import { createMicTest } from './mic-test-store.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', () => 1);
  vi.stubGlobal('cancelAnimationFrame', () => {});
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A frame of 20 ms: an alternation between a value and its negative. */
const frame = (value: number) => Int16Array.from({ length: 320 }, (_, n) => (n % 2 === 0 ? value : -value));

function setUp() {
  const mics: FakeMicrophone[] = [];
  const played: Int16Array[] = [];
  const state = { busy: false, starts: 0, stops: 0, ended: (_played: boolean) => {} };
  const micTest = createMicTest({
    open(options) {
      const mic = new FakeMicrophone({ deviceId: '', ...options } as DeviceOptions);
      mic.flushMs = 0;
      mics.push(mic);
      return mic;
    },
    channel: () => 2,
    isBusy: () => state.busy,
    onStart: () => void state.starts++,
    play(pcm) {
      played.push(pcm);
      const done = new Promise<boolean>((resolve) => {
        state.ended = resolve;
      });
      return { done, stop: () => void state.stops++ };
    },
  });
  const mic = () => {
    const last = mics.at(-1);
    if (!last) throw new Error('no microphone was opened');
    return last;
  };
  const step = () => micTest.getState().step;
  async function record(value: number, frames = 150) {
    mic().setState('ok').allow();
    await vi.advanceTimersByTimeAsync(0);
    for (let n = 0; n < frames; n++) mic().options.events.onFrame(frame(value));
    await vi.advanceTimersByTimeAsync(1);
  }
  return { micTest, mics, mic, played, state, step, record };
}

test('three seconds are recorded from the chosen channel, played back and judged', async () => {
  const { micTest, mic, played, state, step, record } = setUp();
  micTest.start();
  expect([step(), state.starts, mic().options.channel]).toEqual(['opening', 1, 2]);
  await record(8_000);
  expect(step()).toBe('playing');
  expect(mic().state).toBe('off');
  expect(played[0]).toHaveLength(48_000);
  expect(played[0]?.[1]).toBe(-8_000);
  state.ended(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(micTest.getState()).toEqual({ step: 'done', verdict: 'good', problem: null, playFailed: false });
});

test('silence is not played back', async () => {
  const { micTest, played, record } = setUp();
  micTest.start();
  await record(0);
  expect(micTest.getState()).toMatchObject({ step: 'done', verdict: 'silent' });
  expect(played).toEqual([]);
});

test('a microphone that delivers less than three seconds is judged by what it delivered', async () => {
  const { micTest, mic, step, record } = setUp();
  micTest.start();
  await record(8_000, 10);
  expect(step()).toBe('recording');
  mic().setState('stalled');
  await vi.advanceTimersByTimeAsync(6_000);
  expect(micTest.getState()).toMatchObject({ step: 'done', verdict: 'silent' });
});

test('the level is told while it records', async () => {
  const { micTest, mic } = setUp();
  const unsubscribe = micTest.levels.subscribe(() => {});
  micTest.start();
  const draw = vi.fn(() => 1);
  vi.stubGlobal('requestAnimationFrame', draw);
  mic().setState('ok').allow();
  await vi.advanceTimersByTimeAsync(0);
  mic().options.events.onFrame(frame(8_000));
  expect(draw, 'a screen frame was requested').toHaveBeenCalledTimes(1);
  unsubscribe();
  micTest.cancel();
  await vi.advanceTimersByTimeAsync(1);
});

test.each(['opening', 'recording', 'playing'] as const)('cancelled while %s: everything is released', async (when) => {
  const { micTest, mic, state, step, record } = setUp();
  micTest.start();
  if (when === 'opening') await vi.advanceTimersByTimeAsync(0);
  else await record(8_000, when === 'recording' ? 10 : 150);
  expect(step()).toBe(when);
  micTest.cancel();
  expect(step()).toBe('idle');
  mic().allow();
  state.ended(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(mic().state).toBe('off');
  expect([step(), state.stops]).toEqual(['idle', when === 'playing' ? 1 : 0]);
  // Frames that come late change nothing.
  mic().options.events.onFrame(frame(8_000));
  expect(step()).toBe('idle');
});

test('not during a turn, and one test at a time', async () => {
  const { micTest, mics, state, step } = setUp();
  state.busy = true;
  micTest.start();
  expect([mics.length, step(), state.starts]).toEqual([0, 'idle', 0]);
  state.busy = false;
  micTest.start();
  micTest.start();
  expect(mics).toHaveLength(1);
  micTest.cancel();
  mics[0]?.allow();
  await vi.advanceTimersByTimeAsync(1);
});

test('a microphone that can’t be opened, or is unplugged, is a problem with a name; another test can follow', async () => {
  const { micTest, mics, mic, record } = setUp();
  micTest.start();
  mic().fail(micError('mic_missing'));
  await vi.advanceTimersByTimeAsync(1);
  expect(micTest.getState()).toMatchObject({ step: 'done', problem: 'mic_missing', verdict: null });
  micTest.start();
  await record(8_000, 10);
  mic().unplug();
  await vi.advanceTimersByTimeAsync(1);
  expect(micTest.getState()).toMatchObject({ step: 'done', problem: 'mic_unplugged' });
  expect(mics.map(({ state }) => state)).toEqual(['off', 'off']);
});

test('a playback that fails does not hide the verdict', async () => {
  const { micTest, state, record } = setUp();
  micTest.start();
  await record(100);
  state.ended(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(micTest.getState()).toMatchObject({ step: 'done', verdict: 'quiet', playFailed: true });
});
