import { type Bridge, MAX_LOG_BATCH, type Unsubscribe } from '../../shared/bridge.ts';
import { type Log, type LogDraft, type LogRecord, logFor } from '../../shared/log-event.ts';
import { composeRecord } from '../../shared/log-line.ts';
import type { Link } from '../bridge/link.ts';
import { FIRST_UNRECORDED } from './unrecorded.ts';

/** Longest time (ms) before an event is sent. */
export const SEND_DELAY_MS = 50;
/** Most events kept while the host is away. Above it the oldest are dropped, and their number is logged. */
export const MAX_WAITING = 2_000;
/** After this long (ms) an event is shown even if the host has not recorded it. Usually it takes 200 ms. */
export const SHOWN_AFTER_MS = 1_000;
/** A sent event that is not recorded by then (ms) was dropped by the host, which logs that itself. */
const RECORDED_WITHIN_MS = 5_000;
/** How often an event is sent if the connection broke before the host answered. */
const MAX_TRIES = 3;
/** How long (ms) to wait for records after a broken connection, before sending events again. */
export const RESEND_AFTER_MS = 500;

/** This window's events that the host has not recorded, as log lines. */
export interface Unrecorded {
  /** Oldest first, numbered from `FIRST_UNRECORDED`. Empty while the host keeps up. */
  lines: readonly LogRecord[];
  /** How many older ones were dropped. */
  dropped: number;
}

export interface LogOutbox {
  /** Names this page in the log. */
  windowId: string;
  log: Log;
  /** Sends waiting events now, if the host is connected. */
  flush(): Promise<void>;
  unrecorded(): Unrecorded;
  /** Calls `listener` after each change of `unrecorded()`. */
  subscribe(listener: () => void): Unsubscribe;
}

/** An event, until it arrives as a record. */
interface Entry {
  draft: LogDraft;
  /** The event as a log line, with a number from `FIRST_UNRECORDED`. */
  line: LogRecord;
  since: number;
  /** How often it was sent. */
  tries: number;
  state: 'waiting' | 'sent';
  /** Whether it is shown as a line. It then stays until it is recorded. */
  shown: boolean;
}

/**
 * Collects the window's events and sends them to the host in order, one batch at a time. While the host is away they
 * wait, and can be shown as lines. A batch whose connection broke may have arrived, so it is sent again only if its
 * records do not arrive with the next connection. This avoids duplicates in the log.
 * @param options.now milliseconds on a monotonic clock. Default: `performance.now`
 * @param options.windowId eight characters that name this page in the log. Default: random
 */
export function createLogOutbox(
  bridge: Pick<Bridge, 'appendLog' | 'onLogRecords'>,
  link: Link,
  options: { now?: () => number; windowId?: string } = {},
): LogOutbox {
  const { now = () => performance.now(), windowId = randomWindowId() } = options;
  let entries: Entry[] = [];
  let dropped = 0;
  let count = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let showTimer: ReturnType<typeof setTimeout> | null = null;
  let sending: Promise<void> | null = null;
  let shown: Unrecorded = { lines: [], dropped: 0 };
  const listeners = new Set<() => void>();

  const log = logFor('client', (event) => {
    const draft = { ...event, window: windowId };
    const line = composeRecord(draft, FIRST_UNRECORDED + count++);
    entries.push({ draft, line, since: now(), tries: 0, state: 'waiting', shown: false });
    // Sent events are not lost: they are kept only to be shown.
    if (entries.length > MAX_WAITING && entries.shift()?.state === 'waiting') dropped++;
    flushIn(SEND_DELAY_MS);
    show();
  });

  function flushIn(ms: number): void {
    timer ??= setTimeout(() => void flush(), ms);
  }

  async function send(): Promise<void> {
    while (link.state() === 'up') {
      const batch = entries.filter(({ state }) => state === 'waiting').slice(0, MAX_LOG_BATCH);
      if (batch.length === 0) return;
      for (const entry of batch) {
        entry.state = 'sent';
        entry.tries++;
      }
      // Logged now, because the batch has left room for one more event.
      if (dropped > 0) {
        const count = dropped;
        dropped = 0;
        log('LOG_DROPPED', { count });
      }
      try {
        await bridge.appendLog(batch.map(({ draft }) => draft));
      } catch (error) {
        if (!requeue(batch, error)) return;
      }
      removeUnrecordedLater();
    }
  }

  /** @returns false if nothing more can be sent now */
  function requeue(batch: readonly Entry[], error: unknown): boolean {
    const isLost = (error as { code?: unknown }).code === 'bridge_lost' || link.state() !== 'up';
    // The host would reject a rejected batch again.
    const removed = new Set(batch.filter((entry) => !isLost || entry.tries >= MAX_TRIES || !entries.includes(entry)));
    for (const entry of batch) entry.state = 'waiting';
    entries = entries.filter((entry) => !removed.has(entry));
    dropped += removed.size;
    show();
    if (isLost) flushIn(RESEND_AFTER_MS);
    return !isLost;
  }

  /** Forgets events that were sent and not recorded in time. Does nothing without a host. */
  function removeUnrecordedLater(): void {
    const removed = new Set(entries.filter(({ state }) => state === 'sent'));
    if (removed.size === 0) return;
    setTimeout(() => {
      if (link.state() !== 'up') return;
      entries = entries.filter((entry) => entry.state === 'waiting' || !removed.has(entry));
      show();
    }, RECORDED_WITHIN_MS);
  }

  /** Removes recorded events. They are matched by window, name and time; equal ones in order, as the host keeps it. */
  function onRecords(records: readonly LogRecord[]): void {
    if (entries.length === 0) return;
    const byKey = new Map<string, Entry[]>();
    for (const entry of entries) {
      const key = keyOf(entry.line);
      const same = byKey.get(key);
      if (same) same.push(entry);
      else byKey.set(key, [entry]);
    }
    const recorded = new Set<Entry>();
    for (const record of records) {
      const entry =
        record.side === 'client' && record.window === windowId ? byKey.get(keyOf(record))?.shift() : undefined;
      if (entry) recorded.add(entry);
    }
    if (recorded.size === 0) return;
    entries = entries.filter((entry) => !recorded.has(entry));
    show();
  }

  /** Updates `shown`, now and when the next entry is old enough. */
  function show(): void {
    const isAway = link.state() !== 'up';
    const limit = now() - SHOWN_AFTER_MS;
    for (const entry of entries) entry.shown ||= isAway || entry.since <= limit;
    const next = entries.find((entry) => !entry.shown);
    if (next && showTimer === null) {
      showTimer = setTimeout(() => {
        showTimer = null;
        show();
      }, next.since - limit);
    }
    const lines = entries.filter((entry) => entry.shown).map(({ line }) => line);
    if (lines.length === 0 && shown.lines.length === 0) return;
    shown = { lines, dropped: lines.length > 0 ? dropped : 0 };
    for (const listener of [...listeners]) listener();
  }

  function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    sending ??= send().finally(() => {
      sending = null;
    });
    return sending;
  }

  bridge.onLogRecords(onRecords);
  link.subscribe(() => {
    show();
    if (link.state() !== 'up' || entries.length === 0) return;
    removeUnrecordedLater();
    if (timer !== null) clearTimeout(timer);
    timer = null;
    flushIn(RESEND_AFTER_MS);
  });
  return {
    windowId,
    log,
    flush,
    unrecorded: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const keyOf = ({ time, event }: LogRecord) => `${time} ${event}`;

const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** Eight random letters and digits: 40 bits, to tell windows apart. */
function randomWindowId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => ID_LETTERS[byte % 32]).join('');
}
