import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { LogEventName } from '../../shared/log-catalogue.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { sessionOf } from '../../shared/log-line.ts';
import { createCompactor } from './compact-record.ts';
import { compileFilter, EVERYTHING, type LogFilter, type RecordReader, type Verdict } from './log-filter.ts';
import { EMPTY_LIST, type LogList, listOf, newest, withRecords } from './log-list.ts';
import type { LogOutbox } from './log-outbox.ts';
import { createLogQuery, type LogQuery, type QueryResult } from './log-query.ts';
import { searchWords } from './log-words.ts';
import type { ParsedLog } from './parse-log.ts';
import { type RunLater, runLater } from './run-later.ts';
import { searchedText } from './searched-text.ts';

/** Most records a window holds. Above it, the oldest are dropped. */
export const MAX_RECORDS = 100_000;

export interface LogState {
  /**
   * The filtered lines. They do not change while the list is paused. Events of this window that the host has not
   * recorded (`isUnrecorded`) come last.
   */
  shown: LogList;
  /** All lines before filtering, of the file if one is open. */
  records: LogList;
  /** Number of lines before filtering. */
  total: number;
  /** How many lines are left out only because they are technical. */
  technical: number;
  /** Whether the filter has not read all lines yet. `shown` then has what it found among the newest ones. */
  filtering: boolean;
  search: LogSearch;
  /** How many events of this window are not recorded yet, and how many were dropped. */
  unrecorded: { count: number; dropped: number };
  /**
   * How many older records of this launch are not held here. The newest of them are in the log file. 0 after a clear,
   * and while the history is being fetched.
   */
  olderInFile: number;
  /** Names of the events that occur, sorted. */
  events: readonly LogEventName[];
  filter: LogFilter;
  following: boolean;
  /** Matching records since the pause. */
  newCount: number;
  /** Whether lines were cleared from this window's view. */
  cleared: boolean;
  /** Whether the last clear can be undone. */
  canUndoClear: boolean;
  /** The file that is shown instead of the live log, or null. */
  file: LogFile | null;
  /** Warnings and errors that arrived since the window was opened and while the log was closed. */
  unseenWarnings: number;
}

interface LogSearch {
  /** In lower case, for `matchRanges`. Empty: there is no search. */
  words: readonly string[];
  /** Number of lines that match. */
  count: number;
  /** The `seq` of the match that was gone to, or null. */
  current: number | null;
  /** Its position among the matches, from 1; 0: there is none. */
  position: number;
}

interface LogFile {
  name: string;
  /** Number of records. */
  count: number;
  /** Lines that could not be read: how many, and the numbers of the first ones. */
  malformed: ParsedLog['malformed'];
}

/** What paused or resumed the list. */
type PausedBy = 'scroll' | 'button';

export interface LogStore extends StoreApi<LogState> {
  setFilter(change: Partial<LogFilter>): void;
  /** Filters again, because `keyOf` or `isPlain` now say something else of some records. */
  refilter(): void;
  /**
   * Goes to the next match, after the last one to the first.
   * @param from the `seq` to begin after. Default: the current match
   * @returns the `seq` of the match, or null if there is none
   */
  findNext(from?: number): number | null;
  /** As `findNext`, backwards. */
  findPrevious(from?: number): number | null;
  /** Pauses the list. New records are still kept. */
  pause(by: PausedBy): void;
  /** Resumes the list at the newest line. Scrolling to the end does not undo a pause by the button. */
  follow(by: PausedBy): void;
  /** The user has seen the log. */
  seeWarnings(): void;
  /** Empties this window's view. Other windows and the log file keep everything. */
  clear(): void;
  /** Shows the lines of the last clear again. Possible until the next one, and until as many newer lines are held. */
  undoClear(): void;
  /** Shows records of a file instead of the live log, which goes on arriving. @param records in the order of the file */
  openFile(name: string, records: readonly LogRecord[], malformed?: ParsedLog['malformed']): void;
  /** Returns to the live log. */
  closeFile(): void;
  dispose: Unsubscribe;
}

export interface LogStoreOptions {
  /** What the filter has to know about records. */
  reader?: Partial<RecordReader>;
  /** Runs the filter in slices. */
  later?: RunLater;
  /** Milliseconds on a monotonic clock, to measure the slices. */
  now?: () => number;
}

/**
 * This window's view of the log, in the order given by the host. A batch of new records is filtered by itself; earlier
 * records are not filtered again.
 */
export function createLogStore(
  bridge: Pick<Bridge, 'getLogHistory' | 'onLogRecords'>,
  outbox: Pick<LogOutbox, 'unrecorded' | 'subscribe'>,
  options: LogStoreOptions = {},
): LogStore {
  const { later = runLater, now = () => performance.now() } = options;
  const reader: RecordReader = {
    keyOf: sessionOf,
    searchedText,
    isPlain: () => true,
    ...options.reader,
  };
  let filter = compileFilter(EVERYTHING, reader);
  const queryOf = (records: LogList, max = MAX_RECORDS) =>
    createLogQuery({ filter, records, max, later, now, onChange: update });
  const live = queryOf(EMPTY_LIST);
  const compact = createCompactor();
  /** The records at the time of the pause. */
  let paused: LogQuery | null = null;
  let pausedBy: PausedBy | null = null;
  let file: { query: LogQuery; facts: LogFile; events: readonly LogEventName[] } | null = null;
  let liveEvents: readonly LogEventName[] = [];
  /** This window's unrecorded events, without the cleared ones. */
  let unrecorded: readonly LogRecord[] = [];
  let pausedUnrecorded: readonly LogRecord[] = [];
  let clearedThrough = 0;
  let unrecordedClearedThrough = 0;
  /** What the last clear removed. */
  let cleared: { live: LogList; paused: LogList | null; through: number; unrecordedThrough: number } | null = null;
  let fetching = false;
  /** Records up to this number are counted among the unseen warnings, or are older than this window. */
  let countedThrough: number | null = null;

  const store = createStore<LogState>(() => ({
    shown: EMPTY_LIST,
    records: EMPTY_LIST,
    total: 0,
    technical: 0,
    filtering: false,
    search: { words: [], count: 0, current: null, position: 0 },
    unrecorded: { count: 0, dropped: 0 },
    olderInFile: 0,
    events: [],
    filter: EVERYTHING,
    following: true,
    newCount: 0,
    cleared: false,
    canUndoClear: false,
    file: null,
    unseenWarnings: 0,
  }));
  /** The match that was gone to. */
  let current: number | null = null;
  let matches: LogList = EMPTY_LIST;

  function countWarnings(batch: readonly LogRecord[]): void {
    const from = countedThrough ?? 0;
    const fresh = batch.filter(({ seq, level }) => seq > from && (level === 'warn' || level === 'error')).length;
    countedThrough = Math.max(from, batch.at(-1)?.seq ?? 0);
    if (fresh > 0) store.setState({ unseenWarnings: store.getState().unseenWarnings + fresh });
  }

  function receive(batch: readonly LogRecord[]): void {
    const fresh = clearedThrough === 0 ? batch : batch.filter((record) => record.seq > clearedThrough);
    const first = fresh[0];
    if (first === undefined) return;
    const last = live.records().at(-1)?.seq ?? clearedThrough;
    liveEvents = withEvents(liveEvents, live.add(fresh.map(compact)));
    if (cleared !== null && live.records().length >= MAX_RECORDS) cleared = null;
    if (first.seq > last + 1) void fetchHistory();
    update();
  }

  /** Unrecorded events are few, and come after all records. */
  function receiveUnrecorded(): void {
    const { lines } = outbox.unrecorded();
    unrecorded = lines.filter(({ seq }) => seq > unrecordedClearedThrough);
    // Events that were recorded meanwhile count as new lines.
    const known = new Set(unrecorded);
    pausedUnrecorded = pausedUnrecorded.filter((line) => known.has(line));
    liveEvents = withEvents(liveEvents, unrecorded);
    update();
  }

  /**
   * Fetches the records that are missing, newest first and a page at a time: those before this window was opened, and
   * those from a broken connection.
   */
  async function fetchHistory(): Promise<void> {
    if (fetching) return;
    fetching = true;
    try {
      for (let before = missingBefore(); before !== null; ) {
        const page = await bridge.getLogHistory(before === undefined ? undefined : { before });
        // What happened before this window was opened is no news.
        countedThrough ??= page.at(-1)?.seq ?? 0;
        countWarnings(page);
        receive(page);
        const next = missingBefore();
        // The host does not have them.
        if (next === before) break;
        before = next;
      }
    } catch {
      // Without history, the panel shows new records only.
    } finally {
      fetching = false;
      update();
    }
  }

  /**
   * The `seq` before which records are missing: the first one after the newest gap.
   * @returns undefined if there are no records yet; null if none is missing that could be held
   */
  function missingBefore(): number | undefined | null {
    const records = live.records();
    const last = records.at(-1);
    if (last === undefined) return clearedThrough > 0 ? null : undefined;
    // The newest records without a gap are those whose distance to the last one is the same in the list.
    let low = 0;
    let high = records.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (last.seq - (records.at(middle)?.seq ?? 0) === records.length - 1 - middle) high = middle;
      else low = middle + 1;
    }
    const first = records.at(low)?.seq ?? 1;
    const isFull = low === 0 && records.length >= MAX_RECORDS;
    return isFull || first - 1 <= clearedThrough ? null : first;
  }

  /** Computes the state from the records, whatever changed. */
  function update(): void {
    const query = file?.query ?? paused ?? live;
    const lines = file !== null ? [] : paused === null ? unrecorded : pausedUnrecorded;
    const { shown, matches: found, technical } = withLines(query.result(), lines);
    matches = found;
    const before = store.getState();
    const { lines: allUnrecorded, dropped } = outbox.unrecorded();
    store.setState({
      shown,
      records: lines.length === 0 ? query.records() : withRecords(query.records(), lines),
      total: file !== null ? query.records().length : live.records().length + unrecorded.length,
      technical,
      filtering: query.isRunning(),
      search: searchState(before.search),
      unrecorded: { count: allUnrecorded.length, dropped },
      olderInFile: clearedThrough > 0 || fetching ? 0 : Math.max(0, (live.records().at(0)?.seq ?? 1) - 1),
      events: file?.events ?? liveEvents,
      following: file === null && paused === null,
      newCount: file !== null || paused === null ? 0 : countNew(paused),
      cleared: clearedThrough > 0 || unrecordedClearedThrough > 0,
      canUndoClear: cleared !== null,
      file: file?.facts ?? null,
    });
  }

  const passing = (lines: readonly LogRecord[]) =>
    lines.filter((line) => ['line', 'match'].includes(filter.verdictOf(line)));

  /** The result with events that the host has not recorded. */
  function withLines(result: QueryResult, lines: readonly LogRecord[]): QueryResult {
    if (lines.length === 0) return result;
    const withVerdict = (wanted: Verdict) => lines.filter((line) => filter.verdictOf(line) === wanted);
    return {
      shown: withRecords(result.shown, passing(lines)),
      matches: withRecords(result.matches, withVerdict('match')),
      technical: result.technical + withVerdict('technical').length,
    };
  }

  function searchState(before: LogSearch): LogSearch {
    const position = current === null ? 0 : matches.indexOf(current) + 1;
    const { search } = store.getState().filter;
    const words = searchWords(search);
    const after = { words, count: matches.length, current: position === 0 ? null : current, position };
    return isSameSearch(before, after) ? before : after;
  }

  function countNew(since: LogQuery): number {
    const { shown } = live.result();
    const recorded = shown.length - shown.countThrough(since.records().at(-1)?.seq ?? clearedThrough);
    return recorded + passing(unrecorded).length - passing(pausedUnrecorded).length;
  }

  function find(step: 1 | -1, from: number | null): number | null {
    if (matches.length === 0) return null;
    const before = from === null ? 0 : matches.countThrough(step === 1 ? from : from - 1);
    const index = step === 1 ? before % matches.length : (before - 1 + matches.length) % matches.length;
    current = matches.at(index)?.seq ?? null;
    update();
    return current;
  }

  function resume(): void {
    paused?.dispose();
    paused = null;
    pausedBy = null;
  }

  const queries = () => [live, paused, file?.query].filter((query) => query != null);
  const unsubscribeFromRecords = bridge.onLogRecords((batch) => {
    countWarnings(batch);
    receive(batch);
  });
  const unsubscribeFromOutbox = outbox.subscribe(receiveUnrecorded);
  receiveUnrecorded();
  void fetchHistory();

  return {
    ...store,
    setFilter(change) {
      const next = { ...store.getState().filter, ...change };
      filter = compileFilter(next, reader);
      store.setState({ filter: next });
      for (const query of queries()) query.setFilter(filter);
      update();
    },
    refilter() {
      for (const query of queries()) query.updateFilter(filter);
      update();
    },
    findNext: (from) => find(1, from ?? store.getState().search.current),
    findPrevious: (from) => find(-1, from ?? store.getState().search.current),
    pause(by) {
      if (paused !== null || file !== null) return;
      paused = live.copy(update);
      pausedUnrecorded = unrecorded;
      pausedBy = by;
      update();
    },
    follow(by) {
      if (paused === null || file !== null || (by === 'scroll' && pausedBy === 'button')) return;
      resume();
      update();
    },
    seeWarnings: () => store.setState({ unseenWarnings: 0 }),
    clear() {
      const records = live.records();
      cleared = {
        live: records,
        paused: paused?.records() ?? null,
        through: clearedThrough,
        unrecordedThrough: unrecordedClearedThrough,
      };
      clearedThrough = records.at(-1)?.seq ?? clearedThrough;
      unrecordedClearedThrough = unrecorded.at(-1)?.seq ?? unrecordedClearedThrough;
      live.setRecords(EMPTY_LIST);
      paused?.setRecords(EMPTY_LIST);
      unrecorded = [];
      pausedUnrecorded = [];
      liveEvents = [];
      update();
    },
    undoClear() {
      if (cleared === null) return;
      const { through, unrecordedThrough, ...before } = cleared;
      const joined = (old: LogList, list: LogList) => newest(withRecords(old, list.toArray()), MAX_RECORDS);
      cleared = null;
      clearedThrough = through;
      unrecordedClearedThrough = unrecordedThrough;
      live.setRecords(joined(before.live, live.records()));
      paused?.setRecords(joined(before.paused ?? before.live, paused.records()));
      liveEvents = withEvents(liveEvents, before.live);
      receiveUnrecorded();
      // What the clear kept from being fetched.
      void fetchHistory();
    },
    openFile(name, records, malformed = { count: 0, firstLines: [] }) {
      file?.query.dispose();
      const list = listOf(numbered(records));
      const facts = { name, count: list.length, malformed };
      file = { query: queryOf(list, Number.POSITIVE_INFINITY), facts, events: withEvents([], records) };
      current = null;
      update();
    },
    closeFile() {
      if (file === null) return;
      file.query.dispose();
      file = null;
      current = null;
      update();
    },
    dispose() {
      unsubscribeFromRecords();
      unsubscribeFromOutbox();
      for (const query of queries()) query.dispose();
    },
  };
}

function withEvents(known: readonly LogEventName[], batch: Iterable<LogRecord>): readonly LogEventName[] {
  const all = new Set(known);
  for (const record of batch) all.add(record.event);
  return all.size === known.length ? known : [...all].sort();
}

function isSameSearch(a: LogSearch, b: LogSearch): boolean {
  return (
    a.count === b.count &&
    a.current === b.current &&
    a.position === b.position &&
    a.words.length === b.words.length &&
    a.words.every((word, at) => word === b.words[at])
  );
}

/** The records of a file in its order: numbered by their position if their numbers do not ascend. */
function numbered(records: readonly LogRecord[]): readonly LogRecord[] {
  const ascends = records.every(({ seq }, at) => at === 0 || seq > (records[at - 1]?.seq ?? 0));
  return ascends ? records : records.map((record, at) => ({ ...record, seq: at + 1 }));
}
