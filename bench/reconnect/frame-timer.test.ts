import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startFrameTimer } from './frame-timer.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the frame timer', () => {
  test('emits a frame every 20 ms, numbered from 0, and stop returns their number', () => {
    const numbers: number[] = [];
    const stop = startFrameTimer((number) => numbers.push(number));
    vi.advanceTimersByTime(1_000);
    expect(numbers).toEqual(Array.from({ length: 51 }, (_, i) => i));
    expect(stop()).toBe(51);
    vi.advanceTimersByTime(1_000);
    expect(numbers).toHaveLength(51);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('catches up at once after the process was blocked', () => {
    const numbers: number[] = [];
    const stop = startFrameTimer((number) => numbers.push(number));
    vi.advanceTimersByTime(100);
    expect(numbers).toHaveLength(6);
    // 200 ms pass, but no timer fires.
    const late = performance.now() + 200;
    vi.spyOn(performance, 'now').mockReturnValue(late);
    vi.advanceTimersToNextTimer();
    expect(numbers).toHaveLength(16);
    stop();
  });
});
