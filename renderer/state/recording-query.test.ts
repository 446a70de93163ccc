import { expect, test } from 'vitest';
import type { RecordingInfo } from '../../shared/recording.ts';
import { recording } from '../testing/fakes.ts';
import {
  ALL_RECORDINGS,
  compareRecordings,
  marksOf,
  queryRecordings,
  type RecordingQuery,
  rowsByDay,
} from './recording-query.ts';

const at = (day: number, hour = 12) => new Date(2026, 10, day, hour).toISOString();
const found = (recordings: RecordingInfo[], query: Partial<RecordingQuery>) =>
  queryRecordings(recordings, { ...ALL_RECORDINGS, ...query }).map(({ id }) => id);

test('words are searched in title, note and date, in any order and case', () => {
  const list = [
    recording({ id: 'talk', title: 'Interview with Ada', started_at: at(27) }),
    recording({ id: 'note', note: 'ask ADA about\nthe interview', started_at: at(26) }),
    recording({ id: 'other', started_at: at(3) }),
  ];
  expect(found(list, { search: 'ada INTERVIEW' })).toEqual(['talk', 'note']);
  expect(found(list, { search: 'about ada' })).toEqual(['note']);
  expect(found(list, { search: 'november 3' })).toEqual(['other']);
  expect(found(list, { search: '2026-11-26' })).toEqual(['note']);
  expect(found(list, { search: 'tuesday' })).toEqual(['other']);
  expect(found(list, { search: '  ' })).toEqual(['talk', 'note', 'other']);
  expect(found(list, { search: 'nothing like it' })).toEqual([]);
});

test('a search finds a new title at once', () => {
  const before = recording({ id: 'a', title: 'Old' });
  expect(found([before], { search: 'old' })).toEqual(['a']);
  expect(found([{ ...before, title: 'New' }], { search: 'old' })).toEqual([]);
});

test('a recording whose date is damaged is listed and found by its title', () => {
  const damaged = recording({ id: 'a', title: 'Kept', started_at: 'yesterday-ish' });
  expect(found([damaged], { search: 'kept' })).toEqual(['a']);
  expect(rowsByDay([damaged], 'newest')).toHaveLength(2);
});

test('filters show the recordings that have one of the chosen marks', () => {
  const list = [
    recording({ id: 'gap', gaps: [{ at_s: 1, seconds: 0.4 }] }),
    recording({ id: 'cut', complete: false }),
    recording({ id: 'writing', complete: false, being_written: true }),
    recording({ id: 'loud', peak_dbfs: 0 }),
    recording({ id: 'fine' }),
  ];
  expect(found(list, { marks: new Set(['gaps']) })).toEqual(['gap']);
  expect(found(list, { marks: new Set(['repaired']) })).toEqual(['cut']);
  expect(found(list, { marks: new Set(['gaps', 'clipped']) })).toEqual(['gap', 'loud']);
  expect(found(list, { marks: new Set(['gaps']), search: 'loud' })).toEqual([]);
});

test('another microphone than the chosen one is a mark', () => {
  const state = (instead_of: string | null) => ({ at_s: 0, status: 'ok' as const, label: 'Desk', instead_of });
  expect([...marksOf(recording({ microphone: [state(null)] }))]).toEqual([]);
  expect([...marksOf(recording({ microphone: [state(null), state('Headset')] }))]).toEqual(['other_microphone']);
});

test('recordings are sorted by time, length or title; without a title they come last', () => {
  const list = [
    recording({ id: 'c', started_at: at(3), duration_s: 5, title: 'Part 10' }),
    recording({ id: 'b', started_at: at(2), duration_s: 60 }),
    recording({ id: 'a', started_at: at(1), duration_s: 5, title: 'part 9' }),
  ];
  expect(found(list, { sort: 'newest' })).toEqual(['c', 'b', 'a']);
  expect(found(list, { sort: 'oldest' })).toEqual(['a', 'b', 'c']);
  expect(found(list, { sort: 'longest' })).toEqual(['b', 'c', 'a']);
  expect(found(list, { sort: 'title' })).toEqual(['a', 'c', 'b']);
});

test('the order is the host’s: by `ordered_at` where there is one, then by id', () => {
  const list = [
    recording({ id: 'a', started_at: at(1) }),
    recording({ id: 'b', started_at: at(1), ordered_at: at(5) }),
    recording({ id: 'c', started_at: at(1) }),
  ];
  expect([...list].sort(compareRecordings).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});

test('each local day has a heading with its number of recordings, unless the list is not sorted by time', () => {
  const list = [
    recording({ id: 'a', started_at: at(27, 9) }),
    recording({ id: 'b', started_at: at(27, 0) }),
    recording({ id: 'c', started_at: at(26, 23) }),
  ];
  const rows = rowsByDay(list, 'newest');
  expect(rows.map((row) => (row.kind === 'day' ? row.count : row.key))).toEqual([2, 'a', 'b', 1, 'c']);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  expect(rowsByDay(list, 'longest').map(({ kind }) => kind)).toEqual(['recording', 'recording', 'recording']);
  expect(rowsByDay([], 'newest')).toEqual([]);
});

test('10,000 recordings are searched, sorted and grouped, and none is lost', () => {
  const list = Array.from({ length: 10_000 }, (_, i) =>
    recording({ id: `r${i}`, started_at: new Date(Date.UTC(2026, 0, 1) - i * 600_000).toISOString(), title: `T${i}` }),
  );
  expect(found(list, { search: 't999' })).toHaveLength(11);
  expect(rowsByDay(list, 'newest').filter(({ kind }) => kind === 'recording')).toHaveLength(10_000);
});
