import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headerValues } from './headers.ts';

test('returns all values of a header in order, whatever the case of its name, and no others', () => {
  const raw = ['Host', 'a', 'X-Other', 'b', 'HOST', 'c', 'origin', ''];
  expect(headerValues(raw, ['host', 'origin', 'authorization'])).toEqual({
    host: ['a', 'c'],
    origin: [''],
    authorization: [],
  });
});

test('treats names of inherited members like other headers', () => {
  expect(headerValues(['__proto__', 'x', 'constructor', 'y'], ['host'])).toEqual({ host: [] });
});

test('property: returns each value under its own name, loses and invents none, never throws', () => {
  const name = fc.oneof(fc.constantFrom('Host', 'hOST', 'Origin', '__proto__', 'constructor'), fc.string());
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'binary' }))), fc.option(name), (pairs, last) => {
      // A parser never produces a name without a value, so it may be dropped or count as empty.
      const raw = last === null ? pairs.flat() : [...pairs.flat(), last];
      const valuesOf = (name: string) => pairs.filter(([n]) => n.toLowerCase() === name).map(([, value]) => value);
      expect(headerValues(raw, ['host', 'origin'])).toEqual({ host: valuesOf('host'), origin: valuesOf('origin') });
    }),
  );
});
