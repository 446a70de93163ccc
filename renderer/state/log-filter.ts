import type { LogEventName, LogLevel } from '../../shared/log-catalogue.ts';
import type { LogRecord, LogSide } from '../../shared/log-event.ts';
import { lowerCase, searchWords } from './log-words.ts';

/** What the log panel shows. A record must pass all of it. */
export interface LogFilter {
  sides: ReadonlySet<LogSide>;
  /** The minimum level. */
  minLevel: LogLevel;
  /** One event, or null for all. */
  event: LogEventName | null;
  /** The start of the key of a session or of an attempt to connect, or null for all records. */
  session: string | null;
  /** Words that the text must contain, in any order and case. Quoted words are one. See `searchWords`. */
  search: string;
  /** Whether lines that do not match the search are left out. Otherwise the matches are only found and highlighted. */
  onlyMatches: boolean;
  /** Whether technical lines are left out, which say nothing to a person who only uses the app. */
  plain: boolean;
}

/** What the filter has to know about a record. */
export interface RecordReader {
  /** The key of the session or of the attempt to connect that the record belongs to. */
  keyOf(record: LogRecord): string | undefined;
  /** The text that is searched. */
  searchedText(record: LogRecord): string;
  /** Whether the record is shown if technical lines are left out. */
  isPlain(record: LogRecord): boolean;
}

/**
 * `line`: shown, but does not match the search. `match`: shown, and matches it. `technical`: would be shown if technical
 * lines were not left out. `out`: not shown.
 */
export type Verdict = 'line' | 'match' | 'technical' | 'out';

export interface CompiledFilter {
  /** Every record is a `line`. */
  passesAll: boolean;
  verdictOf(record: LogRecord): Verdict;
}

export const LOG_SIDES: readonly LogSide[] = ['server', 'client', 'app'];
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export const EVERYTHING: LogFilter = {
  sides: new Set(LOG_SIDES),
  minLevel: 'debug',
  event: null,
  session: null,
  search: '',
  onlyMatches: true,
  plain: false,
};

/** The filter with all choices undone that hide lines, apart from `plain`. */
export const NO_CHOICES: Partial<LogFilter> = {
  sides: EVERYTHING.sides,
  minLevel: EVERYTHING.minLevel,
  event: null,
  session: null,
  search: '',
};

/** Whether nothing is left out. */
export function isEverything(filter: LogFilter): boolean {
  return (
    LOG_SIDES.every((side) => filter.sides.has(side)) &&
    filter.minLevel === 'debug' &&
    filter.event === null &&
    filter.session === null &&
    searchWords(filter.search).length === 0 &&
    !filter.plain
  );
}

/** Prepares a filter for many records. Everything that does not depend on the record is computed once. */
export function compileFilter(filter: LogFilter, reader: RecordReader): CompiledFilter {
  if (isEverything(filter)) return { passesAll: true, verdictOf: () => 'line' };
  const levels = new Set(LOG_LEVELS.slice(LOG_LEVELS.indexOf(filter.minLevel)));
  const words = searchWords(filter.search);
  const { sides, event, session, onlyMatches, plain } = filter;

  function found(record: LogRecord): boolean {
    const lower = lowerCase(reader.searchedText(record));
    return words.every((word) => lower.includes(word));
  }

  return {
    passesAll: false,
    // The search in the text is the most expensive test, so it comes last.
    verdictOf(record) {
      if (!sides.has(record.side) || !levels.has(record.level)) return 'out';
      if (event !== null && record.event !== event) return 'out';
      if (session !== null && reader.keyOf(record)?.startsWith(session) !== true) return 'out';
      const isMatch = words.length > 0 && found(record);
      if (onlyMatches && words.length > 0 && !isMatch) return 'out';
      if (plain && !reader.isPlain(record)) return 'technical';
      return isMatch ? 'match' : 'line';
    },
  };
}
