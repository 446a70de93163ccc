import { randomBytes, timingSafeEqual } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { digestOf, matchesSecret } from './compare-secret.ts';

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) };
});
const compared = vi.mocked(timingSafeEqual);
beforeEach(() => {
  compared.mockClear();
});

/** Any text, halves of surrogate pairs included. */
const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

test('H30 a secret is equal to itself and to nothing else', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(matchesSecret(a, a)).toBe(true);
      expect(matchesSecret(a, b)).toBe(a === b);
    }),
  );
});

test('H30 nearly is not: a character changed, left out, added or in another case', () => {
  const secret = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString('base64url'));
  fc.assert(
    fc.property(secret, fc.nat(42), fc.string({ minLength: 1, maxLength: 1 }), (own, at, char) => {
      const [before, after] = [own.slice(0, at), own.slice(at + 1)];
      for (const offered of [before + char + after, before + after, before + char + own.slice(at), own.toUpperCase()]) {
        expect(matchesSecret(offered, own)).toBe(offered === own);
      }
    }),
  );
});

test.each([
  ['halves of surrogate pairs', '\ud800', '\udfff'],
  ['the replacement character and what it replaces', '\ufffd', '\ud800'],
  ['an empty one and one of a NUL', '', '\0'],
  ['composed and decomposed', '\u00e9', 'e\u0301'],
])('H30 %s are different', (_title, a, b) => {
  expect(matchesSecret(a, b)).toBe(false);
  expect(matchesSecret(b, a)).toBe(false);
});

test('H30 what is compared always has the same length, and always to its end: digests, by timingSafeEqual', () => {
  const secret = randomBytes(32).toString('base64url');
  const offers = ['', 'x', secret, secret.slice(0, -1), `${secret}x`, 'x'.repeat(100_000)];
  expect(offers.map((offered) => matchesSecret(offered, secret))).toEqual([false, false, true, false, false, false]);
  expect(compared).toHaveBeenCalledTimes(offers.length);
  for (const [i, [offered, own]] of compared.mock.calls.entries()) {
    expect(offered).toEqual(digestOf(offers[i] ?? ''));
    expect(own).toEqual(digestOf(secret));
    expect([offered.byteLength, own.byteLength]).toEqual([32, 32]);
  }
});

test('H30 the secret of a launch is forgotten with the next one', () => {
  expect([
    matchesSecret('first', 'first'),
    matchesSecret('first', 'second'),
    matchesSecret('second', 'second'),
  ]).toEqual([true, false, true]);
  expect(matchesSecret('second', 'first')).toBe(false);
});
