/** Longest pause in ms between a socket's acceptance and its welcome. */
export const MAX_SETTLE_MS = 10;
/** A client that needed another try adds half of it: two in a row are no chance any more. */
const GROW_MS = 5;
/** Each first try that was answered takes this much off. */
const DECAY_MS = 1;

/**
 * The settle delay after a welcome has ended: 0 as long as first tries succeed, more only while live clients need another.
 * A client that left, or stayed and never answered, changes nothing: a hostile peer must not slow down the others.
 * @param ms the delay until now
 * @param attempts tries of the welcome that were made
 * @returns ms, from 0 to `MAX_SETTLE_MS`
 */
export function nextSettleDelay(ms: number, outcome: 'ready' | 'aborted' | 'failed', attempts: number): number {
  if (outcome !== 'ready') return ms;
  return attempts > 1 ? Math.min(MAX_SETTLE_MS, ms + GROW_MS) : Math.max(0, ms - DECAY_MS);
}
