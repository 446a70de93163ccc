import { vi } from 'vitest';

/** The length of the time that is looked at (ms). */
const MINUTE_MS = 60_000;

/**
 * How often timers run in a minute. Only for fake timers, which this advances; `Date` must be one of them. Timers that
 * are due at the same time count once, as they wake the process once.
 */
export async function wakeUpsInAMinute(): Promise<number> {
  const end = Date.now() + MINUTE_MS;
  let count = 0;
  let last = -1;
  while (vi.getTimerCount() > 0) {
    await vi.advanceTimersToNextTimerAsync();
    if (Date.now() > end) break;
    if (Date.now() !== last) count++;
    last = Date.now();
  }
  return count;
}
