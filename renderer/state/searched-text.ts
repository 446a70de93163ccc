import { CATALOGUE, type EventKind } from '../../shared/log-catalogue.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { textOf } from '../../shared/log-line.ts';

/** The text in which a search looks for words: the event's name, its sentence, and all fields in full, `name=value`. */
export function searchedText(record: LogRecord): string {
  const { event, fields } = record;
  const kind: EventKind = CATALOGUE[event];
  let text: string = event;
  if (kind.sentence) text += ` ${textOf(record)}`;
  for (const name of Object.keys(fields)) text += ` ${name}=${fields[name]}`;
  return text;
}
