import type { Log } from '../../shared/log-event.ts';
import { createRateLimiter } from './rate-limiter.ts';

/** Refusals per second with their own log line; one further line counts the rest. */
const LINES_PER_SECOND = 5;
const SECOND_MS = 1_000;

/** @param status the HTTP status or close code sent; null if the connection was closed without a response */
export type LogRefusal = (status: number | null, why: string) => void;

/** Logs refusals, with a rate limit: a client that connects 1,000 times per second must not flood the log. */
export function createRefusalLog(log: Log, on: string): LogRefusal {
  const limiter = createRateLimiter(LINES_PER_SECOND);
  let timer: NodeJS.Timeout | null = null;

  function startTimer(): void {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      const more = limiter.takeRefusals(performance.now());
      if (more > 0) log('WS_REFUSED', { on, more });
      // Timers may run a fraction of a millisecond early, when it is too soon for a report.
      if (limiter.hasRefusals) startTimer();
    }, SECOND_MS).unref();
  }

  return (status, why) => {
    startTimer();
    if (limiter.allows(performance.now())) log('WS_REFUSED', { on, ...(status === null ? {} : { status }), why });
  };
}
