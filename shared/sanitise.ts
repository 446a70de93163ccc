/** Maximum length of a line's text, in characters; longer texts end in an ellipsis. */
export const MAX_TEXT = 300;

// Characters that are not allowed in a line: control characters (C0, DEL, C1), line and paragraph separators, bidi
// marks, embeddings and isolates (Unicode Bidirectional Algorithm, UAX #9), lone surrogates, interlinear annotations,
// and invisible characters (Default_Ignorable_Code_Point, UAX #44): zero-width characters, the byte order mark, tags.
// Joiners and variation selectors are allowed, because emoji and scripts need them.
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb](?<![\p{Join_Control}\p{Variation_Selector}])/gu;

const PLAIN = /^[\x20-\x7e]*$/;

/** Makes a text safe for one line of the log: replaces unsafe characters by `·` and cuts it to `max` characters. */
export function sanitise(text: string, max = MAX_TEXT): string {
  // Fast path for short ASCII texts, which are nearly all fields. The full pattern takes ten times as long.
  if (text.length <= max && PLAIN.test(text)) return text;
  // Cut first to bound the work. A surrogate pair may become one `·`, so keep more than twice the limit; a longer text
  // then still exceeds `max` and ends in an ellipsis.
  return clip(text.slice(0, max * 2 + 1).replace(UNSAFE, '·'), max);
}

/** Cuts to `max` characters, ending in an ellipsis, without splitting a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
