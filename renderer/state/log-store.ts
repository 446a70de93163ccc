import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { LogEventName, LogRecord } from '../../shared/log-event.ts';
import { compileFilter, EVERYTHING, filterLog, type LogFilter } from './log-filter.ts';
import { countThrough, joinRecords } from './log-window.ts';

export interface LogState {
  /** What the list draws: filtered, and standing still while paused. */
  shown: readonly LogRecord[];
  /** Records held by this window, before the filters. */
  total: number;
  /** The events that occur, by name. */
  events: readonly LogEventName[];
  filter: LogFilter;
  following: boolean;
  /** Records that passed the filters since the pause. */
  newCount: number;
  /** Something was cleared from this window's view. */
  cleared: boolean;
}

/** What paused the list, or set it going again. */
type PausedBy = 'scroll' | 'button';

export interface LogStore extends StoreApi<LogState> {
  setFilter(change: Partial<LogFilter>): void;
  /** Lets the list stand still; records go on being kept. */
  pause(by: PausedBy): void;
  /** Lets the list run again, from the newest. Scrolling back to the end does not undo a pause by the button. */
  follow(by: PausedBy): void;
  /** Empties this window's view. Other windows and the log file keep everything. */
  clear(): void;
  dispose: Unsubscribe;
}

/**
 * This window's view of the one log. The bus gives the order; this only joins, filters and forgets.
 * A batch costs what it brings: what was filtered before is not filtered again.
 */
export function createLogStore(bridge: Pick<Bridge, 'getLogHistory' | 'onLogRecords'>): LogStore {
  let records: readonly LogRecord[] = [];
  let matching: readonly LogRecord[] = [];
  /** What was held at the moment of the pause. */
  let frozen: readonly LogRecord[] | null = null;
  let pausedBy: PausedBy | null = null;
  let clearedThrough = 0;
  let fetching = false;

  const store = createStore<LogState>(() => ({
    shown: [],
    total: 0,
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
    const { filter, events, following, shown, newCount } = store.getState();
    if (inOrder) {
      const kept = matching.slice(countThrough(matching, (records[0]?.seq ?? 1) - 1));
      // A batch that overlaps itself is joined by seq; matching must see the joined one.
      const added = records.slice(countThrough(records, last)).filter(compileFilter(filter));
      matching = kept.concat(added);
    } else {
      matching = filterLog(records, filter);
    }
    store.setState({
      total: records.length,
      events: withEvents(events, fresh),
      shown: following ? matching : shown,
      newCount: following ? newCount : countNew(),
    });
  }

  /** A hole can only be at the start, when history and live records cross, or after a broken bridge. */
  async function fetchHistory(): Promise<void> {
    if (fetching) return;
    fetching = true;
    try {
      receive(await bridge.getLogHistory());
    } catch {
      // Without history the panel shows what comes from now on.
    } finally {
      fetching = false;
    }
  }

  function countNew(): number {
    return matching.length - countThrough(matching, frozen?.at(-1)?.seq ?? clearedThrough);
  }

  const stopListening = bridge.onLogRecords(receive);
  void fetchHistory();

  return {
    ...store,
    setFilter(change) {
      const filter = { ...store.getState().filter, ...change };
      matching = filterLog(records, filter);
      const shown = frozen === null ? matching : filterLog(frozen, filter);
      store.setState({ filter, shown, newCount: frozen === null ? 0 : countNew() });
    },
    pause(by) {
      if (frozen !== null) return;
      frozen = records;
      pausedBy = by;
      store.setState({ following: false, newCount: 0 });
    },
    follow(by) {
      if (frozen === null || (by === 'scroll' && pausedBy === 'button')) return;
      frozen = null;
      pausedBy = null;
      store.setState({ following: true, newCount: 0, shown: matching });
    },
    clear() {
      clearedThrough = records.at(-1)?.seq ?? clearedThrough;
      records = [];
      matching = [];
      if (frozen !== null) frozen = [];
      store.setState({ shown: [], total: 0, events: [], newCount: 0, cleared: clearedThrough > 0 });
    },
    dispose: stopListening,
  };
}

function withEvents(known: readonly LogEventName[], batch: readonly LogRecord[]): readonly LogEventName[] {
  const all = new Set(known);
  for (const record of batch) all.add(record.event);
  return all.size === known.length ? known : [...all].sort();
}
