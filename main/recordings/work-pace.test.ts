import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WorkPace } from './work-pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a pause takes time, until somebody waits for the end of the work', async () => {
  const pace = new WorkPace();
  const ended = vi.fn();
  void pace.pause().then(ended);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).not.toHaveBeenCalled();
  await vi.runAllTimersAsync();
  expect(ended).toHaveBeenCalledTimes(1);

  void pace.pause().then(ended);
  pace.hurry();
  await pace.pause();
  expect(ended).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});
