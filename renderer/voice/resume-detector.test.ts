import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeNetwork } from '../testing/client-rig.ts';
import { detectResume } from './resume-detector.ts';

const received: string[] = [];
let network: FakeNetwork;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  received.length = 0;
  network = new FakeNetwork();
  stop = detectResume({
    network,
    onWoke: (ms) => received.push(`woke ${ms}`),
    onOnline: () => received.push('online'),
  });
});
afterEach(() => {
  stop();
  expect([vi.getTimerCount(), network.listeners]).toEqual([0, 0]);
  vi.useRealTimers();
});

/** Runs the next clock check `late` ms after its time. */
function checkLate(late: number): void {
  vi.setSystemTime(Date.now() + late);
  vi.advanceTimersByTime(1_000);
}

describe('H22 the wall clock', () => {
  test('running normally: nothing is reported', () => {
    vi.advanceTimersByTime(3_600_000);
    expect(received).toEqual([]);
  });

  test('a delay of 5 s is a busy page; more is a sleep', () => {
    checkLate(5_000);
    expect(received).toEqual([]);
    checkLate(5_001);
    expect(received).toEqual(['woke 5001']);
  });

  test('each sleep is reported once', () => {
    checkLate(60_000);
    vi.advanceTimersByTime(60_000);
    checkLate(3_600_000);
    expect(received).toEqual(['woke 60000', 'woke 3600000']);
  });

  test('set back is not a sleep, and does not hide one', () => {
    checkLate(-3_600_000);
    expect(received).toEqual([]);
    checkLate(60_000);
    expect(received).toEqual(['woke 60000']);
  });

  test('a monotonic clock that advanced too: woken, with no missing time', () => {
    vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + 61_000);
    checkLate(60_000);
    expect(received).toEqual(['woke 0']);
  });

  test('many short delays do not add up to a sleep', () => {
    for (let i = 0; i < 20; i++) checkLate(900);
    expect(received).toEqual([]);
  });
});

describe('the network', () => {
  test('each return is reported', () => {
    for (let i = 0; i < 2; i++) network.dispatchEvent(new Event('online'));
    network.dispatchEvent(new Event('offline'));
    expect(received).toEqual(['online', 'online']);
  });

  test('is optional', () => {
    const stopOther = detectResume({
      network: null,
      onWoke: () => received.push('other woke'),
      onOnline: () => undefined,
    });
    checkLate(60_000);
    expect(received).toContain('other woke');
    stopOther();
  });
});

test('nothing is reported after it was stopped', () => {
  stop();
  checkLate(60_000);
  network.dispatchEvent(new Event('online'));
  expect(received).toEqual([]);
});
