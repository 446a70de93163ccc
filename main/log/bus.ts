import { MAX_LOG_BATCH, type Unsubscribe } from '../../shared/bridge.ts';
import { composeRecord, LogDraft, type LogRecord, preciseNow } from '../../shared/log-event.ts';
import { createFloodGuard } from './flood-guard.ts';
import { createReorder } from './reorder.ts';
import { createRing } from './ring.ts';

/** Subscribers hear of new records at most this often (ms). */
const BATCH_MS = 50;
/** So many records are composed and handed out in one go; the rest, as long as it has room, waits for the sockets' turn. */
const SLICE = 64;
/** Windows together may log this many events a second; a healthy one logs a few. */
const CLIENT_EVENTS_PER_SECOND = 2_000;

export interface LogBusOptions {
  /** Milliseconds since the epoch, with fractions. Default: `preciseNow`. */
  now?: () => number;
  /** Milliseconds on a clock that never goes back, for the pace of the windows. Default: the process's. */
  steady?: () => number;
  /** How many records `history` goes back. Default: 10,000. */
  capacity?: number;
  /** How many events a second all windows together may log before the rest is dropped. Default: 2,000. */
  clientEventsPerSecond?: number;
}

/** The one log: every event of every side, in one order. */
export interface LogBus {
  /** Takes an event of the server or the app. Never throws. */
  append(draft: LogDraft): void;
  /**
   * Takes a window's events, whatever they claim to be: their side is `client`, and what is malformed or too much is
   * dropped and counted in a `LOG_DROPPED` record, one a second. Never throws.
   */
  appendBatch(drafts: unknown): void;
  /**
   * The newest records, oldest first: exactly those that subscribers have been given. `history` and `subscribe` called in
   * one tick have no hole and no duplicate between them; over a bridge, where both travel on their own, the receiver
   * subscribes first and then leaves out what it has by `seq`.
   */
  history(): LogRecord[];
  /** Hears of new records in batches, oldest first, at most every 50 ms. A listener that throws harms no other. */
  subscribe(listener: (records: LogRecord[]) => void): Unsubscribe;
  /** Gives out at once what still waits for its place in the order: before the app ends. */
  flush(): void;
}

/**
 * Makes the bus. An event is held for 100 ms, so that it stands in the order of time among the other side's events; then
 * it gets its `seq`, enters the bounded history and goes to the subscribers, all in one step.
 */
export function createLogBus(options: LogBusOptions = {}): LogBus {
  const {
    now = preciseNow,
    steady = () => performance.now(),
    capacity = 10_000,
    clientEventsPerSecond = CLIENT_EVENTS_PER_SECOND,
  } = options;
  const reorder = createReorder();
  const ring = createRing<LogRecord>(capacity);
  const guard = createFloodGuard(clientEventsPerSecond);
  const listeners = new Set<(records: LogRecord[]) => void>();
  let seq = 0;
  let timer: NodeJS.Timeout | null = null;

  const hold = (draft: LogDraft): void => {
    reorder.add(draft, now());
    wake();
  };

  /** The timer runs only while something waits. */
  function wake(): void {
    timer ??= setTimeout(() => {
      timer = null;
      reportDropped();
      giveOut();
    }, BATCH_MS).unref();
  }

  function giveOut(): void {
    const drafts = reorder.release(now(), SLICE);
    publish(drafts);
    if (drafts.length >= SLICE) setImmediate(giveOut);
    else if (reorder.size > 0 || guard.hasReport) wake();
  }

  function reportDropped(): void {
    const time = now();
    const count = guard.report(steady());
    if (count > 0) reorder.add({ time, side: 'app', event: 'LOG_DROPPED', fields: { count } }, time);
  }

  function publish(drafts: LogDraft[]): void {
    if (drafts.length === 0) return;
    const records = drafts.map((draft) => composeRecord(draft, ++seq));
    for (const record of records) ring.push(record);
    for (const listener of [...listeners]) {
      try {
        listener(records);
      } catch {
        // There is no log to write this to; the other listeners must still hear.
      }
    }
  }

  return {
    append: hold,
    appendBatch(drafts) {
      const batch: unknown[] = Array.isArray(drafts) ? drafts : [drafts];
      for (const [position, value] of batch.entries()) {
        const time = now();
        // Counted before it is parsed: a flood must not cost the work of reading it.
        if (position >= MAX_LOG_BATCH) guard.refuse();
        else if (guard.admits(steady())) {
          const draft = LogDraft.safeParse(value);
          if (draft.success) reorder.add({ ...draft.data, side: 'client' }, time);
          else guard.refuse();
        }
      }
      if (batch.length > 0) wake();
    },
    history: () => ring.toArray(),
    subscribe(listener) {
      // Its own function, so that one listener may subscribe twice and leave once.
      const heard = (records: LogRecord[]) => listener(records);
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    flush() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      reportDropped();
      publish(reorder.drain());
      if (guard.hasReport) wake();
    },
  };
}
