import { expect, test } from 'vitest';
import { createRateLimiter } from './rate-limiter.ts';

test('allows a number of events per second, counts the rest, and reports it once a second', () => {
  const limiter = createRateLimiter(3);
  const allowed = (now: number, tries: number) =>
    Array.from({ length: tries }, () => limiter.allows(now)).filter(Boolean).length;

  expect(allowed(0, 3)).toBe(3);
  expect(limiter.hasRefusals).toBe(false);
  expect(allowed(999, 4)).toBe(0);
  expect(limiter.hasRefusals).toBe(true);
  expect(limiter.takeRefusals(999)).toBe(4);
  expect(limiter.hasRefusals).toBe(false);

  expect(allowed(1_000, 5)).toBe(3);
  limiter.countRefusal();
  expect(limiter.takeRefusals(1_998)).toBe(0);
  expect(limiter.hasRefusals).toBe(true);
  expect(limiter.takeRefusals(1_999)).toBe(3);
});

test('an event that costs more than others leaves less for the rest of its second', () => {
  const limiter = createRateLimiter(10);
  const allowed = (now: number) => Array.from({ length: 20 }, () => limiter.allows(now)).filter(Boolean).length;
  expect(limiter.allows(0)).toBe(true);
  limiter.charge(6);
  expect(allowed(0)).toBe(3);
  limiter.charge(1_000);
  expect(allowed(999)).toBe(0);
  expect(allowed(1_000)).toBe(10);
});
