import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPreciseClock, preciseNow } from './precise-clock.ts';

describe('the precise clock', () => {
  test('stays within the wall clock’s millisecond, and goes back only if the wall clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.integer({ min: -5, max: 5 }))),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (steps, origin) => {
          let wall = 1_800_000_000_000;
          let steady = 0;
          const clock = createPreciseClock({ wall: () => Math.floor(wall), monotonic: () => origin + steady });
          let last = clock();
          for (const [ms, drift] of steps) {
            wall += ms;
            steady += Math.max(ms + drift / 10, 0);
            const now = clock();
            expect(Math.floor(now + 5e-4)).toBe(Math.floor(wall));
            expect(now).toBeGreaterThanOrEqual(last);
            last = now;
          }
        },
      ),
    );
  });

  test('two processes whose monotonic clocks have drifted apart agree on the order of events', () => {
    let wall = 1_800_000_000_000;
    const host = createPreciseClock({ wall: () => wall, monotonic: () => wall + 15 });
    const page = createPreciseClock({ wall: () => wall, monotonic: () => wall - 4 });
    const first = host();
    wall += 1;
    expect(page()).toBeGreaterThan(first);
  });

  test('follows the wall clock after a sleep, during which the monotonic clock stood still', () => {
    let wall = 1_800_000_000_000;
    const clock = createPreciseClock({ wall: () => wall, monotonic: () => 42 });
    clock();
    wall += 3_600_000;
    expect(Math.floor(clock())).toBe(wall);
  });

  test('preciseNow matches the wall clock', () => {
    const before = Date.now();
    const now = preciseNow();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThan(Date.now() + 1);
  });
});
