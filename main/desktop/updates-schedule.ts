/** Delay of a check that is due during a turn (ms). */
export const BUSY_DELAY_MS = 60_000;
/** Delay before a failed check is retried (ms): Earshot may have started at login, before the network was up. */
export const CHECK_RETRY_MS = 5 * 60_000;
/** Number of retries in a row; then the next check is after `CHECK_EVERY_MS`. */
export const CHECK_RETRIES = 3;
/** Interval between two checks (ms). */
export const CHECK_EVERY_MS = 24 * 60 * 60_000;

export interface CheckScheduleOptions {
  isBusy(): boolean;
  /** Checks for an update. @returns false: the check failed. Never rejects */
  check(): Promise<boolean>;
}

/** Decides when to check for updates. Has at most one timer. */
export interface CheckSchedule {
  /** On: checks now and then regularly. Off: cancels the next check. Resolves after the check, if there is one. */
  watch(on: boolean): Promise<void>;
  /** Checks now, at the user's request. Returns the running check if there is one. */
  checkNow(): Promise<void>;
}

export function createCheckSchedule({ isBusy, check }: CheckScheduleOptions): CheckSchedule {
  let watching = false;
  let failures = 0;
  let running: Promise<void> | null = null;
  let next: NodeJS.Timeout | undefined;

  function checkIn(ms: number): void {
    clearTimeout(next);
    if (!watching) return;
    next = setTimeout(() => void checkWhenIdle(), ms);
    next.unref();
  }

  function scheduleNext(succeeded: boolean): void {
    failures = succeeded || failures === CHECK_RETRIES ? 0 : failures + 1;
    checkIn(failures === 0 ? CHECK_EVERY_MS : CHECK_RETRY_MS);
  }

  function checkOnce(): Promise<void> {
    running ??= check()
      .then(scheduleNext)
      .finally(() => {
        running = null;
      });
    return running;
  }

  async function checkWhenIdle(): Promise<void> {
    if (isBusy()) checkIn(BUSY_DELAY_MS);
    else await checkOnce();
  }

  return {
    async watch(on) {
      watching = on;
      failures = 0;
      clearTimeout(next);
      if (on) await checkWhenIdle();
    },
    checkNow: checkOnce,
  };
}
