import { CATALOGUE } from '../../../shared/log-catalogue.ts';
import type { LogRecord } from '../../../shared/log-event.ts';

/** The parts of a log line. */
export interface LineParts {
  /** The event's name or its sentence from the catalogue. */
  title: string;
  /** Names and values in the order logged, without the session. A part without a name has the name ''. */
  fields: ReadonlyArray<{ name: string; value: string }>;
  /** The session ID, or null. */
  session: string | null;
}

const SEPARATOR = ' | ';
const FIELD = /^([a-z][a-z0-9_]*)=(.*)$/s;

/** The line without its leading emoji, which the window replaces with an icon. */
export function plainText({ event, text }: Pick<LogRecord, 'event' | 'text'>): string {
  const icon = `${CATALOGUE[event].icon} `;
  return text.startsWith(icon) ? text.slice(icon.length) : text;
}

/** Splits a line into its parts. A value that contains the separator becomes several parts, so no text is lost. */
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
