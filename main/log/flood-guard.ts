/** Counts what comes in within a second, and what was refused. */
export interface FloodGuard {
  /** Whether one more may come in at `now`, ms on a clock that never goes back; a refusal is counted. */
  admits(now: number): boolean;
  /** Counts something refused for another reason. */
  refuse(): void;
  /** Whether refusals wait to be told. */
  readonly hasReport: boolean;
  /** How many were refused since the last report: at most one report a second, 0 in between. */
  report(now: number): number;
}

const SECOND_MS = 1_000;

/** @param perSecond how many may come in within one second */
export function createFloodGuard(perSecond: number): FloodGuard {
  let secondBegan = Number.NEGATIVE_INFINITY;
  let admitted = 0;
  let refused = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  const secondPassed = (since: number, now: number) => now - since >= SECOND_MS;

  return {
    admits(now) {
      if (secondPassed(secondBegan, now)) {
        secondBegan = now;
        admitted = 0;
      }
      if (admitted < perSecond) {
        admitted++;
        return true;
      }
      refused++;
      return false;
    },
    refuse() {
      refused++;
    },
    get hasReport() {
      return refused > 0;
    },
    report(now) {
      if (refused === 0 || !secondPassed(reportedAt, now)) return 0;
      reportedAt = now;
      const count = refused;
      refused = 0;
      return count;
    },
  };
}
