import { type Bridge, MAX_LOG_BATCH, type Unsubscribe } from '../../shared/bridge.ts';
import { composeRecord, type Log, type LogDraft, type LogRecord, logFor } from '../../shared/log-event.ts';
import type { Link } from '../bridge/link.ts';
import { FIRST_UNRECORDED } from './unrecorded.ts';

/** No event of the window reaches the log later than this (ms). */
export const OUTBOX_MS = 50;
/** Most events kept while the host is away; over it the oldest go, and their number is said. */
export const MAX_OUTBOX = 2_000;
/** An event that the host has not recorded after this long (ms) is shown all the same: as a rule it takes 200 ms. */
export const SHOWN_AFTER_MS = 1_000;
/** What was handed over and is in no record by then (ms) will be in none: the host dropped it, and says so itself. */
const RECORDED_WITHIN_MS = 5_000;
/** How often an event is handed over whose fate the broken connection hid. */
const MAX_TRIES = 3;
/** How long after a loss the records of what did arrive may take to come (ms). */
export const RESEND_AFTER_MS = 500;

/** This window's events that its host has not recorded, as lines of the log. */
export interface Unrecorded {
  /** Oldest first, with numbers from `FIRST_UNRECORDED` on. Empty while the host keeps up. */
  lines: readonly LogRecord[];
  /** How many more there were, for which there was no room. */
  dropped: number;
}

export interface LogOutbox {
  log: Log;
  /** Sends what waits, now, if the host is there. */
  flush(): Promise<void>;
  unrecorded(): Unrecorded;
  /** Told after every change of what `unrecorded` returns. */
  subscribe(listener: () => void): Unsubscribe;
}

/** An event from the moment it happens until it has come back as a record. */
interface Entry {
  draft: LogDraft;
  /** As it will look; its number is the window's own. */
  line: LogRecord;
  since: number;
  /** How often it was handed over. */
  tries: number;
  state: 'waiting' | 'handed over';
  /** It is among the lines that are told, and stays there until it is recorded. */
  shown: boolean;
}

/**
 * Collects the window's own events and hands them to the bus in order, one batch at a time. While the host is away they wait,
 * and what it has not recorded can be shown meanwhile. A batch whose connection broke may have arrived: it is handed over again
 * only if its records do not come back with the connection, so that nothing stands in the log twice.
 */
export function createLogOutbox(
  bridge: Pick<Bridge, 'appendLog' | 'onLogRecords'>,
  link: Link,
  now = () => performance.now(),
): LogOutbox {
  let entries: Entry[] = [];
  let dropped = 0;
  let count = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let showTimer: ReturnType<typeof setTimeout> | null = null;
  let sending: Promise<void> | null = null;
  let shown: Unrecorded = { lines: [], dropped: 0 };
  const listeners = new Set<() => void>();

  const log = logFor('client', (draft) => {
    const line = composeRecord(draft, FIRST_UNRECORDED + count++);
    entries.push({ draft, line, since: now(), tries: 0, state: 'waiting', shown: false });
    // What is handed over is only here to be shown.
    if (entries.length > MAX_OUTBOX && entries.shift()?.state === 'waiting') dropped++;
    flushIn(OUTBOX_MS);
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
        entry.state = 'handed over';
        entry.tries++;
      }
      // Only now is there room for one more.
      if (dropped > 0) {
        const count = dropped;
        dropped = 0;
        log('LOG_DROPPED', { count });
      }
      try {
        await bridge.appendLog(batch.map(({ draft }) => draft));
      } catch (error) {
        if (!keepForAnotherTry(batch, error)) return;
      }
      forgetLater();
    }
  }

  /** @returns false: nothing more can be sent at the moment */
  function keepForAnotherTry(batch: readonly Entry[], error: unknown): boolean {
    const isLost = (error as { code?: unknown }).code === 'bridge_lost' || link.state() !== 'up';
    // What the host refused could only be refused again.
    const gone = new Set(batch.filter((entry) => !isLost || entry.tries >= MAX_TRIES || !entries.includes(entry)));
    for (const entry of batch) entry.state = 'waiting';
    entries = entries.filter((entry) => !gone.has(entry));
    dropped += gone.size;
    show();
    if (isLost) flushIn(RESEND_AFTER_MS);
    return !isLost;
  }

  /** What is handed over now has time to come back. Without a host it can't: then the next connection decides. */
  function forgetLater(): void {
    const gone = new Set(entries.filter(({ state }) => state === 'handed over'));
    if (gone.size === 0) return;
    setTimeout(() => {
      if (link.state() !== 'up') return;
      entries = entries.filter((entry) => entry.state === 'waiting' || !gone.has(entry));
      show();
    }, RECORDED_WITHIN_MS);
  }

  /** Takes out what has come back as a record: by its time, which has fractions of a millisecond, and its words. */
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
      const entry = record.side === 'client' ? byKey.get(keyOf(record))?.shift() : undefined;
      if (entry) recorded.add(entry);
    }
    if (recorded.size === 0) return;
    entries = entries.filter((entry) => !recorded.has(entry));
    show();
  }

  /** Brings `shown` up to date, now and when the next entry is old enough. */
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
    forgetLater();
    if (timer !== null) clearTimeout(timer);
    timer = null;
    flushIn(RESEND_AFTER_MS);
  });
  return {
    log,
    flush,
    unrecorded: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const keyOf = ({ time, text }: LogRecord) => `${time} ${text}`;
