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
