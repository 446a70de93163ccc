/** Longest pause in ms between accepting a socket and sending the welcome. */
export const MAX_SETTLE_MS = 10;
/** Added in ms when a client needed another attempt: half the maximum, because two in a row are no coincidence. */
const GROW_MS = 5;
/** Subtracted in ms when a client answered the first attempt. */
const DECAY_MS = 1;

/**
 * The settle delay after a welcome has ended. It stays 0 while first attempts succeed and grows only while clients that
 * do answer need another attempt. A client that leaves or never answers does not affect it, because a hostile peer must
 * not slow down the others.
 * @param ms the current delay
 * @param attempts attempts of the welcome that were made
 * @returns ms, from 0 to `MAX_SETTLE_MS`
 */
export function nextSettleDelay(ms: number, outcome: 'ready' | 'aborted' | 'failed', attempts: number): number {
  if (outcome !== 'ready') return ms;
  return attempts > 1 ? Math.min(MAX_SETTLE_MS, ms + GROW_MS) : Math.max(0, ms - DECAY_MS);
}
