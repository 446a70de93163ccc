/** A check that finds somebody speaking comes again after so long (ms). */
export const CHECK_WAIT_MS = 60_000;
/** A check that failed comes again after so long (ms): Earshot may have started at login, before the network was there. */
export const CHECK_RETRY_MS = 5 * 60_000;
/** So often after one another, then the next day. */
export const CHECK_RETRIES = 3;
/** From a check to the next (ms), in an Earshot that stays open. */
export const CHECK_EVERY_MS = 24 * 60 * 60_000;

export interface CheckScheduleOptions {
  isBusy(): boolean;
  /** @returns whether there was an answer. Never rejects */
  look(): Promise<boolean>;
}

/** When newer versions are looked for. At most one timer waits. */
export interface CheckSchedule {
  /** On: looks now, and from then on. Off: looks no more, and what waits is dropped. Resolves after the look, if any. */
  watch(on: boolean): Promise<void>;
  /** Looks now, on a person's word. Asked for while one is under way, it is that one. */
  look(): Promise<void>;
}

export function createCheckSchedule({ isBusy, look }: CheckScheduleOptions): CheckSchedule {
  let watching = false;
  let failures = 0;
  let looking: Promise<void> | null = null;
  let next: NodeJS.Timeout | undefined;

  function later(ms: number): void {
    clearTimeout(next);
    if (!watching) return;
    next = setTimeout(() => void check(), ms);
    next.unref();
  }

  function plan(answered: boolean): void {
    failures = answered || failures === CHECK_RETRIES ? 0 : failures + 1;
    later(failures === 0 ? CHECK_EVERY_MS : CHECK_RETRY_MS);
  }

  function lookOnce(): Promise<void> {
    looking ??= look()
      .then(plan)
      .finally(() => {
        looking = null;
      });
    return looking;
  }

  async function check(): Promise<void> {
    if (isBusy()) later(CHECK_WAIT_MS);
    else await lookOnce();
  }

  return {
    async watch(on) {
      watching = on;
      failures = 0;
      clearTimeout(next);
      if (on) await check();
    },
    look: lookOnce,
  };
}
