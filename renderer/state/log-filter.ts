import type { LogEventName, LogLevel, LogRecord, LogSide } from '../../shared/log-event.ts';

/** What the log panel lets through. The parts combine: a record must pass all of them. */
export interface LogFilter {
  sides: ReadonlySet<LogSide>;
  /** The least serious level shown. */
  minLevel: LogLevel;
  /** One event, or null for all. */
  event: LogEventName | null;
  /** Words, each found anywhere in the text, whatever its case. */
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
  // Word by word: the panel shows the parts of a line in another order than its text, and without the `|` between them.
  const words = filter.search
    .toLowerCase()
    .split(/[\s|]+/)
    .filter((word) => word !== '');
  const { sides, event } = filter;
  const found = ({ text }: LogRecord) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
  // Cheapest first: the text is only searched for records that passed everything else.
  return (record) =>
    sides.has(record.side) &&
    levels.has(record.level) &&
    (event === null || record.event === event) &&
    (words.length === 0 || found(record));
}

/** The records that pass, in their order. */
export function filterLog(records: readonly LogRecord[], filter: LogFilter): LogRecord[] {
  return records.filter(compileFilter(filter));
}
