import { MAX_HISTORY_PAGE, MAX_LOG_BATCH, type Unsubscribe } from '../../shared/bridge.ts';
import { LogDraft, type LogRecord } from '../../shared/log-event.ts';
import { sizeOf } from '../../shared/log-fields.ts';
import { composeRecord } from '../../shared/log-line.ts';
import { preciseNow } from '../../shared/precise-clock.ts';
import { createRateLimiter } from '../guard/rate-limiter.ts';
import { createReorder } from './reorder.ts';
import { createRing } from './ring.ts';

/** Subscribers receive new records at most this often (ms). */
const BATCH_MS = 50;
/**
 * How many records are published at a time. Further ones wait for the next turn of the event loop, so sockets get
 * theirs.
 */
const MAX_SLICE = 64;
/** Limit of all windows together. A healthy window logs a few events a second. */
const CLIENT_EVENTS_PER_SECOND = 2_000;
/** So much in the fields of a window's event (`sizeOf`) counts as one more event. */
const EVENT_SIZE = 300;
/** How many records the history keeps: as many as a window. They need about 20 MB. */
const HISTORY_RECORDS = 100_000;
/** Largest size of all fields in the history (`sizeOf`), which bounds its memory. Usually a record has 80. */
const MAX_HISTORY_SIZE = 15_000_000;
/** Largest size of the fields in a page of the history (`sizeOf`), if it has more than one record. */
const MAX_PAGE_SIZE = 300_000;

export interface LogBusOptions {
  /** Milliseconds since the epoch, with fractions. Default: `preciseNow`. */
  now?: () => number;
  /** Milliseconds on a monotonic clock, for the rate limit. Default: `performance.now`. */
  monotonicNow?: () => number;
  /** How many records `history` keeps; fewer if their fields are large. Default: 100,000. */
  capacity?: number;
  /** Events per second of all windows together; more are dropped. Large ones count as several. Default: 2,000. */
  clientEventsPerSecond?: number;
}

/** The log of the app, the server and the windows, in one order. */
export interface LogBus {
  /** Adds an event of the server or the app. Never throws. */
  append(draft: LogDraft): void;
  /**
   * Adds a window's events, with `client` as their side. Malformed and excess events are dropped and counted in a
   * `LOG_DROPPED` record, at most one a second. Never throws.
   * @param drafts untrusted
   */
  appendBatch(drafts: unknown): void;
  /**
   * All kept records, oldest first: exactly those that subscribers have received. If `history` and `subscribe` are
   * called in one tick, no record is missing or duplicated between them. Over a bridge, where they are separate
   * messages, the receiver subscribes first and then skips duplicates by `seq`.
   */
  history(): LogRecord[];
  /**
   * A page of the history, oldest first: its newest records, or the newest of those before a `seq`. At most
   * `MAX_HISTORY_PAGE`, fewer if they are large. Empty: there are no older ones.
   */
  historyPage(before?: number): LogRecord[];
  /**
   * Calls the listener with new records, oldest first, at most every 50 ms. A listener that throws affects no other.
   */
  subscribe(listener: (records: LogRecord[]) => void): Unsubscribe;
  /** Publishes all waiting events immediately. Call it before the app ends. */
  flush(): void;
}

/**
 * Creates the bus. It holds an event for 100 ms so that the events of all sides are in order of time. In a single step,
 * the event then gets its `seq`, enters the history and goes to the subscribers.
 */
export function createLogBus(options: LogBusOptions = {}): LogBus {
  const {
    now = preciseNow,
    monotonicNow = () => performance.now(),
    capacity = HISTORY_RECORDS,
    clientEventsPerSecond = CLIENT_EVENTS_PER_SECOND,
  } = options;
  const reorder = createReorder();
  const ring = createRing<LogRecord>(capacity, { max: MAX_HISTORY_SIZE, weigh: ({ fields }) => sizeOf(fields) });
  const limiter = createRateLimiter(clientEventsPerSecond);
  const listeners = new Set<(records: LogRecord[]) => void>();
  let seq = 0;
  let timer: NodeJS.Timeout | null = null;

  function append(draft: LogDraft): void {
    reorder.add(draft, now());
    startTimer();
  }

  /** The timer runs only while events wait. */
  function startTimer(): void {
    timer ??= setTimeout(() => {
      timer = null;
      reportDropped();
      publishDue();
    }, BATCH_MS).unref();
  }

  function publishDue(): void {
    const drafts = reorder.release(now(), MAX_SLICE);
    publish(drafts);
    if (drafts.length >= MAX_SLICE) setImmediate(publishDue);
    else if (reorder.size > 0 || limiter.hasRefusals) startTimer();
  }

  function historyPage(before = Number.POSITIVE_INFINITY): LogRecord[] {
    // Records are numbered without gaps.
    const end = Math.min(Math.max(before - (ring.at(0)?.seq ?? 1), 0), ring.length);
    const page: LogRecord[] = [];
    let size = 0;
    for (let at = end - 1; at >= 0 && page.length < MAX_HISTORY_PAGE; at--) {
      const record = ring.at(at) as LogRecord;
      size += sizeOf(record.fields);
      if (page.length > 0 && size > MAX_PAGE_SIZE) break;
      page.push(record);
    }
    return page.reverse();
  }

  function reportDropped(): void {
    const time = now();
    const count = limiter.takeRefusals(monotonicNow());
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
        // This can't be logged. The other listeners must still be called.
      }
    }
  }

  return {
    append,
    appendBatch(drafts) {
      const batch: unknown[] = Array.isArray(drafts) ? drafts : [drafts];
      for (const [position, value] of batch.entries()) {
        const time = now();
        // Check the limit before parsing, so that a flood is cheap to reject.
        if (position >= MAX_LOG_BATCH) limiter.countRefusal();
        else if (limiter.allows(monotonicNow())) {
          const draft = LogDraft.safeParse(value);
          if (draft.success) {
            limiter.charge(Math.floor(sizeOf(draft.data.fields) / EVENT_SIZE));
            reorder.add({ ...draft.data, side: 'client' }, time);
          } else limiter.countRefusal();
        }
      }
      if (batch.length > 0) startTimer();
    },
    history: () => ring.toArray(),
    historyPage,
    subscribe(listener) {
      // A new function for each subscription, so that a listener that subscribed twice can unsubscribe once.
      const subscription = (records: LogRecord[]) => listener(records);
      listeners.add(subscription);
      return () => listeners.delete(subscription);
    },
    flush() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      reportDropped();
      publish(reorder.drain());
      if (limiter.hasRefusals) startTimer();
    },
  };
}
