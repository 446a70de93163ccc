import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startPace } from './pace.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the pace of a fake microphone', () => {
  test('is a frame every 20 ms, numbered from 0; stop returns how many there were', () => {
    const numbers: number[] = [];
    const stop = startPace((number) => numbers.push(number));
    vi.advanceTimersByTime(1_000);
    expect(numbers).toEqual(Array.from({ length: 51 }, (_, i) => i));
    expect(stop()).toBe(51);
    vi.advanceTimersByTime(1_000);
    expect(numbers).toHaveLength(51);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('catches up at once after the process was blocked', () => {
    const numbers: number[] = [];
    const stop = startPace((number) => numbers.push(number));
    vi.advanceTimersByTime(100);
    expect(numbers).toHaveLength(6);
    // 200 ms pass without a timer.
    const late = performance.now() + 200;
    vi.spyOn(performance, 'now').mockReturnValue(late);
    vi.advanceTimersToNextTimer();
    expect(numbers).toHaveLength(16);
    stop();
  });
});
