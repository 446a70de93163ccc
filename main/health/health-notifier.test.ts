import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHealthNews, HEALTH_NEWS_MS } from './health-notifier.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a change is told a second later, once, and never within the call that reported it', () => {
  const tell = vi.fn();
  const news = createHealthNews(tell);
  news.changed();
  vi.advanceTimersByTime(HEALTH_NEWS_MS - 1);
  expect(tell).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(tell).toHaveBeenCalledTimes(1);
});

test('while nothing changes nothing is told, and no timer runs', () => {
  const tell = vi.fn();
  const news = createHealthNews(tell);
  expect(vi.getTimerCount()).toBe(0);
  news.changed();
  vi.advanceTimersByTime(HEALTH_NEWS_MS);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60 * HEALTH_NEWS_MS);
  expect(tell).toHaveBeenCalledTimes(1);
});

test('fifty frames a second are told once a second', () => {
  const tell = vi.fn();
  const news = createHealthNews(tell);
  for (let ms = 0; ms < 10_000; ms += 20) {
    news.changed();
    vi.advanceTimersByTime(20);
  }
  expect(tell).toHaveBeenCalledTimes(10);
});

test('whatever changes whenever: two tellings are a second apart at least, and the last change is told', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2_500), { minLength: 1, maxLength: 50 }), (pauses) => {
      const told: number[] = [];
      const news = createHealthNews(() => told.push(Date.now()));
      let changed = 0;
      for (const pause of pauses) {
        vi.advanceTimersByTime(pause);
        news.changed();
        changed = Date.now();
      }
      vi.advanceTimersByTime(HEALTH_NEWS_MS);
      for (const [i, at] of told.entries()) expect(at - (told[i - 1] ?? 0)).toBeGreaterThanOrEqual(HEALTH_NEWS_MS);
      expect(told.at(-1)).toBeGreaterThanOrEqual(changed);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('after the stop nothing is told, neither what was waiting nor what comes', () => {
  const tell = vi.fn();
  const news = createHealthNews(tell);
  news.changed();
  news.stop();
  news.changed();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(HEALTH_NEWS_MS);
  expect(tell).not.toHaveBeenCalled();
});
