import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

function rig(options: { perSecond: number; burst: number }) {
  const clock = { ms: 0 };
  return { clock, bucket: createTokenBucket({ ...options, now: () => clock.ms }) };
}

test('starts full: exactly one burst can be taken immediately', () => {
  const { bucket } = rig({ perSecond: 150, burst: 2_000 });
  for (let i = 0; i < 2_000; i++) expect(bucket.take(1)).toBe(true);
  expect(bucket.take(1)).toBe(false);
});

test('refills at its rate, including fractions of a token, up to the burst', () => {
  const { clock, bucket } = rig({ perSecond: 10, burst: 5 });
  expect(bucket.take(5)).toBe(true);
  clock.ms = 99;
  expect(bucket.take(1)).toBe(false);
  clock.ms = 100;
  expect(bucket.take(1)).toBe(true);
  clock.ms = 3_600_000;
  expect([bucket.take(5), bucket.take(1)]).toEqual([true, false]);
});

test('refills a bucket that starts with fewer tokens', () => {
  const clock = { ms: 0 };
  const bucket = createTokenBucket({ perSecond: 10, burst: 5, first: 1, now: () => clock.ms });
  expect([bucket.take(2), bucket.take(1)]).toEqual([false, true]);
  clock.ms = 10_000;
  expect([bucket.take(5), bucket.take(1)]).toEqual([true, false]);
});

test('a refused request takes no tokens', () => {
  const { bucket } = rig({ perSecond: 1, burst: 5 });
  expect([bucket.take(6), bucket.take(5)]).toEqual([false, true]);
});

test('a clock that goes back has no effect', () => {
  const { clock, bucket } = rig({ perSecond: 1_000, burst: 2 });
  clock.ms = 1_000;
  expect(bucket.take(2)).toBe(true);
  clock.ms = 0;
  expect(bucket.take(1)).toBe(false);
  clock.ms = 1_000;
  expect(bucket.take(1)).toBe(false);
  clock.ms = 1_001;
  expect(bucket.take(1)).toBe(true);
});

test('H39 property: never exceeds the burst plus the rate over any interval', () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 3_000 }), cost: fc.integer({ min: 1, max: 120 }) });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 500 }),
      (steps, perSecond, burst) => {
        const { clock, bucket } = rig({ perSecond, burst });
        const taken: Array<[at: number, cost: number]> = [];
        for (const { wait, cost } of steps) {
          clock.ms += wait;
          if (bucket.take(cost)) taken.push([clock.ms, cost]);
        }
        for (const [i, [from]] of taken.entries()) {
          let sum = 0;
          let over = 0;
          for (const [at, cost] of taken.slice(i)) {
            sum += cost;
            over = Math.max(over, sum - burst - ((at - from) / 1_000) * perSecond);
          }
          // Tolerance for rounding fractions of a token.
          expect(over).toBeLessThan(1e-6);
        }
      },
    ),
  );
});

test('H39 property: never refuses a real-time client, however long its outage and however much it buffered', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 50 }), (outages) => {
      const { clock, bucket } = rig({ perSecond: 150, burst: 2_000 });
      for (const outage of outages) {
        clock.ms += outage;
        // The audio buffered during the outage, at 50 frames per second, and the messages of a resume.
        let refused = 0;
        for (let i = 0; i < Math.floor(outage / 20) + 5; i++) if (!bucket.take(1)) refused += 1;
        expect(refused).toBe(0);
      }
    }),
  );
});
