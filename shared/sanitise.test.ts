import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileText, UNSAFE_CHARACTER, UNSAFE_RANGES } from '../testing/hostile-text.ts';
import { MAX_TEXT, sanitise } from './sanitise.ts';

describe('sanitise', () => {
  test('H48 property: one line, no control or bidi characters, no lone surrogates, at most 300 characters', () => {
    fc.assert(
      fc.property(hostileText(400), (text) => {
        const clean = sanitise(text);
        expect(clean).not.toMatch(UNSAFE_CHARACTER);
        expect(clean.length).toBeLessThanOrEqual(MAX_TEXT);
        expect(clean.split(/\r\n|[\n\r\u2028\u2029\u0085]/)).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  test.each(UNSAFE_RANGES)('H48 %s: each is replaced by one character', (_, first, last) => {
    for (let point = first; point <= last; point++) expect(sanitise(`a${String.fromCodePoint(point)}b`)).toBe('a·b');
  });

  test('H48 all visible Unicode characters are kept, and all control characters replaced', () => {
    const wrong: string[] = [];
    for (let point = 0; point <= 0x10_ffff; point++) {
      const char = String.fromCodePoint(point);
      const clean = sanitise(char);
      const drawn = /[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/u.test(char) && !/\p{Default_Ignorable_Code_Point}/u.test(char);
      if (clean !== char && clean !== '·') wrong.push(point.toString(16));
      if (UNSAFE_CHARACTER.test(char) ? clean !== '·' : drawn && clean !== char) wrong.push(point.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  test('H48 a text of pairs that are all replaced is cut with an ellipsis if too long, and unchanged if it fits', () => {
    const tag = '\u{e0041}';
    expect(sanitise(tag.repeat(300))).toBe('·'.repeat(300));
    expect(sanitise(tag.repeat(301))).toBe(`${'·'.repeat(299)}…`);
    expect(sanitise(`a${tag.repeat(400)}`)).toBe(`a${'·'.repeat(298)}…`);
  });

  test('property: sanitising twice gives the same result', () => {
    fc.assert(
      fc.property(hostileText(400), fc.integer({ min: 1, max: 400 }), (text, max) => {
        const clean = sanitise(text, max);
        expect(sanitise(clean, max)).toBe(clean);
        expect(clean.length).toBeLessThanOrEqual(max);
      }),
    );
  });

  test('keeps readable text of any script, including joined emoji', () => {
    for (const text of ['Grüße, 世界', 'مرحبا', 'שלום', '👩‍👩‍👧‍👦 ❤️ 🏳️‍🌈', 'a\u0301', 'می\u200cخواهم', '葛\u{e0100}'])
      expect(sanitise(text)).toBe(text);
  });

  test('a text that is too long ends in an ellipsis, without a split character', () => {
    expect(sanitise('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
    expect(sanitise('x'.repeat(300))).toHaveLength(300);
    expect(sanitise(`${'x'.repeat(298)}🔌🔌`)).toBe(`${'x'.repeat(298)}…`);
  });

  test('the cost of a megabyte is that of its beginning', () => {
    expect(sanitise('\n'.repeat(1_000_000))).toBe(`${'·'.repeat(299)}…`);
  });
});
