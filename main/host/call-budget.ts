import { MAX_PENDING_CALLS, measureCall, ONE_AT_A_TIME } from '../../shared/call-limits.ts';
import { createTokenBucket } from '../guard/token-bucket.ts';

/** Sustained rate per window. A healthy window makes 20 calls a second, each with the last 50 ms of its log. */
export const CALLS_PER_SECOND = 200;
/** Burst per window. Opening a window takes about 12 calls; 50 presses of the mic in a second take a few hundred. */
export const CALLS_BURST = 1_000;
/** A call costs 1 more for each full unit of this many characters. */
export const CALL_UNIT = 16 * 1024;
/** Extra cost of an expensive call (`ONE_AT_A_TIME`). */
export const EXPENSIVE_CALL_COST = 50;
/** The same of a page of the log's history, of at most 1 MB. A window that opens asks for up to a hundred. */
export const HISTORY_PAGE_COST = 5;
/** A window is ended after this many refused calls without a pause of 1 s: the app's own page never gets there. */
export const MAX_REFUSED_CALLS = 2_000;

/**
 * `accept`: answer the call, then call `done`. `refuse`: too many calls at the moment. `end`: end the window, because
 * the app's own page never makes such a call.
 */
type CallDecision = { action: 'accept'; done(): void } | { action: 'refuse' } | { action: 'end'; why: string };

/** Limits the calls of one window, before they are parsed. */
export interface CallBudget {
  /** Whether a call of this name may start while the others are pending. */
  hasRoom(call: string): boolean;
  take(call: string, args: unknown): CallDecision;
  /** The window has reloaded: pending calls of the previous page no longer count. */
  onNewPage(): void;
}

/** @param now milliseconds on a monotonic clock */
export function createCallBudget(now: () => number): CallBudget {
  const bucket = createTokenBucket({ perSecond: CALLS_PER_SECOND, burst: CALLS_BURST, now });
  /** Names of the pending calls that are limited to one at a time. */
  let pendingLarge = new Set<string>();
  let pending = 0;
  let page = 0;
  let refused = 0;
  let refusedAt = now();

  function refuse(): CallDecision {
    const at = now();
    // One second without a refusal resets the count.
    if (at - refusedAt > 1_000) refused = 0;
    refusedAt = at;
    refused += 1;
    return refused > MAX_REFUSED_CALLS ? { action: 'end', why: 'too many calls' } : { action: 'refuse' };
  }

  const hasRoom = (call: string) => pending < MAX_PENDING_CALLS && !pendingLarge.has(call);

  return {
    hasRoom,
    take(call, args) {
      const size = measureCall(args);
      // The preload and the tab's socket reject such a call, so the page has bypassed them.
      if (size === null) return { action: 'end', why: 'too large' };
      const isLarge = ONE_AT_A_TIME.has(call);
      const extra = call === 'getLogHistory' ? HISTORY_PAGE_COST : isLarge ? EXPENSIVE_CALL_COST : 0;
      if (!hasRoom(call)) return refuse();
      if (!bucket.take(1 + Math.floor(size / CALL_UNIT) + extra)) return refuse();
      pending += 1;
      if (isLarge) pendingLarge.add(call);
      const pageOfCall = page;
      return {
        action: 'accept',
        done() {
          if (pageOfCall !== page) return;
          pending -= 1;
          if (isLarge) pendingLarge.delete(call);
        },
      };
    },
    onNewPage() {
      page += 1;
      pending = 0;
      pendingLarge = new Set();
    },
  };
}
