import { type Bridge, MAX_LOG_BATCH } from '../../shared/bridge.ts';
import { type Log, type LogDraft, logFor } from '../../shared/log-event.ts';

/** No event of the window reaches the log later than this (ms). */
export const OUTBOX_MS = 50;
/** Most events kept while the host does not answer; over it the oldest go, and their number is said. */
export const MAX_OUTBOX = 2_000;

export interface LogOutbox {
  log: Log;
  /** Sends what waits, now. */
  flush(): Promise<void>;
}

/** Collects the window's own events and hands them to the bus in order, one batch at a time. */
export function createLogOutbox(bridge: Pick<Bridge, 'appendLog'>): LogOutbox {
  let waiting: LogDraft[] = [];
  let dropped = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let sending: Promise<void> | null = null;

  const log = logFor('client', (draft) => {
    waiting.push(draft);
    if (waiting.length > MAX_OUTBOX) {
      waiting.shift();
      dropped++;
    }
    timer ??= setTimeout(() => void flush(), OUTBOX_MS);
  });

  async function send(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_LOG_BATCH);
      waiting = waiting.slice(MAX_LOG_BATCH);
      // Only now is there room for one more.
      if (dropped > 0) {
        const count = dropped;
        dropped = 0;
        log('LOG_DROPPED', { count });
      }
      // A batch the host refuses is gone: sending it again could only be refused again, or doubled.
      await bridge.appendLog(batch).catch(() => {
        dropped += batch.length;
      });
    }
  }

  function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    sending ??= send().finally(() => {
      sending = null;
    });
    return sending;
  }

  return { log, flush };
}
