import { CATALOGUE, type LogEventName, type LogFields, LogLevel } from '../../shared/log-catalogue.ts';
import { type LogRecord, LogSide } from '../../shared/log-event.ts';
import { safeFields } from '../../shared/log-fields.ts';
import { fieldsOfText, withoutIcon } from './old-log-text.ts';

/** A line of a log file, before it has its place in the list. */
export interface ReadLine {
  record: Omit<LogRecord, 'seq'>;
  /** The number in the file, or null if the line has none. */
  seq: number | null;
  /** False: it was exported before the host had recorded it. */
  recorded: boolean;
}

/** Most fields that are kept of a line. Earshot writes 16 at most. */
const MAX_FIELDS = 64;
const LAST_TIME = 8.64e15;
const OWN_KEYS = new Set([
  'seq',
  'time',
  'side',
  'level',
  'event',
  'text',
  'session_id',
  'fields',
  'window',
  'recorded',
]);

/**
 * Reads one line of a log that this version, an earlier or a later one wrote. Its content is not trusted: all texts are
 * made safe. What this version does not know is kept: an event as `OTHER` with its name in `event_name`, a level or side
 * in `level_name` or `side_name`, other values as fields.
 * @returns null if the line is not one of a log
 */
export function readLogLine(text: string): ReadLine | null {
  const line = parseObject(text);
  if (line === null) return null;
  const { seq, time, recorded } = line;
  const event = textIn(line.event);
  const composed = textIn(line.text);
  if (typeof time !== 'number' || !(time >= 0 && time <= LAST_TIME) || (event ?? composed) === undefined) return null;
  const side = LogSide.safeParse(line.side);
  const level = LogLevel.safeParse(line.level);
  const content = contentOf(line, event, composed);
  const notes: LogFields = {};
  if (!side.success && line.side !== undefined) notes.side_name = plainValue(line.side);
  if (!level.success && line.level !== undefined) notes.level_name = plainValue(line.level);
  const window = windowOf(line.window);
  if (window === undefined && line.window !== undefined) notes.window_name = plainValue(line.window);
  const more = Object.entries(line).filter(([key]) => !OWN_KEYS.has(key));
  return {
    record: {
      time,
      side: side.data ?? 'app',
      // A level that is not known may be worse than an error, so no filter for problems hides it.
      level: level.data ?? (line.level === undefined ? CATALOGUE[content.event].level : 'warn'),
      event: content.event,
      fields: fieldsFrom([...Object.entries(content.fields), ...Object.entries(notes), ...more]),
      ...(window === undefined ? {} : { window }),
    },
    seq: typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 1 ? seq : null,
    recorded: recorded !== false,
  };
}

/** The event and its fields, from the line's own or from its text. */
function contentOf(
  line: Record<string, unknown>,
  event: string | undefined,
  text: string | undefined,
): { event: LogEventName; fields: Record<string, unknown> } {
  const session = textIn(line.session_id);
  const plain = text === undefined ? undefined : withoutIcon(text);
  const own = isObject(line.fields)
    ? line.fields
    : event !== undefined && plain !== undefined
      ? fieldsOfText(event, plain)
      : null;
  // The ID of a session may look like a number in a text.
  const fields = { ...own, ...(session === undefined || typeof own?.session === 'string' ? {} : { session }) };
  if (own !== null && event !== undefined && isEvent(event)) return { event, fields };
  const name = event === undefined ? {} : { event_name: event };
  return {
    event: 'OTHER',
    fields: { ...name, ...(own === null && plain !== undefined ? { text: plain } : {}), ...fields },
  };
}

/** The first fields with values that can be shown, and the number of the others. */
function fieldsFrom(entries: ReadonlyArray<[name: string, value: unknown]>): LogFields {
  const fields: LogFields = {};
  for (const [name, value] of entries.slice(0, MAX_FIELDS)) {
    let free = name;
    while (Object.hasOwn(fields, free)) free = `${free}_2`;
    Object.defineProperty(fields, free, { value: plainValue(value), enumerable: true });
  }
  const left = entries.length - MAX_FIELDS;
  return safeFields(left > 0 ? { ...fields, more_fields: left } : fields);
}

function plainValue(value: unknown): LogFields[string] {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : (JSON.stringify(value) ?? 'undefined');
}

function windowOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z0-9]{8}$/.test(value) ? value : undefined;
}

function isEvent(name: string): name is LogEventName {
  return Object.hasOwn(CATALOGUE, name);
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
