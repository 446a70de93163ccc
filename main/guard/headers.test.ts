import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headerValues } from './headers.ts';

test('every value of a header is found, in order, whatever the case of its name; others are left out', () => {
  const raw = ['Host', 'a', 'X-Other', 'b', 'HOST', 'c', 'origin', ''];
  expect(headerValues(raw, ['host', 'origin', 'authorization'])).toEqual({
    host: ['a', 'c'],
    origin: [''],
    authorization: [],
  });
});

test('names of inherited members are headers like others', () => {
  expect(headerValues(['__proto__', 'x', 'constructor', 'y'], ['host'])).toEqual({ host: [] });
});

test('any list at all: each value under its own name, none lost, none invented, never a throw', () => {
  const name = fc.oneof(fc.constantFrom('Host', 'hOST', 'Origin', '__proto__', 'constructor'), fc.string());
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'binary' }))), fc.option(name), (pairs, last) => {
      // A name without a value can't come from a parser; it would count as an empty one or not at all.
      const raw = last === null ? pairs.flat() : [...pairs.flat(), last];
      const valuesOf = (name: string) => pairs.filter(([n]) => n.toLowerCase() === name).map(([, value]) => value);
      expect(headerValues(raw, ['host', 'origin'])).toEqual({ host: valuesOf('host'), origin: valuesOf('origin') });
    }),
  );
});
