import type { LogLine } from '../../shared/log-line.ts';

/** The `WS_REFUSED` lines of the log as `on status why`, sorted. */
export function refusals(log: readonly LogLine[]): string[] {
  return log
    .flatMap(({ event, text }) =>
      event === 'WS_REFUSED' ? [text.replace(/^.*on=(\w+) \| status=(\d+) \| why=(.*)$/, '$1 $2 $3')] : [],
    )
    .sort();
}
