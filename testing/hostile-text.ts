import fc from 'fast-check';

/** Characters that must not reach a line, by code point and not by the properties of the tested pattern. */
export const UNSAFE_RANGES: ReadonlyArray<[what: string, first: number, last: number]> = [
  ['C0', 0x00, 0x1f],
  ['DEL and C1', 0x7f, 0x9f],
  ['the soft hyphen', 0xad, 0xad],
  ['the Arabic letter mark', 0x61c, 0x61c],
  ['the Mongolian vowel separator', 0x180e, 0x180e],
  ['the zero-width space', 0x200b, 0x200b],
  ['bidi marks', 0x200e, 0x200f],
  ['separators, bidi embeddings and overrides', 0x2028, 0x202e],
  ['invisible operators, bidi isolates, deprecated formats', 0x2060, 0x206f],
  ['half characters', 0xd800, 0xdfff],
  ['the byte order mark', 0xfeff, 0xfeff],
  ['interlinear annotations', 0xfff9, 0xfffb],
  ['tags', 0xe0000, 0xe007f],
];
/** Matches one of them. */
export const UNSAFE_CHARACTER = new RegExp(
  `[${UNSAFE_RANGES.map(([, first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('')}]`,
  'u',
);

/** Hostile text: all of Unicode including lone surrogates, with a high share of the dangerous characters. */
export const hostileText = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
        fc.integer({ min: 0x10000, max: 0x10ffff }).map((point) => String.fromCodePoint(point)),
        fc.constantFrom(
          '\r\n',
          '\u001b[2J',
          '\u202e',
          '\u2066',
          '\u2028',
          '\u0085',
          '\0',
          '\ud83d',
          '\udd0c',
          '🔌',
          '\u{e0041}',
          '\ufeff',
          ' | ',
        ),
      ),
      { maxLength },
    )
    .map((parts) => parts.join(''));
