import type { Log } from '../../shared/log-event.ts';

/** Refusals told one by one in each second; the rest of it is one line with a count. */
const TOLD_A_SECOND = 5;
const SECOND_MS = 1_000;

/** @param status what the peer was answered; null where it was cut without an answer */
export type LogRefusal = (status: number | null, why: string) => void;

/** Writes refusals to the log so that whoever knocks a thousand times a second can't push everything else out of it. */
export function createRefusalLog(log: Log, on: string): LogRefusal {
  let told = 0;
  let untold = 0;
  let timer: NodeJS.Timeout | null = null;

  function endOfSecond(): void {
    timer = null;
    if (untold > 0) log('WS_REFUSED', { on, more: untold });
    told = 0;
    untold = 0;
  }

  return (status, why) => {
    if (timer === null) timer = setTimeout(endOfSecond, SECOND_MS).unref();
    if (told >= TOLD_A_SECOND) {
      untold += 1;
      return;
    }
    told += 1;
    log('WS_REFUSED', { on, ...(status === null ? {} : { status }), why });
  };
}
