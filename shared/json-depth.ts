const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/**
 * Whether lists and objects stand deeper inside one another than `most`, found out without parsing: 256 KiB of brackets take ten times
 * as long to parse as a batch of log lines of that size, and most of it is given back only by a collection that holds everything up.
 * @param text JSON, or anything else, of which the answer means nothing
 */
export function isTooDeep(text: string, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inText) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inText = false;
    } else if (code === QUOTE) inText = true;
    else if (OPENING.includes(code)) {
      depth += 1;
      if (depth > most) return true;
    } else if (CLOSING.includes(code)) depth -= 1;
  }
  return false;
}
