import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_SETTLE_MS, nextSettleDelay } from './settle-delay.ts';

test('stays exactly 0 while first attempts succeed', () => {
  expect(nextSettleDelay(0, 'ready', 1)).toBe(0);
});

test('grows to 10 ms at most when a responsive client needs another attempt', () => {
  const first = nextSettleDelay(0, 'ready', 2);
  expect(first).toBeGreaterThan(0);
  expect(nextSettleDelay(first, 'ready', 3)).toBeGreaterThan(first);
  let ms = 0;
  for (let i = 0; i < 20; i++) ms = nextSettleDelay(ms, 'ready', 2);
  expect(ms).toBe(MAX_SETTLE_MS);
});

test.each([
  ['left', 'aborted', 0],
  ['left at the second attempt', 'aborted', 2],
  ['never answered', 'failed', 3],
] as const)('is not affected by a client that %s', (_, outcome, attempts) => {
  for (const ms of [0, 5, MAX_SETTLE_MS]) expect(nextSettleDelay(ms, outcome, attempts)).toBe(ms);
});

test('returns to 0 after at most ten successful first attempts, whatever came before', () => {
  const ends = fc.array(fc.tuple(fc.constantFrom('ready', 'aborted', 'failed'), fc.integer({ min: 0, max: 3 })));
  fc.assert(
    fc.property(ends, (past) => {
      let ms = 0;
      for (const [outcome, attempts] of past) {
        ms = nextSettleDelay(ms, outcome, attempts);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(MAX_SETTLE_MS);
      }
      for (let i = 0; i < 10; i++) {
        const before = ms;
        ms = nextSettleDelay(ms, 'ready', 1);
        if (before > 0) expect(ms).toBeLessThan(before);
      }
      expect(ms).toBe(0);
    }),
  );
});
