import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { record, records } from '../testing/fakes.ts';
import { addedRecords, EMPTY_LIST, type LogList, listOf, newest, withRecords } from './log-list.ts';

const seqs = (list: Iterable<{ seq: number }>) => Array.from(list, ({ seq }) => seq);

/** A change of a list: records that are added, or how many of the newest are kept. */
const anyChange = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 9_000 }), { maxLength: 60 }),
  fc
    .tuple(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 3_000 }))
    .map(([first, count]) => Array.from({ length: count }, (_, i) => first + i)),
  fc.integer({ min: 0, max: 5_000 }),
);

describe('log list', () => {
  test('after any changes it has the same records as a plain sorted array, and older lists are as they were', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 12 }), (changes) => {
        let list: LogList = EMPTY_LIST;
        let expected: number[] = [];
        const before: Array<{ list: LogList; expected: number[] }> = [];
        for (const change of changes) {
          if (typeof change === 'number') {
            list = newest(list, change);
            expected = change === 0 ? [] : expected.slice(-change);
          } else {
            list = withRecords(
              list,
              change.map((seq) => record(seq)),
            );
            expected = [...new Set([...expected, ...change])].sort((a, b) => a - b);
          }
          before.push({ list, expected });
        }
        for (const { list, expected } of before) {
          expect(seqs(list)).toEqual(expected);
          expect(seqs(list.toArray())).toEqual(expected);
          expect(list.length).toBe(expected.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the records that one list has more than another are found, with few others', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { minLength: 1, maxLength: 12 }), fc.nat(11), (changes, at) => {
        let list: LogList = EMPTY_LIST;
        const lists = changes.map((change) => {
          list =
            typeof change === 'number'
              ? newest(list, change)
              : withRecords(
                  list,
                  change.filter((seq) => list.indexOf(seq) === -1).map((seq) => record(seq)),
                );
          return list;
        });
        const before = lists[at] ?? EMPTY_LIST;
        const known = new Set(seqs(before));
        const added = seqs(addedRecords(before, list));
        const found = new Set(added);
        expect(seqs(list).filter((seq) => !known.has(seq) && !found.has(seq))).toEqual([]);
        expect(added).toEqual([...found].filter((seq) => list.indexOf(seq) !== -1).sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
    const held = listOf(records(2_000, 90_000));
    expect(seqs(addedRecords(held, newest(withRecords(held, records(92_000, 20)), 90_000)))).toEqual(
      seqs(records(92_000, 20)),
    );
    expect(addedRecords(held, withRecords(held, records(1_000, 1_000))).length).toBeLessThan(3_000);
    expect(addedRecords(held, held)).toEqual([]);
    expect(addedRecords(EMPTY_LIST, held)).toHaveLength(90_000);
  });

  test('two lists that were made from the same one do not affect each other', () => {
    const list = listOf(records(1, 3));
    const a = withRecords(list, records(4, 2));
    const b = withRecords(list, records(7, 1));
    expect(seqs(a)).toEqual([1, 2, 3, 4, 5]);
    expect(seqs(b)).toEqual([1, 2, 3, 7]);
    expect(seqs(list)).toEqual([1, 2, 3]);
  });

  test('finds records by position and by seq', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 5_000 }), { maxLength: 400 }), (numbers) => {
        const list = listOf(numbers.map((seq) => record(seq)));
        const sorted = numbers.toSorted((a, b) => a - b);
        sorted.forEach((seq, index) => {
          expect(list.at(index)?.seq).toBe(seq);
          expect(list.at(index - sorted.length)?.seq).toBe(seq);
          expect(list.indexOf(seq)).toBe(index);
        });
        expect(list.at(sorted.length)).toBeUndefined();
        expect(list.at(-sorted.length - 1)).toBeUndefined();
        for (const seq of [0, 17, 2_500, 6_000]) {
          expect(list.countThrough(seq)).toBe(sorted.filter((other) => other <= seq).length);
          if (!sorted.includes(seq)) expect(list.indexOf(seq)).toBe(-1);
        }
        expect(seqs(list.slice(3, 9))).toEqual(sorted.slice(3, 9));
      }),
      { numRuns: 50 },
    );
  });

  test('of two records with the same seq the added one is kept', () => {
    const added = record(2, { event: 'ERROR' });
    expect(withRecords(listOf(records(1, 3)), [added]).at(1)).toBe(added);
  });

  test('the array that was added stays as it is', () => {
    const batch = records(1, 3);
    withRecords(withRecords(EMPTY_LIST, batch), records(4, 3));
    expect(seqs(batch)).toEqual([1, 2, 3]);
  });

  test('100,000 records in small batches, with the oldest dropped, make few chunks', () => {
    let list = EMPTY_LIST;
    for (let first = 1; first <= 150_000; first += 10) list = newest(withRecords(list, records(first, 10)), 100_000);
    expect(list.at(0)?.seq).toBe(50_001);
    expect(list.at(-1)?.seq).toBe(150_000);
    expect(list.spans.length).toBeLessThan(110);
  });
});
