import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lowerCase, matchRanges, searchWords } from './log-words.ts';

describe('searchWords', () => {
  test.each([
    ['', []],
    ['  |  ', []],
    ['One two ONE', ['one', 'two']],
    ['a|b | c', ['a', 'b', 'c']],
    ['"two words" three', ['two words', 'three']],
    ['a"b c"d', ['a', 'b c', 'd']],
    ['"not closed', ['not closed']],
    ['"" " "', []],
  ])('%j has the words %j', (search, words) => {
    expect(searchWords(search)).toEqual(words);
  });
});

describe('matchRanges', () => {
  const marked = (text: string, words: string[]) =>
    matchRanges(text, words).reduceRight(
      (all, { from, to }) => `${all.slice(0, from)}[${all.slice(from, to)}]${all.slice(to)}`,
      text,
    );

  test.each([
    ['WS_SEND | event=ws', ['ws'], '[WS]_SEND | event=[ws]'],
    ['aaaa', ['aa'], '[aaaa]'],
    ['abcd', ['ab', 'bc'], '[abc]d'],
    ['abcd', ['cd', 'ab'], '[abcd]'],
    ['abc', ['x'], 'abc'],
    ['abc', [''], 'abc'],
    ['İİ x', ['x'], 'İİ [x]'],
  ])('in %j the words %j are found as %j', (text, words, expected) => {
    expect(marked(text, words)).toBe(expected);
  });

  test('ranges are in order, apart from each other, and cover exactly the characters of an occurrence', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'İ', 'ß', '🔌'), minLength: 1, maxLength: 4 });
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'İ', 'ß', '🔌', ' '), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.array(word, { maxLength: 3 }), (where, words) => {
        const lower = words.map(lowerCase);
        const covered = new Array(where.length).fill(false);
        for (const one of lower)
          for (let at = 0; at <= where.length - one.length; at++)
            if (lowerCase(where).startsWith(one, at)) covered.fill(true, at, at + one.length);
        const ranges = matchRanges(where, lower);
        const found = new Array(where.length).fill(false);
        ranges.forEach(({ from, to }, i) => {
          expect(from).toBeGreaterThan(ranges[i - 1]?.to ?? -1);
          found.fill(true, from, to);
        });
        expect(found).toEqual(covered);
      }),
    );
  });
});
