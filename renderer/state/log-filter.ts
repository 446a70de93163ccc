import type { LogEventName, LogLevel, LogRecord, LogSide } from '../../shared/log-event.ts';

/** What the log panel lets through. The parts combine: a record must pass all of them. */
export interface LogFilter {
  sides: ReadonlySet<LogSide>;
  /** The least serious level shown. */
  minLevel: LogLevel;
  /** One event, or null for all. */
  event: LogEventName | null;
  /** Found anywhere in the text, whatever its case; spaces around it don't count. */
  search: string;
}

export const LOG_SIDES: readonly LogSide[] = ['server', 'client', 'app'];
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export const EVERYTHING: LogFilter = { sides: new Set(LOG_SIDES), minLevel: 'debug', event: null, search: '' };

export function isEverything(filter: LogFilter): boolean {
  return (
    LOG_SIDES.every((side) => filter.sides.has(side)) &&
    filter.minLevel === 'debug' &&
    filter.event === null &&
    filter.search.trim() === ''
  );
}

/** A test for one record, with all that can be worked out once taken out of the loop. */
export function compileFilter(filter: LogFilter): (record: LogRecord) => boolean {
  if (isEverything(filter)) return () => true;
  const levels = new Set(LOG_LEVELS.slice(LOG_LEVELS.indexOf(filter.minLevel)));
  const needle = filter.search.trim().toLowerCase();
  const { sides, event } = filter;
  // Cheapest first: the text is only searched for records that passed everything else.
  return (record) =>
    sides.has(record.side) &&
    levels.has(record.level) &&
    (event === null || record.event === event) &&
    (needle === '' || record.text.toLowerCase().includes(needle));
}

/** The records that pass, in their order. */
export function filterLog(records: readonly LogRecord[], filter: LogFilter): LogRecord[] {
  return records.filter(compileFilter(filter));
}
