import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRefusalLog } from './refusal-log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a flood of refusals causes six log lines per second: five refusals and a count of the rest', () => {
  const log = vi.fn();
  const refused = createRefusalLog(log, 'voice');
  for (let i = 0; i < 1_000; i++) refused(403, 'origin');
  expect(log.mock.calls).toEqual(Array(5).fill(['WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }]));
  vi.advanceTimersByTime(1_000);
  expect(log.mock.calls.slice(5)).toEqual([['WS_REFUSED', { on: 'voice', more: 995 }]]);
  expect(vi.getTimerCount()).toBe(0);
  refused(401, 'token');
  vi.advanceTimersByTime(1_000);
  expect(log.mock.calls.slice(6)).toEqual([['WS_REFUSED', { on: 'voice', status: 401, why: 'token' }]]);
});

test('a connection closed without a response has no status', () => {
  const log = vi.fn();
  createRefusalLog(log, 'page')(null, 'too many connections');
  expect(log.mock.calls).toEqual([['WS_REFUSED', { on: 'page', why: 'too many connections' }]]);
});
