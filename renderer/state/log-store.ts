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
  unrecorded: { waiting: number; dropped: number };
  /** Names of the events that occur, sorted. */
  events: readonly LogEventName[];
  filter: LogFilter;
  following: boolean;
  /** Matching records since the pause. */
  newCount: number;
  /** Whether lines were cleared from this window's view. */
  cleared: boolean;
}

/** What paused or resumed the list. */
type PausedBy = 'scroll' | 'button';

export interface LogStore extends StoreApi<LogState> {
  setFilter(change: Partial<LogFilter>): void;
  /** Pauses the list. New records are still kept. */
  pause(by: PausedBy): void;
  /** Resumes the list at the newest line. Scrolling to the end does not undo a pause by the button. */
  follow(by: PausedBy): void;
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
  let waiting: readonly LogRecord[] = [];
  /** The records at the time of the pause. */
  let paused: { records: readonly LogRecord[]; matching: readonly LogRecord[] } | null = null;
  let pausedUnrecorded: readonly LogRecord[] = [];
  let pausedBy: PausedBy | null = null;
  let clearedThrough = 0;
  let waitingClearedThrough = 0;
  let fetching = false;

  const store = createStore<LogState>(() => ({
    shown: [],
    total: 0,
    unrecorded: { waiting: 0, dropped: 0 },
    events: [],
    filter: EVERYTHING,
    following: true,
    newCount: 0,
    cleared: false,
  }));

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
    draw();
  }

  /** Unrecorded events are few, and come after all records. */
  function receiveUnrecorded(): void {
    const { lines, dropped } = outbox.unrecorded();
    waiting = lines.slice(countThrough(lines, waitingClearedThrough));
    // Events that were recorded meanwhile count as new lines.
    const current = new Set(waiting);
    pausedUnrecorded = pausedUnrecorded.filter((line) => current.has(line));
    const { events } = store.getState();
    store.setState({ unrecorded: { waiting: lines.length, dropped }, events: withEvents(events, waiting) });
    draw();
  }

  /** Updates the lines of the list. */
  function draw(): void {
    const { filter } = store.getState();
    const unrecorded = filterLog(paused === null ? waiting : pausedUnrecorded, filter);
    const recorded = paused?.matching ?? matching;
    store.setState({
      total: records.length + waiting.length,
      shown: unrecorded.length === 0 ? recorded : recorded.concat(unrecorded),
      newCount: paused === null ? 0 : countNew(),
    });
  }

  /** Fills a gap at the start, when history and live records overlap, or after a broken connection. */
  async function fetchHistory(): Promise<void> {
    if (fetching) return;
    fetching = true;
    try {
      receive(await bridge.getLogHistory());
    } catch {
      // Without history, the panel shows new records only.
    } finally {
      fetching = false;
    }
  }

  function countNew(): number {
    const { filter } = store.getState();
    const newWaiting = filterLog(waiting, filter).length - filterLog(pausedUnrecorded, filter).length;
    return matching.length - countThrough(matching, paused?.records.at(-1)?.seq ?? clearedThrough) + newWaiting;
  }

  const stopListening = bridge.onLogRecords(receive);
  const stopWaiting = outbox.subscribe(receiveUnrecorded);
  receiveUnrecorded();
  void fetchHistory();

  return {
    ...store,
    setFilter(change) {
      const filter = { ...store.getState().filter, ...change };
      matching = filterLog(records, filter);
      if (paused !== null) paused = { ...paused, matching: filterLog(paused.records, filter) };
      store.setState({ filter });
      draw();
    },
    pause(by) {
      if (paused !== null) return;
      paused = { records, matching };
      pausedUnrecorded = waiting;
      pausedBy = by;
      store.setState({ following: false, newCount: 0 });
    },
    follow(by) {
      if (paused === null || (by === 'scroll' && pausedBy === 'button')) return;
      paused = null;
      pausedBy = null;
      store.setState({ following: true });
      draw();
    },
    clear() {
      clearedThrough = records.at(-1)?.seq ?? clearedThrough;
      waitingClearedThrough = waiting.at(-1)?.seq ?? waitingClearedThrough;
      records = [];
      matching = [];
      waiting = [];
      pausedUnrecorded = [];
      if (paused !== null) paused = { records, matching };
      store.setState({ events: [], cleared: clearedThrough > 0 || waitingClearedThrough > 0 });
      draw();
    },
    dispose() {
      stopListening();
      stopWaiting();
    },
  };
}

function withEvents(known: readonly LogEventName[], batch: readonly LogRecord[]): readonly LogEventName[] {
  const all = new Set(known);
  for (const record of batch) all.add(record.event);
  return all.size === known.length ? known : [...all].sort();
}
