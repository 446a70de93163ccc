import { z } from 'zod';
import { CATALOGUE, type EventKind, type LogEventName, type LogFields } from './log-catalogue.ts';
import { type LogDraft, LogRecord } from './log-event.ts';
import { safeFields } from './log-fields.ts';
import { clip, MAX_TEXT, sanitise } from './sanitise.ts';

/** Maximum length of a value in a line, so that one field can't displace the others. */
const MAX_VALUE = 200;
/** Maximum length of a session's ID; the same as in the protocol. */
const MAX_SESSION_ID = 64;

/**
 * A record as files, copies and exports hold it: with its text and its session, so that a reader needs nothing but the
 * line.
 */
export const LogLine = LogRecord.extend({
  /** `🔌 WS_CONNECT | session=… | user=…`: what `textOf` returns. */
  text: z.string(),
  session_id: z.string().optional(),
});
export type LogLine = z.infer<typeof LogLine>;

function cleanValue(value: LogFields[string]): LogFields[string] {
  return typeof value === 'string' ? sanitise(value, MAX_VALUE) : value;
}

/** Composes the text of a line: `🔌 WS_CONNECT | session=… | user=…`, or the catalogue's sentence. */
export function composeText(event: LogEventName, fields: LogFields): string {
  const kind: EventKind = CATALOGUE[event];
  let text = `${kind.icon} `;
  if (kind.sentence) {
    const clean = Object.entries(fields).map(([key, value]) => [sanitise(key, MAX_VALUE), cleanValue(value)]);
    text += kind.sentence(Object.fromEntries(clean));
  } else {
    text += event;
    for (const key of Object.keys(fields))
      text += ` | ${sanitise(key, MAX_VALUE)}=${cleanValue(fields[key] as LogFields[string])}`;
  }
  return clip(text, MAX_TEXT);
}

/** The text of a record's line, at most 300 characters. Composed on each call, so that records need little memory. */
export function textOf({ event, fields }: Pick<LogRecord, 'event' | 'fields'>): string {
  return composeText(event, fields);
}

/** The ID of the session that a record belongs to, if it belongs to one. */
export function sessionOf({ fields }: Pick<LogRecord, 'fields'>): string | undefined {
  const { session } = fields;
  return typeof session === 'string' ? sanitise(session, MAX_SESSION_ID) : undefined;
}

/** A record as files, copies and exports hold it. */
export function toLine(record: LogRecord): LogLine {
  const { seq, time, side, level, event, fields, window } = record;
  const session = sessionOf(record);
  return {
    seq,
    time,
    side,
    level,
    event,
    text: textOf(record),
    ...(session === undefined ? {} : { session_id: session }),
    fields,
    ...(window === undefined ? {} : { window }),
  };
}

/** Turns a draft into a record: adds the position and makes the fields safe. Drafts of the host are not validated. */
export function composeRecord(draft: LogDraft, seq: number): LogRecord {
  const { time, side, event, level, fields, window } = draft;
  return {
    seq,
    time,
    side,
    level: level ?? CATALOGUE[event].level,
    event,
    fields: safeFields(fields),
    ...(side === 'client' && window !== undefined ? { window } : {}),
  };
}
