export interface TokenBucket {
  /** Takes `cost` tokens. @returns false: there are not so many, and none is taken */
  take(cost: number): boolean;
}

/**
 * A token bucket: it gains tokens at a steady pace and never holds more than `burst`. So over any time of t seconds at most
 * `burst + perSecond * t` are taken.
 * @param first tokens at first; default: full
 * @param now ms of any origin; a clock that goes back gains nothing
 */
export function createTokenBucket(options: {
  perSecond: number;
  burst: number;
  first?: number;
  now(): number;
}): TokenBucket {
  const { perSecond, burst, first = burst, now } = options;
  let tokens = first;
  let since = now();

  return {
    take(cost) {
      const at = now();
      if (at > since) {
        tokens = Math.min(burst, tokens + ((at - since) / 1_000) * perSecond);
        since = at;
      }
      if (cost > tokens) return false;
      tokens -= cost;
      return true;
    },
  };
}
