import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHealthNotifier, HEALTH_NOTIFY_MS } from './health-notifier.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a change is told a second later, once, and never within the call that reported it', () => {
  const notify = vi.fn();
  const news = createHealthNotifier(notify);
  news.changed();
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS - 1);
  expect(notify).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(notify).toHaveBeenCalledTimes(1);
});

test('while nothing changes nothing is told, and no timer runs', () => {
  const notify = vi.fn();
  const news = createHealthNotifier(notify);
  expect(vi.getTimerCount()).toBe(0);
  news.changed();
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60 * HEALTH_NOTIFY_MS);
  expect(notify).toHaveBeenCalledTimes(1);
});

test('fifty frames a second are told once a second', () => {
  const notify = vi.fn();
  const news = createHealthNotifier(notify);
  for (let ms = 0; ms < 10_000; ms += 20) {
    news.changed();
    vi.advanceTimersByTime(20);
  }
  expect(notify).toHaveBeenCalledTimes(10);
});

test('whatever changes whenever: two tellings are a second apart at least, and the last change is told', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2_500), { minLength: 1, maxLength: 50 }), (pauses) => {
      const told: number[] = [];
      const news = createHealthNotifier(() => told.push(Date.now()));
      let changed = 0;
      for (const pause of pauses) {
        vi.advanceTimersByTime(pause);
        news.changed();
        changed = Date.now();
      }
      vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
      for (const [i, at] of told.entries()) expect(at - (told[i - 1] ?? 0)).toBeGreaterThanOrEqual(HEALTH_NOTIFY_MS);
      expect(told.at(-1)).toBeGreaterThanOrEqual(changed);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('after the stop nothing is told, neither what was waiting nor what comes', () => {
  const notify = vi.fn();
  const news = createHealthNotifier(notify);
  news.changed();
  news.stop();
  news.changed();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
  expect(notify).not.toHaveBeenCalled();
});
