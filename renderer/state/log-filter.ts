import type { LogEventName, LogLevel } from '../../shared/log-catalogue.ts';
import type { LogRecord, LogSide } from '../../shared/log-event.ts';
import { textOf } from '../../shared/log-line.ts';

/** The log panel's filters. A record must pass all of them. */
export interface LogFilter {
  sides: ReadonlySet<LogSide>;
  /** The minimum level. */
  minLevel: LogLevel;
  /** One event, or null for all. */
  event: LogEventName | null;
  /** Words that the text must contain, in any order and case. */
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

/** A predicate for one record. Everything that does not depend on the record is computed once. */
export function compileFilter(filter: LogFilter): (record: LogRecord) => boolean {
  if (isEverything(filter)) return () => true;
  const levels = new Set(LOG_LEVELS.slice(LOG_LEVELS.indexOf(filter.minLevel)));
  // By words, because the panel shows the parts of a line in another order than its text, and without `|`.
  const words = filter.search
    .toLowerCase()
    .split(/[\s|]+/)
    .filter((word) => word !== '');
  const { sides, event } = filter;
  const found = (record: LogRecord) => {
    const lower = textOf(record).toLowerCase();
    return words.every((word) => lower.includes(word));
  };
  // The text search is the most expensive test, so it comes last.
  return (record) =>
    sides.has(record.side) &&
    levels.has(record.level) &&
    (event === null || record.event === event) &&
    (words.length === 0 || found(record));
}

/** The records that pass, in order. */
export function filterLog(records: readonly LogRecord[], filter: LogFilter): LogRecord[] {
  return records.filter(compileFilter(filter));
}
