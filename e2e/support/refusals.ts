import type { LogRecord } from '../../shared/log-event.ts';

/** The `WS_REFUSED` records of the log as `on status why`, sorted. */
export function refusals(log: readonly LogRecord[]): string[] {
  return log
    .flatMap(({ event, text }) =>
      event === 'WS_REFUSED' ? [text.replace(/^.*on=(\w+) \| status=(\d+) \| why=(.*)$/, '$1 $2 $3')] : [],
    )
    .sort();
}
