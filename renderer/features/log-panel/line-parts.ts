import { CATALOGUE, type EventKind } from '../../../shared/log-catalogue.ts';
import type { LogRecord } from '../../../shared/log-event.ts';
import { sessionOf, textOf } from '../../../shared/log-line.ts';

/** The parts of a log line. */
export interface LineParts {
  /** The event's name or its sentence from the catalogue. */
  title: string;
  /** Names and values in the order logged, without the session. */
  fields: ReadonlyArray<{ name: string; value: string }>;
  /** The session ID, or null. */
  session: string | null;
}

/** The line without its leading emoji, which the window replaces with an icon. */
export function plainText(record: Pick<LogRecord, 'event' | 'fields'>): string {
  return textOf(record).slice(`${CATALOGUE[record.event].icon} `.length);
}

/** The parts of a record. A sentence from the catalogue contains the fields, so none are listed. */
export function partsOf(record: LogRecord): LineParts {
  const session = sessionOf(record) ?? null;
  const kind: EventKind = CATALOGUE[record.event];
  if (kind.sentence) return { title: plainText(record), fields: [], session };
  const fields = Object.entries(record.fields)
    .filter(([name]) => name !== 'session' || session === null)
    .map(([name, value]) => ({ name, value: String(value) }));
  return { title: record.event, fields, session };
}
