import { CATALOGUE, type EventKind, type LogEventName, type LogFields } from '../../shared/log-catalogue.ts';
import { FIELD_NAME } from '../../shared/log-fields.ts';
import { composeText } from '../../shared/log-line.ts';
import { MAX_TEXT } from '../../shared/sanitise.ts';

// Logs of earlier versions have no fields, only the text that was composed of them.

/**
 * The fields that a line's text was composed of: `EVENT | key=value | …`, or a sentence of this version's catalogue.
 * @param event its name, which this version may not know
 * @param text without its icon
 * @returns null if the text is neither
 */
export function fieldsOfText(event: string, text: string): LogFields | null {
  const [name, ...parts] = text.split(' | ');
  if (name === event) return fieldsOfParts(parts);
  return text.length <= MAX_TEXT && Object.hasOwn(CATALOGUE, event)
    ? fieldsOfSentence(event as LogEventName, text)
    : null;
}

/** A line's text without the icon before it. */
export function withoutIcon(text: string): string {
  return text.replace(/^\p{Extended_Pictographic}\ufe0f? /u, '');
}

/** `key=value` each. A part without a name belongs to the value before it, which contained the separator. */
function fieldsOfParts(parts: readonly string[]): LogFields {
  const fields: LogFields = {};
  let last = 'text';
  for (const part of parts) {
    const name = part.slice(0, Math.max(part.indexOf('='), 0));
    if (FIELD_NAME.test(name) && !Object.hasOwn(fields, name)) {
      fields[name] = typedValue(part.slice(name.length + 1));
      last = name;
    } else fields[last] = Object.hasOwn(fields, last) ? `${fields[last]} | ${part}` : part;
  }
  return fields;
}

/** How to find the values in the sentence of an event, and the names of their fields. */
interface SentencePattern {
  pattern: RegExp;
  names: string[];
}

const patterns = new Map<LogEventName, SentencePattern | null>();

function fieldsOfSentence(event: LogEventName, text: string): LogFields | null {
  let known = patterns.get(event);
  if (known === undefined) {
    known = patternOf(event);
    patterns.set(event, known);
  }
  const found = known?.pattern.exec(text);
  if (!known || !found) return null;
  const fields = Object.fromEntries(known.names.map((name, i) => [name, typedValue(found[i + 1] ?? '')]));
  // A sentence may leave fields out or calculate with them.
  return withoutIcon(composeText(event, fields)) === text ? fields : null;
}

/** Composes the event's sentence of marks, which stand where the values will be. */
function patternOf(event: LogEventName): SentencePattern | null {
  const { sentence }: EventKind = CATALOGUE[event];
  if (sentence === undefined) return null;
  const read: string[] = [];
  const marks = new Proxy<LogFields>(
    {},
    {
      get(_, name) {
        read.push(String(name));
        return `\0${read.length - 1}\0`;
      },
    },
  );
  // Every second part is the number of a mark.
  const parts = sentence(marks).split('\0');
  const source = parts.map((part, i) => (i % 2 === 0 ? escaped(part) : '(.*)')).join('');
  const names = parts.flatMap((part, i) => (i % 2 === 0 ? [] : [read[Number(part)] ?? '']));
  return { pattern: new RegExp(`^${source}$`, 's'), names };
}

/** A number or a truth value if the text is written as one. */
function typedValue(text: string): LogFields[string] {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return String(number) === text && Number.isFinite(number) ? number : text;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
