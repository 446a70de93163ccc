/** Limits events per second and counts the refused ones. */
export interface FloodGuard {
  /** Whether one more event is allowed; counts a refusal. @param now milliseconds on a monotonic clock */
  admits(now: number): boolean;
  /** Counts an event that was refused for another reason. */
  refuse(): void;
  /** Whether there are refusals that have not been reported. */
  readonly hasReport: boolean;
  /** Number of refusals since the last report. At most one report a second; 0 in between. */
  report(now: number): number;
}

const SECOND_MS = 1_000;

/** @param perSecond maximum number of events per second */
export function createFloodGuard(perSecond: number): FloodGuard {
  let secondStart = Number.NEGATIVE_INFINITY;
  let admitted = 0;
  let refused = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  const secondPassed = (since: number, now: number) => now - since >= SECOND_MS;

  return {
    admits(now) {
      if (secondPassed(secondStart, now)) {
        secondStart = now;
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
