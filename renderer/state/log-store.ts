import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { LogEventName } from '../../shared/log-catalogue.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { compileFilter, EVERYTHING, filterLog, type LogFilter } from './log-filter.ts';
import type { LogOutbox } from './log-outbox.ts';
import { countThrough, joinRecords } from './log-window.ts';

export interface LogState {
  /**
   * The filtered lines. They do not change while the list is paused. Events of this window that the host has not
   * recorded (`isUnrecorded`) come last.
   */
  shown: readonly LogRecord[];
  /** Number of lines before filtering. */
  total: number;
  /** How many events of this window are not recorded yet, and how many were dropped. */
  unrecorded: { count: number; dropped: number };
  /** Names of the events that occur, sorted. */
  events: readonly LogEventName[];
  filter: LogFilter;
  following: boolean;
  /** Matching records since the pause. */
  newCount: number;
  /** Whether lines were cleared from this window's view. */
  cleared: boolean;
  /** Warnings and errors that arrived since the window was opened and while the log was closed. */
  unseenWarnings: number;
}

/** What paused or resumed the list. */
type PausedBy = 'scroll' | 'button';

export interface LogStore extends StoreApi<LogState> {
  setFilter(change: Partial<LogFilter>): void;
  /** Pauses the list. New records are still kept. */
  pause(by: PausedBy): void;
  /** Resumes the list at the newest line. Scrolling to the end does not undo a pause by the button. */
  follow(by: PausedBy): void;
  /** The user has seen the log. */
  seeWarnings(): void;
  /** Empties this window's view. Other windows and the log file keep everything. */
  clear(): void;
  dispose: Unsubscribe;
}

/**
 * This window's view of the log, in the order given by the host. A batch of new records is filtered by itself; earlier
 * records are not filtered again.
 */
export function createLogStore(
  bridge: Pick<Bridge, 'getLogHistory' | 'onLogRecords'>,
  outbox: Pick<LogOutbox, 'unrecorded' | 'subscribe'>,
): LogStore {
  let records: readonly LogRecord[] = [];
  let matching: readonly LogRecord[] = [];
  /** This window's unrecorded events, without the cleared ones. */
  let unrecorded: readonly LogRecord[] = [];
  /** At the time of the pause: the records, those that match the filter, and the unrecorded events. */
  let paused: { records: readonly LogRecord[]; matching: readonly LogRecord[] } | null = null;
  let pausedUnrecorded: readonly LogRecord[] = [];
  let pausedBy: PausedBy | null = null;
  let clearedThrough = 0;
  let unrecordedClearedThrough = 0;
  let fetching = false;
  /** Records up to this number are counted among the unseen warnings, or are older than this window. */
  let countedThrough: number | null = null;

  const store = createStore<LogState>(() => ({
    shown: [],
    total: 0,
    unrecorded: { count: 0, dropped: 0 },
    events: [],
    filter: EVERYTHING,
    following: true,
    newCount: 0,
    cleared: false,
    unseenWarnings: 0,
  }));

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
    const last = records.at(-1)?.seq ?? clearedThrough;
    if (first.seq > last + 1) void fetchHistory();
    const inOrder = first.seq > last;
    records = joinRecords(records, fresh);
    const { filter, events } = store.getState();
    if (inOrder) {
      const kept = matching.slice(countThrough(matching, (records[0]?.seq ?? 1) - 1));
      // A batch may contain duplicates, so the joined records are filtered.
      const added = records.slice(countThrough(records, last)).filter(compileFilter(filter));
      matching = kept.concat(added);
    } else {
      matching = filterLog(records, filter);
    }
    store.setState({ events: withEvents(events, fresh) });
    updateList();
  }

  /** Unrecorded events are few, and come after all records. */
  function receiveUnrecorded(): void {
    const { lines, dropped } = outbox.unrecorded();
    unrecorded = lines.slice(countThrough(lines, unrecordedClearedThrough));
    // Events that were recorded meanwhile count as new lines.
    const current = new Set(unrecorded);
    pausedUnrecorded = pausedUnrecorded.filter((line) => current.has(line));
    const { events } = store.getState();
    store.setState({ unrecorded: { count: lines.length, dropped }, events: withEvents(events, unrecorded) });
    updateList();
  }

  /** Updates the lines in the list and their counts. */
  function updateList(): void {
    const { filter } = store.getState();
    const shownUnrecorded = filterLog(paused === null ? unrecorded : pausedUnrecorded, filter);
    const recorded = paused?.matching ?? matching;
    store.setState({
      total: records.length + unrecorded.length,
      shown: shownUnrecorded.length === 0 ? recorded : recorded.concat(shownUnrecorded),
      newCount: paused === null ? 0 : countNew(),
    });
  }

  /** Fills a gap at the start, when history and live records overlap, or after a broken connection. */
  async function fetchHistory(): Promise<void> {
    if (fetching) return;
    fetching = true;
    try {
      const history = await bridge.getLogHistory();
      // What happened before this window was opened is no news.
      countedThrough ??= history.at(-1)?.seq ?? 0;
      countWarnings(history);
      receive(history);
    } catch {
      // Without history, the panel shows new records only.
    } finally {
      fetching = false;
    }
  }

  function countNew(): number {
    const { filter } = store.getState();
    const newUnrecorded = filterLog(unrecorded, filter).length - filterLog(pausedUnrecorded, filter).length;
    return matching.length - countThrough(matching, paused?.records.at(-1)?.seq ?? clearedThrough) + newUnrecorded;
  }

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
      const filter = { ...store.getState().filter, ...change };
      matching = filterLog(records, filter);
      if (paused !== null) paused = { ...paused, matching: filterLog(paused.records, filter) };
      store.setState({ filter });
      updateList();
    },
    pause(by) {
      if (paused !== null) return;
      paused = { records, matching };
      pausedUnrecorded = unrecorded;
      pausedBy = by;
      store.setState({ following: false, newCount: 0 });
    },
    follow(by) {
      if (paused === null || (by === 'scroll' && pausedBy === 'button')) return;
      paused = null;
      pausedBy = null;
      store.setState({ following: true });
      updateList();
    },
    seeWarnings: () => store.setState({ unseenWarnings: 0 }),
    clear() {
      clearedThrough = records.at(-1)?.seq ?? clearedThrough;
      unrecordedClearedThrough = unrecorded.at(-1)?.seq ?? unrecordedClearedThrough;
      records = [];
      matching = [];
      unrecorded = [];
      pausedUnrecorded = [];
      if (paused !== null) paused = { records, matching };
      store.setState({ events: [], cleared: clearedThrough > 0 || unrecordedClearedThrough > 0 });
      updateList();
    },
    dispose() {
      unsubscribeFromRecords();
      unsubscribeFromOutbox();
    },
  };
}

function withEvents(known: readonly LogEventName[], batch: readonly LogRecord[]): readonly LogEventName[] {
  const all = new Set(known);
  for (const record of batch) all.add(record.event);
  return all.size === known.length ? known : [...all].sort();
}
