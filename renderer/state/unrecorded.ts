import type { LogRecord } from '../../shared/log-event.ts';

/**
 * First number for lines that the host has not recorded yet. No launch logs that many records, so numbers never clash.
 */
export const FIRST_UNRECORDED = 1e12;

/** Whether the host has not recorded this line yet. */
export function isUnrecorded({ seq }: Pick<LogRecord, 'seq'>): boolean {
  return seq >= FIRST_UNRECORDED;
}
