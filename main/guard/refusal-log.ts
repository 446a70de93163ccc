import type { Log } from '../../shared/log-event.ts';

/** Refusals per second with their own log line; one further line counts the rest. */
const LINES_PER_SECOND = 5;
const SECOND_MS = 1_000;

/** @param status the HTTP status or close code sent; null if the connection was closed without a response */
export type LogRefusal = (status: number | null, why: string) => void;

/** Logs refusals, with a rate limit: a client that connects 1,000 times per second must not flood the log. */
export function createRefusalLog(log: Log, on: string): LogRefusal {
  let logged = 0;
  let suppressed = 0;
  let timer: NodeJS.Timeout | null = null;

  function endOfSecond(): void {
    timer = null;
    if (suppressed > 0) log('WS_REFUSED', { on, more: suppressed });
    logged = 0;
    suppressed = 0;
  }

  return (status, why) => {
    if (timer === null) timer = setTimeout(endOfSecond, SECOND_MS).unref();
    if (logged >= LINES_PER_SECOND) {
      suppressed += 1;
      return;
    }
    logged += 1;
    log('WS_REFUSED', { on, ...(status === null ? {} : { status }), why });
  };
}
