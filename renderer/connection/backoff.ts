/** Initial reconnect delay, in ms; doubled with each failure. */
export const BACKOFF_BASE_MS = 250;
/** Maximum reconnect delay, in ms. */
export const BACKOFF_MAX_MS = 8_000;

/**
 * Computes the delay before a reconnect: exponential backoff with full jitter, so that windows which lost the server
 * at the same moment don't reconnect at the same moment.
 * @param failures consecutive failures so far, 0 for the first retry
 * @param random a number in [0, 1)
 * @returns ms in [0, min(8,000, 250 × 2^failures))
 */
export function backoffMs(failures: number, random: number): number {
  // 2^5 already reaches the cap; the clamp keeps 2^n finite for any count.
  return Math.floor(random * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 16)));
}
