import type { Field } from './event-fields.ts';

/** What a row has room for. */
export interface Fitted {
  fields: readonly Field[];
  /** How many fields have no room. */
  hidden: number;
}

/** Characters between two fields: their padding and the gap. */
const BETWEEN = 3;
/** Characters of "+12". */
const MORE = 3;

const widthOf = (name: string, value: string) => BETWEEN + name.length + 1 + value.length;

/** `1006` of `1006 (it broke without a goodbye)`, `−9.5 dBFS` of `−9.5 dBFS (good level)`; null: there is no meaning. */
function withoutMeaning({ value, raw }: Field): string | null {
  const end = raw === null ? -1 : value.indexOf(' (');
  return end > 0 && value.endsWith(')') ? value.slice(0, end) : null;
}

/**
 * The fields that fit in a line beside its title, each of them whole, or without its meaning where only that fits. Rows are set in a face whose characters are all
 * equally wide, so the room is counted in characters and nothing needs to be measured.
 * @param title number of characters of the title
 * @param room number of characters of the line
 */
export function fitFields(title: number, fields: readonly Field[], room: number): Fitted {
  let used = title;
  const fitting: Field[] = [];
  for (const field of fields) {
    const left = room - used - (fitting.length === fields.length - 1 ? 0 : BETWEEN + MORE);
    const fits = (value: string) => widthOf(field.name, value) <= left;
    const value = [field.value, withoutMeaning(field)].find((text) => text !== null && fits(text)) ?? null;
    if (value === null) break;
    used += widthOf(field.name, value);
    fitting.push(value === field.value ? field : { ...field, value });
  }
  return { fields: fitting, hidden: fields.length - fitting.length };
}
