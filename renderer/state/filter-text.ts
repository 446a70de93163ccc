import { EarshotError } from '../../shared/errors.ts';
import { CATALOGUE, type LogEventName, type LogLevel } from '../../shared/log-catalogue.ts';
import { LogSide } from '../../shared/log-event.ts';
import { text as texts } from '../text/text.ts';
import { EVERYTHING, LOG_LEVELS, LOG_SIDES, type LogFilter } from './log-filter.ts';
import { splitWords } from './log-words.ts';

/** The part of a filter that its text contains. How lines are shown, such as `onlyMatches`, is not in it. */
export type SharedFilter = Pick<LogFilter, 'sides' | 'minLevel' | 'event' | 'session' | 'search'>;

/** What is wrong with a part of a text. */
type FilterTextProblem = 'session' | 'side' | 'level' | 'event' | 'repeated';

/** A text that is no filter. Its message is a sentence for the user. */
export class FilterTextError extends EarshotError {
  constructor(
    readonly problem: FilterTextProblem,
    /** The part of the text that is wrong, such as `side:nowhere`. */
    readonly part: string,
  ) {
    super('bad_filter', texts.logFilter[problem]({ part }));
  }
}

const KEYED = /^(session|side|level|event):(.*)$/i;
/** Keys of sessions, of presses and of refused connections, or their beginnings. */
const SESSION = /^[\w-]{1,80}$/;

/** Whether a text, for example a pasted one, contains parts such as `level:warn`. Then `parseFilter` reads it. */
export function isFilterText(text: string): boolean {
  return splitWords(text).some(({ word, quoted }) => !quoted && KEYED.test(word));
}

/** A filter as text to share: `session:1a2b side:server,client level:warn event:WS_CONNECT "two words"`. */
export function formatFilter(filter: SharedFilter): string {
  const { sides, minLevel, event, session, search } = filter;
  const chosen = LOG_SIDES.filter((side) => sides.has(side));
  const parts: string[] = [];
  if (session !== null) parts.push(`session:${session}`);
  if (chosen.length < LOG_SIDES.length) parts.push(`side:${chosen.join(',') || 'none'}`);
  if (minLevel !== EVERYTHING.minLevel) parts.push(`level:${minLevel}`);
  if (event !== null) parts.push(`event:${event}`);
  for (const { word } of splitWords(search)) parts.push(/[\s|]/.test(word) || KEYED.test(word) ? `"${word}"` : word);
  return parts.join(' ');
}

/**
 * Reads a filter from text. What it does not name is not filtered.
 * @throws {FilterTextError} `bad_filter`: a key has a value that does not exist, or occurs twice
 */
export function parseFilter(text: string): SharedFilter {
  const { sides, minLevel, event, session } = EVERYTHING;
  const filter: SharedFilter = { sides, minLevel, event, session, search: '' };
  const words: string[] = [];
  const seen = new Set<string>();
  for (const { word, quoted } of splitWords(text)) {
    const [, key = '', value = ''] = (!quoted && KEYED.exec(word)) || [];
    if (key === '') {
      words.push(quoted ? `"${word}"` : word);
      continue;
    }
    const name = key.toLowerCase();
    if (seen.has(name)) throw new FilterTextError('repeated', word);
    seen.add(name);
    if (name === 'session') filter.session = readSession(value, word);
    else if (name === 'side') filter.sides = readSides(value, word);
    else if (name === 'level') filter.minLevel = readLevel(value, word);
    else filter.event = readEvent(value, word);
  }
  return { ...filter, search: words.join(' ') };
}

function readSession(value: string, part: string): string {
  if (!SESSION.test(value)) throw new FilterTextError('session', part);
  return value;
}

function readSides(value: string, part: string): ReadonlySet<LogSide> {
  if (value.toLowerCase() === 'none') return new Set();
  const sides = LogSide.array().safeParse(value.toLowerCase().split(','));
  if (!sides.success) throw new FilterTextError('side', part);
  return new Set(sides.data);
}

function readLevel(value: string, part: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === value.toLowerCase());
  if (level === undefined) throw new FilterTextError('level', part);
  return level;
}

function readEvent(value: string, part: string): LogEventName {
  const event = value.toUpperCase();
  if (!Object.hasOwn(CATALOGUE, event)) throw new FilterTextError('event', part);
  return event as LogEventName;
}
