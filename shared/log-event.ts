import { z } from 'zod';
import { CATALOGUE, type LogEventName, type LogFields, type LoggedEventName, LogLevel } from './log-catalogue.ts';
import { FIELD_NAME, MAX_FIELD_TEXT } from './log-fields.ts';
import { preciseNow } from './precise-clock.ts';

export const LogSide = z.enum(['server', 'client', 'app']);
export type LogSide = z.infer<typeof LogSide>;

const EventName = z.enum(Object.keys(CATALOGUE) as [LogEventName, ...LogEventName[]]);
const LoggedEvent = EventName.exclude(['OTHER']);

const FieldName = z.string().regex(FIELD_NAME);
/** Larger than any number that is logged. */
const FieldNumber = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const FieldValue = z.union([z.string().max(MAX_FIELD_TEXT), FieldNumber, z.boolean()]);
/** Which page logged an event: random, new for each page. It tells the events of several windows apart. */
const WindowId = z.string().regex(/^[a-z0-9]{8}$/);

/** An event as a source sends it to the bus: name and fields, without position. */
export const LogDraft = z.object({
  /** Milliseconds since the epoch, with fractions: see `preciseNow`. */
  time: z.number().min(0).max(8.64e15),
  side: LogSide,
  event: LoggedEvent,
  /** Overrides the catalogue's level. */
  level: LogLevel.optional(),
  fields: z.record(FieldName, FieldValue).refine((fields) => Object.keys(fields).length <= 16, 'at most 16 fields'),
  /** The page that logged the event. Only for events of the client. */
  window: WindowId.optional(),
});
export type LogDraft = z.infer<typeof LogDraft>;

/**
 * One event of the log, in the order of the bus. Its fields are safe to display: see `safeFields`. `textOf` composes its
 * line.
 */
export const LogRecord = z.object({
  /** Position in this launch's log, from 1, +1 per record. */
  seq: z.int().min(1),
  time: z.number(),
  side: LogSide,
  level: LogLevel,
  event: EventName,
  /** In the order logged. */
  fields: z.record(FieldName, z.union([z.string().max(MAX_FIELD_TEXT), z.number(), z.boolean()])),
  /** For events of the client: the page that logged it. */
  window: WindowId.optional(),
});
export type LogRecord = z.infer<typeof LogRecord>;

/** Logs one event. `logFor` adds the side and the time. */
export type Log = (event: LoggedEventName, fields?: LogFields, level?: LogLevel) => void;

/** Creates a `Log` that adds the side and the time to events and passes them to `sink`. */
export function logFor(side: LogSide, sink: (draft: LogDraft) => void): Log {
  return (event, fields = {}, level) => sink({ time: preciseNow(), side, event, fields, ...(level ? { level } : {}) });
}
