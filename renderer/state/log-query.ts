import type { LogRecord } from '../../shared/log-event.ts';
import type { CompiledFilter } from './log-filter.ts';
import { EMPTY_LIST, type LogList, newest, withRecords } from './log-list.ts';
import type { RunLater } from './run-later.ts';

/** Time (ms) for which records are filtered without a pause. The rest of a frame is for drawing. */
const SLICE_MS = 5;
/** A result that is not complete is shown at most this often (ms), because drawing it takes longer than a slice. */
const SHOW_EVERY_MS = 50;
/** How many records are filtered between two looks at the clock. */
const BLOCK = 200;

/** What a filter makes of records. */
export interface QueryResult {
  /** The records that pass, those that match the search included. */
  shown: LogList;
  matches: LogList;
  /** How many records are left out only because they are technical. */
  technical: number;
}

/** Records and what a filter makes of them. The filter is applied in slices, to the newest records first. */
export interface LogQuery {
  records(): LogList;
  /** Of all records once `isRunning()` is false; before, of the newest ones. */
  result(): QueryResult;
  /** Whether some records have not been filtered yet. */
  isRunning(): boolean;
  /** Adds records in any order; those that are held already are ignored. @returns the added ones */
  add(batch: readonly LogRecord[]): readonly LogRecord[];
  setRecords(records: LogList): void;
  /** Filters the records again. The first slice runs at once. */
  setFilter(filter: CompiledFilter): void;
  /** As `setFilter`, but the result stays as it is until the new one is complete. */
  updateFilter(filter: CompiledFilter): void;
  /** Another query with the same records and the same filter. */
  copy(onChange: () => void): LogQuery;
  dispose(): void;
}

export interface QueryOptions {
  filter: CompiledFilter;
  records: LogList;
  /** Most records held. Above it, the oldest are dropped. */
  max: number;
  /** Called when a filter is complete, and before at most every 50 ms. */
  onChange: () => void;
  later: RunLater;
  /** Milliseconds on a monotonic clock. */
  now: () => number;
  /** What the filter makes of the records, if it is known. */
  result?: QueryResult;
}

const NOTHING: QueryResult = { shown: EMPTY_LIST, matches: EMPTY_LIST, technical: 0 };

export function createLogQuery(options: QueryOptions): LogQuery {
  const { max, onChange, later, now } = options;
  let { filter, records } = options;
  let result = NOTHING;
  /** The run that applies the filter to records from before it. */
  let run: Run | null = null;

  interface Run {
    result: QueryResult;
    /** The records at the start of the run. Those from `left` on are filtered. */
    source: LogList;
    left: number;
    /** Whether its result is shown before it is complete. */
    isShown: boolean;
    /** When its result was last shown. */
    shownAt: number;
    cancel: () => void;
  }

  function start(isShown: boolean): void {
    run?.cancel();
    run = null;
    if (filter.passesAll) result = { ...NOTHING, shown: records };
    else {
      run = {
        result: NOTHING,
        source: records,
        left: records.length,
        isShown,
        shownAt: now(),
        cancel: () => undefined,
      };
      slice(run);
    }
  }

  function slice(current: Run): void {
    const until = now() + SLICE_MS;
    const blocks: Sorted[] = [];
    // Records that were dropped meanwhile are not filtered.
    const end = records === current.source ? 0 : current.source.countThrough((records.at(0)?.seq ?? 0) - 1);
    do {
      const from = Math.max(end, current.left - BLOCK);
      blocks.push(sortOut(current.source.slice(from, current.left), filter));
      current.left = from;
    } while (current.left > end && now() < until);
    blocks.reverse();
    current.result = extended(current.result, {
      shown: blocks.flatMap(({ shown }) => shown),
      matches: blocks.flatMap(({ matches }) => matches),
      technical: blocks.reduce((sum, { technical }) => sum + technical, 0),
    });
    if (current.left > end) current.cancel = later(() => continueRun(current));
    else run = null;
    if (current.isShown || run === null) result = current.result;
  }

  function continueRun(current: Run): void {
    slice(current);
    if (run !== null && now() - current.shownAt < SHOW_EVERY_MS) return;
    current.shownAt = now();
    onChange();
  }

  function add(batch: readonly LogRecord[]): readonly LogRecord[] {
    const last = records.at(-1)?.seq ?? 0;
    const fresh = batch.filter(({ seq }) => seq > last || records.indexOf(seq) === -1);
    if (fresh.length === 0) return fresh;
    const before = records;
    const joined = withRecords(records, fresh);
    records = newest(joined, max);
    const first = records.at(0)?.seq ?? 0;
    const kept = fresh.filter(({ seq }) => seq >= first);
    const dropped = first > (before.at(0)?.seq ?? first) ? before.slice(0, before.countThrough(first - 1)) : [];
    if (filter.passesAll) {
      result = { ...result, shown: records };
      return kept;
    }
    const added = sortOut(kept, filter);
    // A complete result lists all dropped records; the one of a run lists those that it has reached.
    if (run === null || !run.isShown) result = extended(without(result, dropped, first, filter), added);
    if (run !== null) {
      const reached = run.source.at(run.left)?.seq ?? first;
      const listed = dropped.filter(({ seq }) => seq >= reached);
      run.result = extended(without(run.result, listed, first, filter), added);
      if (run.isShown) result = run.result;
    }
    return kept;
  }

  if (options.result === undefined) start(true);
  else result = options.result;
  return {
    records: () => records,
    result: () => result,
    isRunning: () => run !== null,
    add,
    setRecords(list) {
      records = list;
      start(true);
    },
    setFilter(next) {
      filter = next;
      start(true);
    },
    updateFilter(next) {
      filter = next;
      start(run?.isShown ?? false);
    },
    copy(onCopyChange) {
      const { result: _, ...rest } = options;
      const known = run === null ? { result } : {};
      return createLogQuery({ ...rest, filter, records, onChange: onCopyChange, ...known });
    },
    dispose() {
      run?.cancel();
      run = null;
    },
  };
}

/** Some records by their verdict. */
interface Sorted {
  shown: LogRecord[];
  matches: LogRecord[];
  technical: number;
}

function sortOut(records: readonly LogRecord[], filter: CompiledFilter): Sorted {
  const sorted: Sorted = { shown: [], matches: [], technical: 0 };
  for (const record of records) {
    const verdict = filter.verdictOf(record);
    if (verdict === 'technical') sorted.technical += 1;
    else if (verdict !== 'out') sorted.shown.push(record);
    if (verdict === 'match') sorted.matches.push(record);
  }
  return sorted;
}

function extended(old: QueryResult, { shown, matches, technical }: Sorted): QueryResult {
  // With "only matches" both are the same list.
  const isSame = shown.length === matches.length && old.shown === old.matches;
  const list = withRecords(old.shown, shown);
  return {
    shown: list,
    matches: isSame ? list : withRecords(old.matches, matches),
    technical: old.technical + technical,
  };
}

/** The result without records that were dropped: those before `first`. */
function without(old: QueryResult, dropped: readonly LogRecord[], first: number, filter: CompiledFilter): QueryResult {
  if (dropped.length === 0) return old;
  const lost = old.technical === 0 ? 0 : dropped.filter((record) => filter.verdictOf(record) === 'technical').length;
  const rest = (list: LogList) => newest(list, list.length - list.countThrough(first - 1));
  const shown = rest(old.shown);
  const matches = old.matches === old.shown ? shown : rest(old.matches);
  return { shown, matches, technical: Math.max(0, old.technical - lost) };
}
