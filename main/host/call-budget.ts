import { MAX_PENDING_CALLS, measureCall, ONE_AT_A_TIME } from '../../shared/call-bounds.ts';
import { createTokenBucket } from '../voice/token-bucket.ts';

/** What a window may ask in a second, over any length of time. A healthy one asks 20 times, each with the last 50 ms of its log. */
export const CALLS_PER_SECOND = 200;
/** And at once: a window that opens asks a dozen, fifty presses in a second cost some hundred. */
export const CALLS_BURST = 1_000;
/** A call counts once more for each so many characters. */
export const CALL_UNIT = 16 * 1024;
/** One of those that are answered one at a time counts as so many. */
export const LARGE_ANSWER_COST = 50;
/** Refused so often without a pause, a window is no window of ours any more, and is ended. */
export const MAX_REFUSED_CALLS = 2_000;

/**
 * What becomes of a call. `go`: `done` is to be called once it is answered. `refuse`: too much for now. `end`: nobody who asks like
 * this is one of our pages.
 */
type CallVerdict = { verdict: 'go'; done(): void } | { verdict: 'refuse' } | { verdict: 'end'; why: string };

/** The pace of one window's calls, before any of them is parsed. */
export interface CallBudget {
  /** Whether a call of this name may begin beside those that are under way. */
  hasRoom(call: string): boolean;
  take(call: string, args: unknown): CallVerdict;
  /** The window has loaded its page anew: what the former one had under way is not the new one's. */
  onNewPage(): void;
}

/** @param now ms on a clock that never goes back */
export function createCallBudget(now: () => number): CallBudget {
  const bucket = createTokenBucket({ perSecond: CALLS_PER_SECOND, burst: CALLS_BURST, now });
  /** By name, those that are answered one at a time. */
  let large = new Set<string>();
  let pending = 0;
  let page = 0;
  let refused = 0;
  let refusedAt = now();

  function refuse(): CallVerdict {
    const at = now();
    // A second of calm, and it is forgotten.
    if (at - refusedAt > 1_000) refused = 0;
    refusedAt = at;
    refused += 1;
    return refused > MAX_REFUSED_CALLS ? { verdict: 'end', why: 'too many calls' } : { verdict: 'refuse' };
  }

  const hasRoom = (call: string) => pending < MAX_PENDING_CALLS && !large.has(call);

  return {
    hasRoom,
    take(call, args) {
      const size = measureCall(args);
      // The preload would not have sent it, and a tab's socket not have carried it: the page has broken out of its world.
      if (size === null) return { verdict: 'end', why: 'too large' };
      const isLarge = ONE_AT_A_TIME.has(call);
      if (!hasRoom(call)) return refuse();
      if (!bucket.take(1 + Math.floor(size / CALL_UNIT) + (isLarge ? LARGE_ANSWER_COST : 0))) return refuse();
      pending += 1;
      if (isLarge) large.add(call);
      const mine = page;
      return {
        verdict: 'go',
        done() {
          if (mine !== page) return;
          pending -= 1;
          if (isLarge) large.delete(call);
        },
      };
    },
    onNewPage() {
      page += 1;
      pending = 0;
      large = new Set();
    },
  };
}
