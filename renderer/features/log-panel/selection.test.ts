import { expect, test } from 'vitest';
import { record, records } from '../../testing/fakes.ts';
import { noSelection, selectAll, selectOne, selectTo, toggleOne } from '../../ui/list-selection.ts';
import { rowsOf } from './log-rows.ts';
import { selectedOrAll } from './selection.ts';

const shown = records(1, 10).filter(({ seq }) => seq % 2 === 1);
const rows = rowsOf(shown, new Set());
const seqs = (list: readonly { seq: number }[]) => list.map(({ seq }) => seq);

test('a range runs from the anchor in both directions over the rows shown', () => {
  expect([...selectTo(selectOne(3), rows, 7).ids]).toEqual([3, 5, 7]);
  expect([...selectTo(selectTo(selectOne(7), rows, 9), rows, 3).ids]).toEqual([3, 5, 7]);
});

test('rows can be added and removed one by one', () => {
  expect([...toggleOne(toggleOne(selectOne(1), 5), 1).ids]).toEqual([5]);
});

test('copying takes the selected rows in order, or all if no selected row is shown', () => {
  expect(seqs(selectedOrAll(toggleOne(selectOne(9), 3), rows, shown))).toEqual([3, 9]);
  expect(selectedOrAll(noSelection(), rows, shown)).toBe(shown);
  expect(selectedOrAll(selectOne(4), rows, shown)).toBe(shown);
  expect(seqs(selectedOrAll(selectAll(rows), rows, shown))).toEqual(seqs(shown));
});

test('an audio row is copied with all of its lines, without duplicates', () => {
  const audio = [record(1), ...[2, 3, 4].map((seq) => record(seq, { event: 'AUDIO' })), record(5)];
  const [, folded] = rowsOf(audio, new Set());
  if (!folded) throw new Error('no audio row');
  expect(seqs(selectedOrAll(selectOne(folded.id), rowsOf(audio, new Set()), audio))).toEqual([2, 3, 4]);
  const open = rowsOf(audio, new Set([folded.id]));
  expect(seqs(selectedOrAll(selectAll(open), open, audio))).toEqual([1, 2, 3, 4, 5]);
});
