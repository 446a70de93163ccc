import { expect, test } from 'vitest';
import { records } from '../../testing/fakes.ts';
import { NOTHING, selectAll, selectedOrAll, selectOne, selectTo, toggleOne } from './selection.ts';

const shown = records(1, 10).filter(({ seq }) => seq % 2 === 1);
const seqs = (list: readonly { seq: number }[]) => list.map(({ seq }) => seq);

test('a range runs from the anchor either way, over what is shown', () => {
  expect([...selectTo(selectOne(3), shown, 7).seqs]).toEqual([3, 5, 7]);
  expect([...selectTo(selectTo(selectOne(7), shown, 9), shown, 3).seqs]).toEqual([3, 5, 7]);
});

test('rows are added and taken away one by one', () => {
  expect([...toggleOne(toggleOne(selectOne(1), 5), 1).seqs]).toEqual([5]);
});

test('copying takes the selected rows in their order, all without a selection or when none of them is shown', () => {
  expect(seqs(selectedOrAll(toggleOne(selectOne(9), 3), shown))).toEqual([3, 9]);
  expect(selectedOrAll(NOTHING, shown)).toBe(shown);
  expect(selectedOrAll(selectOne(4), shown)).toBe(shown);
  expect(seqs(selectedOrAll(selectAll(shown), shown))).toEqual(seqs(shown));
});
