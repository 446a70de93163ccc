import { CATALOGUE, type LogRecord } from '../../../shared/log-event.ts';

/** A log line taken apart for the eye. */
export interface LineParts {
  /** The event's name, or the catalogue's sentence. */
  title: string;
  /** Names and values in the order in which they were logged, without the session. A part without a name has name ''. */
  fields: ReadonlyArray<{ name: string; value: string }>;
  /** The session's id, null when the line belongs to none. */
  session: string | null;
}

const SEPARATOR = ' | ';
const FIELD = /^([a-z][a-z0-9_]*)=(.*)$/s;

/** A line without the emoji that copies, exports and the log file begin with: the window draws an icon there. */
export function plainText({ event, text }: Pick<LogRecord, 'event' | 'text'>): string {
  const icon = `${CATALOGUE[event].icon} `;
  return text.startsWith(icon) ? text.slice(icon.length) : text;
}

/**
 * Takes a line apart. Every part of the text is in the result: a value that itself contains the separator becomes
 * several parts, and is shown as it stands.
 */
export function partsOf(record: LogRecord): LineParts {
  const [title = '', ...rest] = plainText(record).split(SEPARATOR);
  let session = record.session_id ?? null;
  const fields: Array<{ name: string; value: string }> = [];
  for (const part of rest) {
    const [, name = '', value = part] = FIELD.exec(part) ?? [];
    if (name === 'session' && (session === null || session === value)) session = value;
    else fields.push({ name, value });
  }
  return { title, fields, session };
}
