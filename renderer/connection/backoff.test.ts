import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BACKOFF_BASE_MS, BACKOFF_MAX_MS, backoffMs } from './backoff.ts';

/** The largest number that Math.random can return. */
const ALMOST_ONE = 1 - 2 ** -53;

test.each([
  [0, 250],
  [1, 500],
  [2, 1_000],
  [3, 2_000],
  [4, 4_000],
  [5, 8_000],
  [6, 8_000],
  [1_000_000, 8_000],
])('H20 after %i failures in a row the delay is between 0 and %i ms, and both limits occur', (failures, below) => {
  expect(backoffMs(failures, 0)).toBe(0);
  expect(backoffMs(failures, 0.5)).toBe(below / 2);
  expect(backoffMs(failures, ALMOST_ONE)).toBe(below - 1);
});

test('H20 the delay is a whole number of ms within bounds for any failure count and any random number', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: ALMOST_ONE, noNaN: true }), (failures, random) => {
      const ms = backoffMs(failures, random);
      expect(Number.isInteger(ms)).toBe(true);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** failures));
    }),
  );
});

test('H20 an additional failure never shortens the delay for the same random number', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100 }), fc.double({ min: 0, max: ALMOST_ONE, noNaN: true }), (failures, random) => {
      expect(backoffMs(failures + 1, random)).toBeGreaterThanOrEqual(backoffMs(failures, random));
    }),
  );
});

test('H20 windows that lost the server together reconnect spread over the whole range, not at its end', () => {
  const delays = Array.from({ length: 100 }, (_, i) => backoffMs(5, i / 100));
  expect(new Set(delays).size).toBe(100);
  expect(Math.min(...delays)).toBe(0);
  expect(Math.max(...delays)).toBe(7_920);
});
