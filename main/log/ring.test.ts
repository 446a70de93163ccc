import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRing } from './ring.ts';

test('property: keeps as many of the newest items as the weight of all allows', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 100 });
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 10, max: 40 }), (items, capacity, max) => {
      const ring = createRing<number>(capacity, { max, weigh: (item) => item });
      for (const item of items) ring.push(item);
      const expected: number[] = [];
      for (const item of items.toReversed()) {
        if (expected.length === capacity || expected.reduce((sum, other) => sum + other, item) > max) break;
        expected.unshift(item);
      }
      expect(ring.toArray()).toEqual(expected);
    }),
  );
});

test('property: keeps the newest items, oldest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 100 }), fc.integer({ min: 1, max: 20 }), (items, capacity) => {
      const ring = createRing<number>(capacity, { max: 0, weigh: () => 0 });
      for (const item of items) ring.push(item);
      const kept = items.slice(-capacity);
      expect(ring.toArray()).toEqual(kept);
      expect(ring.length).toBe(kept.length);
      expect(Array.from({ length: kept.length + 2 }, (_, at) => ring.at(at - 1))).toEqual([
        undefined,
        ...kept,
        undefined,
      ]);
    }),
  );
});
