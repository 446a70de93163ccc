import { afterEach, expect, test, vi } from 'vitest';
import {
  createEventLoopDelay,
  type DelayHistogram,
  KEEP_SAMPLING_MS,
  RESOLUTION_MS,
  ROTATE_MS,
} from './event-loop-delay.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A fake histogram that records values in ns and returns the largest as every percentile. */
function fakeHistogram() {
  let values: number[] = [];
  const state = { enabled: false, resets: 0 };
  const histogram: DelayHistogram = {
    get count() {
      return values.length;
    },
    percentile: (percentile) => Math.max(0, ...values) - (100 - percentile) * 1e4,
    enable: () => {
      state.enabled = true;
      return true;
    },
    disable: () => {
      state.enabled = false;
      return true;
    },
    reset: () => {
      values = [];
      state.resets += 1;
    },
  };
  return { histogram, state, record: (ms: number) => values.push(ms * 1e6) };
}

/** Starts with sampling active by default. */
function start({ active = true } = {}) {
  const fakes: ReturnType<typeof fakeHistogram>[] = [];
  const delay = createEventLoopDelay(() => {
    const fake = fakeHistogram();
    fakes.push(fake);
    return fake.histogram;
  });
  if (active) delay.setActive(true);
  const samples = () => fakes.every(({ state }) => state.enabled);
  const record = (ms: number) => {
    for (const fake of fakes) if (fake.state.enabled) fake.record(ms);
  };
  return { delay, fakes, record, samples };
}

test('returns null before the first sample', () => {
  const { delay } = start();
  expect(delay.quantiles()).toBeNull();
  delay.stop();
});

test('subtracts the sampling interval from each sample', () => {
  const { delay, record } = start();
  record(RESOLUTION_MS + 12);
  const quantiles = delay.quantiles();
  expect(quantiles?.p99).toBeCloseTo(12 - 0.01, 6);
  expect(quantiles?.p50).toBeCloseTo(12 - 0.5, 6);
  delay.stop();
});

test('does not report a negative delay for an early sample', () => {
  const { delay, record } = start();
  record(RESOLUTION_MS - 1);
  expect(delay.quantiles()).toEqual({ p50: 0, p95: 0, p99: 0 });
  delay.stop();
});

test('reports a delay for at least half a minute and at most a minute', () => {
  vi.useFakeTimers();
  const STEP_MS = 5_000;
  for (let before = 0; before < 2 * ROTATE_MS; before += STEP_MS) {
    const { delay, record } = start();
    /** Advances the time without any delay of the loop. */
    const pass = (ms: number) => {
      for (let gone = 0; gone < ms; gone += STEP_MS) {
        vi.advanceTimersByTime(STEP_MS);
        record(RESOLUTION_MS);
      }
    };
    pass(before);
    record(RESOLUTION_MS + 500);
    pass(ROTATE_MS - STEP_MS);
    expect(delay.quantiles()?.p99, `after ${before} ms`).toBeGreaterThan(400);
    pass(ROTATE_MS + STEP_MS);
    expect(delay.quantiles()?.p99, `after ${before} ms`).toBeLessThan(1);
    delay.stop();
  }
});

test('stop disables both histograms and leaves no timer', () => {
  vi.useFakeTimers();
  const { delay, fakes } = start();
  expect(fakes.map(({ state }) => state.enabled)).toEqual([true, true]);
  delay.stop();
  expect(fakes.map(({ state }) => state.enabled)).toEqual([false, false]);
  expect(vi.getTimerCount()).toBe(0);
});

test('does not sample or run a timer until it is needed', () => {
  vi.useFakeTimers();
  const { fakes, delay } = start({ active: false });
  expect(fakes.some(({ state }) => state.enabled)).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
  expect(delay.quantiles()).toBeNull();
});

test('samples for a while after a read; each further read restarts that time', () => {
  vi.useFakeTimers();
  const { delay, samples } = start({ active: false });
  delay.keepSampling();
  expect(samples()).toBe(true);
  vi.advanceTimersByTime(KEEP_SAMPLING_MS - 1);
  delay.keepSampling();
  vi.advanceTimersByTime(KEEP_SAMPLING_MS - 1);
  expect(samples()).toBe(true);
  vi.advanceTimersByTime(1);
  expect(samples()).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test('samples while active, regardless of reads', () => {
  vi.useFakeTimers();
  const { delay, samples } = start();
  delay.keepSampling();
  vi.advanceTimersByTime(2 * KEEP_SAMPLING_MS);
  expect(samples()).toBe(true);
  delay.setActive(false);
  expect(samples()).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test('returns null once sampling has ended, not the last value or 0', () => {
  const { delay, record } = start();
  record(RESOLUTION_MS + 12);
  expect(delay.quantiles()).not.toBeNull();
  delay.setActive(false);
  expect(delay.quantiles()).toBeNull();
  delay.setActive(true);
  expect(delay.quantiles()).toBeNull();
  record(RESOLUTION_MS + 3);
  expect(delay.quantiles()?.p99).toBeCloseTo(3 - 0.01, 6);
  delay.stop();
});

test('does not start sampling after stop', () => {
  vi.useFakeTimers();
  const { delay, samples } = start({ active: false });
  delay.stop();
  delay.keepSampling();
  delay.setActive(true);
  expect(samples()).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test('reports a blocked loop, in the units of the real histogram', async () => {
  const delay = createEventLoopDelay();
  delay.setActive(true);
  // Wait for the first sample, because each sample is measured from the previous one.
  await vi.waitFor(() => expect(delay.quantiles()).not.toBeNull(), { timeout: 10_000, interval: 5 });
  const began = performance.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  const blockedMs = performance.now() - began;
  // The blocked time, minus up to one sampling interval, with 3 digits of precision.
  await vi.waitFor(() => expect(delay.quantiles()?.p99).toBeGreaterThan((blockedMs - 2 * RESOLUTION_MS) * 0.99), {
    timeout: 10_000,
    interval: 5,
  });
  delay.stop();
});
