import { expect, test } from 'vitest';
import { createNumbering } from './number-lines.ts';
import { FIRST_UNRECORDED, isUnrecorded } from './unrecorded.ts';

/** Numbers lines; null is one that the host had not recorded, undefined one without a number. */
function numbered(...lines: Array<number | null | undefined>) {
  const numbering = createNumbering();
  for (const seq of lines) {
    const record = { time: 1, side: 'app', level: 'info', event: 'AUDIO', fields: {} } as const;
    numbering.add({ record, seq: seq ?? null, recorded: seq !== null });
  }
  return numbering.end();
}
const seqs = (...lines: Array<number | null | undefined>) => numbered(...lines).map(({ seq }) => seq);

test('lines keep their numbers, also with gaps', () => {
  expect(seqs(501, 502, 600)).toEqual([501, 502, 600]);
});

test('the numbers of a later launch continue after those of the one before', () => {
  expect(seqs(49, 50, 1, 2, 5, 1)).toEqual([49, 50, 51, 52, 55, 56]);
});

test('lines without a number, and with one that no launch reaches, are numbered in order', () => {
  expect(seqs(4, undefined, 6, FIRST_UNRECORDED + 3, Number.MAX_SAFE_INTEGER, 8)).toEqual([4, 5, 6, 7, 8, 9]);
});

test('unrecorded lines at the end stay unrecorded; elsewhere they have a field that says so', () => {
  const records = numbered(1, null, 2, null, null);
  expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, FIRST_UNRECORDED, FIRST_UNRECORDED + 1]);
  expect(records.map(({ fields }) => fields.recorded)).toEqual([undefined, false, undefined, undefined, undefined]);
  expect(records.map(isUnrecorded)).toEqual([false, false, false, true, true]);
});
