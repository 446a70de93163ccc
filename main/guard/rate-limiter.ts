/** A fixed-window rate limiter: limits the events per second and counts the refused ones. */
export interface RateLimiter {
  /** Whether one more event is allowed; counts a refusal. @param now milliseconds on a monotonic clock */
  allows(now: number): boolean;
  /** Counts as many more events as allowed, for an event that costs more than others. */
  charge(events: number): void;
  /** Counts an event that was refused for another reason. */
  countRefusal(): void;
  /** Whether there are refusals that `takeRefusals` has not returned yet. */
  readonly hasRefusals: boolean;
  /** Returns the number of refusals since the last call that returned any. At most once a second; 0 in between. */
  takeRefusals(now: number): number;
}

const SECOND_MS = 1_000;

/** @param perSecond maximum number of events per second */
export function createRateLimiter(perSecond: number): RateLimiter {
  let secondStart = Number.NEGATIVE_INFINITY;
  let allowed = 0;
  let refused = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  const secondPassed = (since: number, now: number) => now - since >= SECOND_MS;

  return {
    allows(now) {
      if (secondPassed(secondStart, now)) {
        secondStart = now;
        allowed = 0;
      }
      if (allowed < perSecond) {
        allowed++;
        return true;
      }
      refused++;
      return false;
    },
    charge(events) {
      allowed += events;
    },
    countRefusal() {
      refused++;
    },
    get hasRefusals() {
      return refused > 0;
    },
    takeRefusals(now) {
      if (refused === 0 || !secondPassed(reportedAt, now)) return 0;
      reportedAt = now;
      const count = refused;
      refused = 0;
      return count;
    },
  };
}
