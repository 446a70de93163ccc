import type { LogFields } from './log-catalogue.ts';
import { clip, sanitise } from './sanitise.ts';

/** Maximum length (characters) of a field's text, and of all texts of a record together. */
export const MAX_FIELD_TEXT = 4096;
/** Each text of a record may have this many characters, however long the others are. */
const OWN_SHARE = 256;

/** The name of a field, as the code writes it. */
export const FIELD_NAME = /^[a-z][a-z0-9_]{0,31}$/;

/**
 * Makes fields safe to display, to write and to send: only values that JSON can hold, texts of one line without control,
 * invisible or bidi characters, and at most 4,096 characters in all, so that a record's size is bounded. The order is
 * kept. Safe fields do not change.
 */
export function safeFields(fields: LogFields): LogFields {
  const safe: LogFields = {};
  for (const name of Object.keys(fields)) safe[safeName(name, fields, safe)] = safeValue(fields[name]);
  if (textLength(safe) > MAX_FIELD_TEXT) shorten(safe);
  return safe;
}

/** The size of fields in memory and on the way to a window: the characters of names and texts, and 8 for another value. */
export function sizeOf(fields: LogFields): number {
  let size = 0;
  for (const name in fields) {
    const value = fields[name];
    size += name.length + (typeof value === 'string' ? value.length : 8);
  }
  return size;
}

/** The characters of all texts in fields. */
export function textLength(fields: LogFields): number {
  let length = 0;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') length += value.length;
  }
  return length;
}

/** Numbers that JSON can't hold become text, as does anything else. */
function safeValue(value: unknown): LogFields[string] {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  return sanitise(String(value), MAX_FIELD_TEXT);
}

/** A name that is none is spelled as one. A number is added if another field has that name. */
function safeName(name: string, fields: LogFields, safe: LogFields): string {
  if (FIELD_NAME.test(name)) return name;
  const spelled = name
    .slice(0, 28)
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_');
  const base = /^[a-z]/.test(spelled) ? spelled : `f${spelled.slice(0, 27)}`;
  let free = base;
  for (let count = 2; Object.hasOwn(fields, free) || Object.hasOwn(safe, free); count++) free = `${base}_${count}`;
  return free;
}

/** Cuts the texts to the limit of a record. Each keeps its share; the rest goes to the first long ones. */
function shorten(fields: LogFields): void {
  const texts = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const shares = texts.reduce((sum, [, text]) => sum + Math.min(text.length, OWN_SHARE), 0);
  let spare = Math.max(MAX_FIELD_TEXT - shares, 0);
  for (const [name, text] of texts) {
    const cut = clip(text, OWN_SHARE + spare);
    fields[name] = cut;
    spare -= Math.max(cut.length - OWN_SHARE, 0);
  }
}
