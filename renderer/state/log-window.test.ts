import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { record, records } from '../testing/fakes.ts';
import { countThrough, joinRecords } from './log-window.ts';

const seqs = (list: readonly { seq: number }[]) => list.map(({ seq }) => seq);

describe('joinRecords', () => {
  test('joins two lists without duplicates, in order, keeping the newest', () => {
    const list = fc
      .array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })
      .map((numbers) => numbers.map((seq) => record(seq)));
    fc.assert(
      fc.property(list, list, fc.integer({ min: 1, max: 50 }), (a, b, max) => {
        const held = joinRecords([], a, max);
        const expected = [...new Set([...seqs(held), ...seqs(b)])].sort((x, y) => x - y).slice(-max);
        expect(seqs(joinRecords(held, b, max))).toEqual(expected);
      }),
    );
  });

  test('joining nothing returns the same list', () => {
    const held = records(1, 3);
    expect(joinRecords(held, [])).toBe(held);
  });
});

test('countThrough finds the position of a seq, even if it does not occur', () => {
  const held = [record(3), record(5), record(9)];
  expect([0, 3, 4, 9, 20].map((seq) => countThrough(held, seq))).toEqual([0, 1, 1, 3, 3]);
});
