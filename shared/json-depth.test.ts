import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTooDeep } from './json-depth.ts';

/** Depth of the parsed value: text has depth 0, `[]` has depth 1. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('H72 property: for any JSON the depth is that of the parsed value', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const depth = depthOf(JSON.parse(text));
      expect([isTooDeep(text, depth), depth > 0 && !isTooDeep(text, depth - 1)]).toEqual([false, false]);
    }),
  );
});

test.each([
  ['brackets in a text', '["[[[[[[","\\"[[[{{{","\\\\"]', 1],
  ['lists side by side', '[[],[],[],{},{}]', 2],
  ['names with brackets', '{"[{":{"\\"}":1}}', 2],
])('H72 the depth of %s is measured exactly', (_title, text, depth) => {
  expect([isTooDeep(text, depth), isTooDeep(text, depth - 1)]).toEqual([false, true]);
});

test('H72 stops reading a text of brackets after the first few', () => {
  const reads: number[] = [];
  const text = {
    length: 1e9,
    charCodeAt(at: number) {
      reads.push(at);
      return 0x5b;
    },
  } as unknown as string;
  expect(isTooDeep(text, 8)).toBe(true);
  expect(reads).toHaveLength(9);
});
