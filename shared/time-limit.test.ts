import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endsWithin, settlesWithin } from './time-limit.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('endsWithin returns true for work that ends in time, and leaves no timer', async () => {
  expect(await endsWithin(1_000, Promise.resolve())).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('endsWithin throws the error of work that fails in time', async () => {
  await expect(endsWithin(1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(vi.getTimerCount()).toBe(0);
});

test('endsWithin returns false for work that takes longer, and ignores a later error', async () => {
  let fail: (error: Error) => void = () => undefined;
  const ended = endsWithin(
    1_000,
    new Promise((_resolve, reject) => {
      fail = reject;
    }),
  );
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await ended).toBe(false);
  fail(new Error('too late'));
});

test('settlesWithin counts a failure as the end, with the same limit', async () => {
  expect(await settlesWithin(1_000, Promise.reject(new Error('no')))).toBe(true);
  const ended = settlesWithin(1_000, new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await ended).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});
