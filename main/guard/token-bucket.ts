export interface TokenBucket {
  /** Takes `cost` tokens. @returns false, without taking any, if there are too few */
  take(cost: number): boolean;
}

/**
 * A token bucket: refilled at a constant rate and never above `burst`, so at most `burst + perSecond * t` tokens are
 * taken in any t seconds.
 * @param first initial number of tokens; default: `burst`
 * @param now ms of any origin; if the clock goes back, nothing is refilled
 */
export function createTokenBucket(options: {
  perSecond: number;
  burst: number;
  first?: number;
  now(): number;
}): TokenBucket {
  const { perSecond, burst, first = burst, now } = options;
  let tokens = first;
  let refilledAt = now();

  return {
    take(cost) {
      const time = now();
      if (time > refilledAt) {
        tokens = Math.min(burst, tokens + ((time - refilledAt) / 1_000) * perSecond);
        refilledAt = time;
      }
      if (cost > tokens) return false;
      tokens -= cost;
      return true;
    },
  };
}
