import { expect, test } from 'vitest';
import { randomText } from './random-text.ts';

test('10,000 texts of 12 and 32 bytes, across many refills of the pool, have the right length and are unique', () => {
  const texts = Array.from({ length: 10_000 }, (_, i) => randomText(i % 2 === 0 ? 12 : 32));
  expect(new Set(texts).size).toBe(10_000);
  for (const [i, text] of texts.entries()) expect(text).toMatch(i % 2 === 0 ? /^[\w-]{16}$/ : /^[\w-]{43}$/);
});

test('every bit is random: it is set in about half of 4,000 texts', () => {
  const set = Array<number>(96).fill(0);
  for (let i = 0; i < 4_000; i++) {
    const bytes = Buffer.from(randomText(12), 'base64url');
    for (const bit of set.keys()) set[bit] = (set[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
  }
  // Ten standard deviations for 4,000 random bits.
  for (const count of set) expect(Math.abs(count - 2_000)).toBeLessThan(316);
});
