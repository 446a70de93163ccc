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

/** Any text, including lone surrogates. */
const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

test('H30 a secret equals only itself', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(matchesSecret(a, a)).toBe(true);
      expect(matchesSecret(a, b)).toBe(a === b);
    }),
  );
});

test('H30 a secret with a changed, missing, added or differently cased character is different', () => {
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
  ['lone surrogates', '\ud800', '\udfff'],
  ['the replacement character and a lone surrogate', '\ufffd', '\ud800'],
  ['an empty text and a NUL', '', '\0'],
  ['composed and decomposed', '\u00e9', 'e\u0301'],
])('H30 %s are different', (_title, a, b) => {
  expect(matchesSecret(a, b)).toBe(false);
  expect(matchesSecret(b, a)).toBe(false);
});

test('H30 compares digests of equal length with timingSafeEqual', () => {
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

test('H30 a cached secret is replaced by the next one', () => {
  expect([
    matchesSecret('first', 'first'),
    matchesSecret('first', 'second'),
    matchesSecret('second', 'second'),
  ]).toEqual([true, false, true]);
  expect(matchesSecret('second', 'first')).toBe(false);
});
