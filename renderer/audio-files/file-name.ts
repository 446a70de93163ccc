import { MAX_IMPORT_NAME } from '../../shared/recording-import.ts';

/** Bytes of a name without its ending. File systems allow 255 for a whole name; some encrypted ones 143. */
const MAX_NAME_BYTES = 120;
/** Device names on Windows, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A file name that every system accepts, from any text, such as a recording's title: `/`, `\`, `:` and other characters
 * with a meaning become `-`, control characters go, and a long name is cut between two characters.
 * @param fallback used if nothing is left, such as the recording's id
 * @param ending with its dot
 */
export function fileName(title: string, fallback: string, ending: string): string {
  const clean = cut(
    withoutControls(title)
      .replace(/[/\\:*?"<>|]+/g, '-')
      .replace(/\s+/g, ' ')
      .replace(/^[\s.-]+/, ''),
  ).replace(/[\s.]+$/, '');
  const name = clean === '' || RESERVED.test(clean) ? fallback : clean;
  return `${name}${ending}`;
}

/** The name that a recording keeps of its file: without control characters, and cut to the length that the host accepts. */
export function importName(name: string): string {
  let kept = '';
  for (const character of withoutControls(name).trim()) {
    if (kept.length + character.length > MAX_IMPORT_NAME) break;
    kept += character;
  }
  return kept.trim() || 'audio';
}

/** Without control characters, halves of surrogate pairs, and the characters that turn the direction of the text around (Unicode TR 9). */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}

/** The longest start of a text that fits, between two visible characters. */
function cut(text: string): string {
  const encoder = new TextEncoder();
  let bytes = 0;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    bytes += encoder.encode(segment).length;
    if (bytes > MAX_NAME_BYTES) break;
    kept += segment;
  }
  return kept;
}
