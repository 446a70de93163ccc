import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, percentile, seededRandom, shuffled, summarise } from './stats.ts';

describe('percentiles', () => {
  test('are nearest ranks: percentile n of the numbers 1 to 100 is n', () => {
    const sorted = Array.from({ length: 100 }, (_, i) => i + 1);
    for (const percent of [1, 50, 95, 99, 100]) expect(percentile(sorted, percent)).toBe(percent);
  });

  test('are the value itself if there is only one, and NaN if there is none', () => {
    expect(percentile([7], 1)).toBe(7);
    expect(percentile([7], 99)).toBe(7);
    expect(percentile([], 50)).toBeNaN();
  });

  test('are the smallest value for which at least this share of the values is not larger', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (values, percent) => {
          const sorted = Float64Array.from(values).sort();
          const result = percentile(sorted, percent);
          const share = (matches: (value: number) => boolean) => (values.filter(matches).length / values.length) * 100;
          expect(sorted.includes(result)).toBe(true);
          expect(share((value) => value <= result)).toBeGreaterThanOrEqual(percent - 1e-9);
          expect(share((value) => value < result)).toBeLessThan(percent);
        },
      ),
    );
  });
});

describe('a summary', () => {
  test('sorts numerically, without changing the values', () => {
    const values = [10, 9, 100, 1];
    expect(summarise(values)).toEqual({ n: 4, p50: 9, p95: 100, p99: 100, max: 100 });
    expect(values).toEqual([10, 9, 100, 1]);
  });

  test('uses the lower of two middle values as the median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2);
  });
});

describe('the order of a run', () => {
  test('depends on the seed only', () => {
    const draw = (seed: number) => Array.from({ length: 8 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('is based on evenly distributed numbers in [0, 1)', () => {
    const random = seededRandom(42);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const value = random();
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // A value outside of [0, 1) would add an element.
    expect(tenths).toHaveLength(10);
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test('contains every item once, and each item is first about equally often', () => {
    const items = ['a', 'b', 'c', 'd'];
    const random = seededRandom(7);
    const first = new Map<string | undefined, number>();
    for (let i = 0; i < 4_000; i++) {
      const order = shuffled(items, random);
      expect([...order].sort()).toEqual(items);
      first.set(order[0], (first.get(order[0]) ?? 0) + 1);
    }
    for (const item of items) expect(Math.abs((first.get(item) ?? 0) - 1_000)).toBeLessThan(150);
  });
});
