import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

function rig(options: { perSecond: number; burst: number }) {
  const clock = { ms: 0 };
  return { clock, bucket: createTokenBucket({ ...options, now: () => clock.ms }) };
}

test('full at first: a burst is taken at once, and no token more', () => {
  const { bucket } = rig({ perSecond: 150, burst: 2_000 });
  for (let i = 0; i < 2_000; i++) expect(bucket.take(1)).toBe(true);
  expect(bucket.take(1)).toBe(false);
});

test('fills at its pace, in parts of a token too, and never over the burst', () => {
  const { clock, bucket } = rig({ perSecond: 10, burst: 5 });
  expect(bucket.take(5)).toBe(true);
  clock.ms = 99;
  expect(bucket.take(1)).toBe(false);
  clock.ms = 100;
  expect(bucket.take(1)).toBe(true);
  clock.ms = 3_600_000;
  expect([bucket.take(5), bucket.take(1)]).toEqual([true, false]);
});

test('one that begins with less gains the rest', () => {
  const clock = { ms: 0 };
  const bucket = createTokenBucket({ perSecond: 10, burst: 5, first: 1, now: () => clock.ms });
  expect([bucket.take(2), bucket.take(1)]).toEqual([false, true]);
  clock.ms = 10_000;
  expect([bucket.take(5), bucket.take(1)]).toEqual([true, false]);
});

test('what is refused costs nothing', () => {
  const { bucket } = rig({ perSecond: 1, burst: 5 });
  expect([bucket.take(6), bucket.take(5)]).toEqual([false, true]);
});

test('a clock that goes back neither fills it nor empties it', () => {
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

test('H39 whatever is asked and whenever: over any stretch no more is taken than the burst and the pace allow', () => {
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
          // For the rounding of parts of a token.
          expect(over).toBeLessThan(1e-6);
        }
      },
    ),
  );
});

test('H39 a client in real time is never refused, however long it was cut off and what it had kept', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 50 }), (outages) => {
      const { clock, bucket } = rig({ perSecond: 150, burst: 2_000 });
      for (const outage of outages) {
        clock.ms += outage;
        // What was said meanwhile, at 50 frames a second, and the messages of a mend.
        let refused = 0;
        for (let i = 0; i < Math.floor(outage / 20) + 5; i++) if (!bucket.take(1)) refused += 1;
        expect(refused).toBe(0);
      }
    }),
  );
});
