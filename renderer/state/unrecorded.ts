import type { LogRecord } from '../../shared/log-event.ts';

/**
 * Numbers from here on are of lines that the host has not recorded yet, and mean only their order: no launch logs so many
 * records.
 */
export const FIRST_UNRECORDED = 1e12;

/** Behind such a line, wherever it is shown or copied. */
export const NOT_YET_RECORDED = 'not yet recorded';

/** Whether a line is an event of this window that its host has not recorded yet. */
export function isUnrecorded({ seq }: Pick<LogRecord, 'seq'>): boolean {
  return seq >= FIRST_UNRECORDED;
}
