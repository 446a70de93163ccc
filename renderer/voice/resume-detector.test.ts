import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeNetwork } from '../testing/client-rig.ts';
import { detectResume } from './resume-detector.ts';

const heard: string[] = [];
let network: FakeNetwork;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  heard.length = 0;
  network = new FakeNetwork();
  stop = detectResume({ network, onWoke: (ms) => heard.push(`woke ${ms}`), onOnline: () => heard.push('online') });
});
afterEach(() => {
  stop();
  expect([vi.getTimerCount(), network.listeners]).toEqual([0, 0]);
  vi.useRealTimers();
});

/** The next look at the clock, `late` ms after its time. */
function lookLate(late: number): void {
  vi.setSystemTime(Date.now() + late);
  vi.advanceTimersByTime(1_000);
}

describe('H22 the clock', () => {
  test('going on as it should: nothing is told, however long', () => {
    vi.advanceTimersByTime(3_600_000);
    expect(heard).toEqual([]);
  });

  test('5 s late is a busy page; more is a machine that slept', () => {
    lookLate(5_000);
    expect(heard).toEqual([]);
    lookLate(5_001);
    expect(heard).toEqual(['woke 5001']);
  });

  test('is told once for each sleep', () => {
    lookLate(60_000);
    vi.advanceTimersByTime(60_000);
    lookLate(3_600_000);
    expect(heard).toEqual(['woke 60000', 'woke 3600000']);
  });

  test('set back is no sleep, and hides none', () => {
    lookLate(-3_600_000);
    expect(heard).toEqual([]);
    lookLate(60_000);
    expect(heard).toEqual(['woke 60000']);
  });

  test('a steady clock that has gone on as well: woken, and no time is missing', () => {
    vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + 61_000);
    lookLate(60_000);
    expect(heard).toEqual(['woke 0']);
  });

  test('many short delays are not one long one', () => {
    for (let i = 0; i < 20; i++) lookLate(900);
    expect(heard).toEqual([]);
  });
});

describe('the network', () => {
  test('each return is told', () => {
    for (let i = 0; i < 2; i++) network.dispatchEvent(new Event('online'));
    network.dispatchEvent(new Event('offline'));
    expect(heard).toEqual(['online', 'online']);
  });

  test('there need not be one', () => {
    const stopOther = detectResume({
      network: null,
      onWoke: () => heard.push('other woke'),
      onOnline: () => undefined,
    });
    lookLate(60_000);
    expect(heard).toContain('other woke');
    stopOther();
  });
});

test('once stopped, nothing is told', () => {
  stop();
  lookLate(60_000);
  network.dispatchEvent(new Event('online'));
  expect(heard).toEqual([]);
});
