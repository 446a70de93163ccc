import type { RecordingInfo } from '../../shared/recording.ts';
import { dates } from '../text/dates.ts';
import { levelWord } from './recording-level.ts';
import { ownTitle } from './recording-title.ts';

/** What is noteworthy about a recording. */
export type RecordingMark = 'gaps' | 'repaired' | 'clipped' | 'other_microphone';
/** The marks that can be filtered by. */
export const FILTER_MARKS = ['gaps', 'repaired', 'clipped'] as const satisfies readonly RecordingMark[];

export const RECORDING_SORTS = ['newest', 'oldest', 'longest', 'title'] as const;
export type RecordingSort = (typeof RECORDING_SORTS)[number];

/** Which recordings are listed, and in which order. */
export interface RecordingQuery {
  /** Words that title, note or date must contain, in any order and case. */
  search: string;
  /** A recording must have one of these marks; empty: any recording. */
  marks: ReadonlySet<RecordingMark>;
  sort: RecordingSort;
}

export const ALL_RECORDINGS: RecordingQuery = { search: '', marks: new Set(), sort: 'newest' };

export function isFiltered({ search, marks }: RecordingQuery): boolean {
  return search.trim() !== '' || marks.size > 0;
}

/** Whether the host ended before the recording was finished, or its details were lost. */
function isRepaired({ complete, repaired, being_written, rebuilt }: RecordingInfo): boolean {
  return repaired === true || rebuilt === true || (!complete && being_written !== true);
}

export function marksOf(recording: RecordingInfo): ReadonlySet<RecordingMark> {
  const marks = new Set<RecordingMark>();
  if (recording.gaps.length > 0) marks.add('gaps');
  if (isRepaired(recording)) marks.add('repaired');
  if (levelWord(recording) === 'clipped') marks.add('clipped');
  if (recording.microphone?.some(({ instead_of }) => instead_of !== null)) marks.add('other_microphone');
  return marks;
}

/** Sort key of the time: the same as the host's. */
const timeOf = ({ ordered_at, started_at }: RecordingInfo) => ordered_at ?? started_at;

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Newest first, then by id, as the host lists them. Negative if `a` comes first. */
export function compareRecordings(a: RecordingInfo, b: RecordingInfo): number {
  return compareText(timeOf(b), timeOf(a)) || compareText(b.id, a.id);
}

const titles = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const COMPARE: Record<Exclude<RecordingSort, 'newest'>, (a: RecordingInfo, b: RecordingInfo) => number> = {
  oldest: (a, b) => -compareRecordings(a, b),
  longest: (a, b) => b.duration_s - a.duration_s || compareRecordings(a, b),
  // Recordings without a title come last.
  title: (a, b) =>
    Number(!ownTitle(a)) - Number(!ownTitle(b)) || titles.compare(ownTitle(a), ownTitle(b)) || compareRecordings(a, b),
};

/** The searched text of each recording: computed once, because a search runs on every key. */
const searched = new WeakMap<RecordingInfo, string>();

/** @param days the names of the days so far: writing a date takes as long as twenty searches in a text */
function searchedText(recording: RecordingInfo, days: Map<string, string>): string {
  const known = searched.get(recording);
  if (known !== undefined) return known;
  const { title = '', note = '', imported_from = '', started_at } = recording;
  const date = new Date(started_at);
  const key = dayKey(date);
  const day = days.get(key) ?? dates.fullDay(date);
  days.set(key, day);
  const text = [title, note, imported_from, day, started_at.slice(0, 10)].join('\n').toLowerCase();
  searched.set(recording, text);
  return text;
}

/** The same for all times of a local day. */
function dayKey(date: Date): string {
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/**
 * The recordings that match, in the order asked for.
 * @param recordings newest first
 */
export function queryRecordings(recordings: readonly RecordingInfo[], query: RecordingQuery): readonly RecordingInfo[] {
  const words = query.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const days = new Map<string, string>();
  const matches = (recording: RecordingInfo) => {
    if (query.marks.size > 0) {
      const marks = marksOf(recording);
      if (![...query.marks].some((mark) => marks.has(mark))) return false;
    }
    if (words.length === 0) return true;
    const text = searchedText(recording, days);
    return words.every((word) => text.includes(word));
  };
  const found = isFiltered(query) ? recordings.filter(matches) : recordings;
  return query.sort === 'newest' ? found : [...found].sort(COMPARE[query.sort]);
}

/** A row of the list: the heading of a day, or a recording. */
export type ListRow =
  | { kind: 'day'; key: string /** A time on that day. */; date: Date; count: number }
  | { kind: 'recording'; key: string; recording: RecordingInfo };

/** The rows of the list: with a heading for each local day if it is sorted by time. */
export function rowsByDay(recordings: readonly RecordingInfo[], sort: RecordingSort): readonly ListRow[] {
  const grouped = sort === 'newest' || sort === 'oldest';
  const rows: ListRow[] = [];
  let day: Extract<ListRow, { kind: 'day' }> | null = null;
  let dayOfRow = '';
  for (const recording of recordings) {
    if (grouped) {
      const date = new Date(recording.started_at);
      const key = dayKey(date);
      if (day === null || dayOfRow !== key) {
        // The wall clock may have been set back, so one day may have several headings.
        day = { kind: 'day', key: `day ${key} ${rows.length}`, date, count: 0 };
        dayOfRow = key;
        rows.push(day);
      }
      day.count += 1;
    }
    rows.push({ kind: 'recording', key: recording.id, recording });
  }
  return rows;
}
