import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNamedTimers } from './named-timers.ts';

const fired: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  fired.length = 0;
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const make = () => createNamedTimers<'a' | 'b'>((name) => fired.push(name));

test('each timer fires once, with its name, when it is due', () => {
  const timers = make();
  timers.set('a', 20);
  timers.set('b', 10);
  vi.advanceTimersByTime(10);
  expect(fired).toEqual(['b']);
  vi.advanceTimersByTime(1_000);
  expect(fired).toEqual(['b', 'a']);
});

test('setting a timer again replaces it, and it fires once', () => {
  const timers = make();
  timers.set('a', 10);
  timers.set('a', 30);
  vi.advanceTimersByTime(29);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual(['a']);
  timers.set('a', 30);
  timers.set('a', 5);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(fired).toEqual(['a', 'a']);
});

test('a cleared timer does not fire; the others do', () => {
  const timers = make();
  timers.set('a', 10);
  timers.set('b', 10);
  timers.clear('a');
  timers.clear('a');
  vi.advanceTimersByTime(10);
  expect(fired).toEqual(['b']);
});

test('the callback may set or clear the timer', () => {
  const timers = createNamedTimers<'a'>((name) => {
    fired.push(name);
    if (fired.length === 1) timers.set('a', 10);
    else timers.clear('a');
  });
  timers.set('a', 10);
  vi.advanceTimersByTime(100);
  expect(fired).toEqual(['a', 'a']);
});
