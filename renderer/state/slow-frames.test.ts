// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSlowFrames, PAUSE_MS } from './slow-frames.ts';

// Vitest's fake clock draws a frame every 16 ms.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('about 20 frames are drawn in a second, though the screen has 60', () => {
  const frames = createSlowFrames();
  let drawn = 0;
  const draw = () => {
    drawn++;
    frames.request(draw);
  };
  frames.request(draw);
  vi.advanceTimersByTime(1_000);
  expect(drawn).toBeGreaterThan(15);
  expect(drawn).toBeLessThanOrEqual(1_000 / PAUSE_MS);
});

test('after a rest, the next frame of the screen is used', () => {
  const frames = createSlowFrames();
  const draw = vi.fn();
  frames.request(draw);
  vi.advanceTimersByTime(5_000);
  expect(draw).toHaveBeenCalledTimes(1);
  frames.request(draw);
  vi.advanceTimersByTime(17);
  expect(draw).toHaveBeenCalledTimes(2);
});

test.each(['before', 'after'])('a request that is cancelled %s its pause draws nothing and leaves no timer', (when) => {
  const frames = createSlowFrames();
  const draw = vi.fn();
  frames.request(draw);
  vi.advanceTimersByTime(17);
  const again = vi.fn();
  const handle = frames.request(again);
  if (when === 'after') vi.advanceTimersByTime(PAUSE_MS);
  frames.cancel(handle);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(again).not.toHaveBeenCalled();
});
