import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOwnUrl } from './origin.ts';

test.each(['earshot://app', 'earshot://app/', 'earshot://app/index.html', 'earshot://app/index.html?x=1#y'])(
  '%s is our own',
  (url) => expect(isOwnUrl(url)).toBe(true),
);

test.each([
  undefined,
  '',
  'null',
  'about:blank',
  'about:srcdoc',
  'earshot://',
  'earshot://app.evil/',
  'earshot://evil/index.html',
  'earshot://app:1/',
  'earshot://someone@app/',
  'earshot:app',
  'http://app/',
  'https://earshot/app',
  'file:///index.html',
  'data:text/html,earshot://app/',
  'blob:earshot://app/0',
])('%s is not', (url) => expect(isOwnUrl(url)).toBe(false));

test('property: any text is checked without an exception, and our own URLs stay ours when they are normalised', () => {
  const piece = fc.constantFrom(
    'earshot',
    ':',
    '//',
    'app',
    '@',
    '.',
    '/',
    '\\',
    '%2f',
    '#',
    '?',
    ':80',
    '\t',
    'EARSHOT',
    'http',
  );
  const text = fc.oneof(
    fc.webUrl(),
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, fc.boolean(), (rest, whole) => {
      const url = whole ? rest : `earshot://app${rest}`;
      if (!isOwnUrl(url)) return;
      const { protocol, host, href } = new URL(url);
      expect([protocol, host]).toEqual(['earshot:', 'app']);
      expect(isOwnUrl(href)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
