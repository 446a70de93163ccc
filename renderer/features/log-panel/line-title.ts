import { CATALOGUE, type EventKind } from '../../../shared/log-catalogue.ts';
import type { LogRecord } from '../../../shared/log-event.ts';
import { textOf } from '../../../shared/log-line.ts';
import { type Field, fieldsToShow } from './event-fields.ts';

/** What a row shows of its event. */
export interface LineTitle {
  title: string;
  /** Whether the title is a sentence, which has all that the fields say. */
  isSentence: boolean;
  fields: readonly Field[];
}

/** The line as text, without its leading emoji, which the window replaces with an icon. */
export function lineText(record: LogRecord): string {
  const line = textOf(record);
  const icon = `${iconOf(record)} `;
  return line.startsWith(icon) ? line.slice(icon.length) : line;
}

/** The event's name with its fields, or the catalogue's sentence. */
export function titleOf(record: LogRecord): LineTitle {
  if (record.event === 'OTHER') return titleOfOther(record);
  const kind: EventKind | undefined = CATALOGUE[record.event];
  if (kind?.sentence) return { title: lineText(record), isSentence: true, fields: [] };
  return { title: record.event, isSentence: false, fields: fieldsToShow(record.event, record.fields) };
}

/** The name of an event, also of one of another version. */
export function eventName({ event, fields }: LogRecord): string {
  return event === 'OTHER' && typeof fields.event_name === 'string' ? fields.event_name : event;
}

/** An event of another version, in a file: its own name is a field, and so is its text if it has no other fields. */
function titleOfOther(record: LogRecord): LineTitle {
  const { event_name: _, text, ...fields } = record.fields;
  if (typeof text === 'string') return { title: text, isSentence: true, fields: [] };
  return { title: eventName(record), isSentence: false, fields: fieldsToShow(record.event, fields) };
}

function iconOf({ event }: LogRecord): string {
  return (CATALOGUE[event] as EventKind | undefined)?.icon ?? '';
}
