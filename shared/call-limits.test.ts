import { expect, test } from 'vitest';
import { MAX_CALL_DEPTH, MAX_CALL_NAMES, MAX_CALL_SIZE, MAX_CALL_VALUES, measureCall } from './call-limits.ts';

const nested = (depth: number): unknown => (depth === 0 ? 'x' : { in: nested(depth - 1) });
const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, n]));

/** The largest valid batch: 200 lines, each with the maximum number of fields. */
const BATCH = Array.from({ length: 200 }, (_, n) => ({
  time: 1_700_000_000_000 + n,
  side: 'client',
  event: 'PRESS',
  fields: Object.fromEntries(Array.from({ length: 16 }, (_, f) => [`field_${f}`, 'x'.repeat(40)])),
}));

test.each([
  ['nothing', undefined],
  ['a text', 'x'.repeat(1_000)],
  ['a number', 7],
  ['settings', { theme: 'dark', shortcut: 'F8', notifications: true, microphone_channel: 0 }],
  ['the largest batch of log lines', BATCH],
  ['as deep as may be', nested(MAX_CALL_DEPTH)],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
])('H72 %s is accepted, and its size does not exceed its JSON', (_title, args) => {
  const size = measureCall(args);
  expect(size).not.toBeNull();
  expect(size).toBeLessThanOrEqual((JSON.stringify(args) ?? '').length + 4);
});

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
test.each([
  ['a text of 50 MB', 'x'.repeat(50 * 1024 * 1024)],
  ['one character too many', 'x'.repeat(MAX_CALL_SIZE)],
  ['the name of a field of 1 MB', { ['x'.repeat(1024 * 1024)]: 1 }],
  ['texts that are too long together', Array.from({ length: 300 }, () => 'x'.repeat(1_000))],
  ['a list of a million', new Array(1_000_000)],
  ['many small values', Array.from({ length: 100 }, () => new Array(MAX_CALL_VALUES / 100).fill(1))],
  ['an object of many names', names(MAX_CALL_NAMES + 1)],
  ['one level too deep', nested(MAX_CALL_DEPTH + 1)],
  ['a hundred thousand levels', Array.from({ length: 100_000 }).reduce((inner) => [inner], 1)],
  ['itself', cyclic],
  ['bytes', new Uint8Array(8)],
  ['a buffer', new ArrayBuffer(8)],
  ['a map', new Map([[1, 2]])],
  ['a set', new Set([1])],
  ['a date', new Date(0)],
  ['an error', new Error('x')],
  ['a function', () => 1],
  ['a big integer', 1n],
  ['a symbol', Symbol('x')],
])('H72 %s is refused', (_title, args) => {
  expect(measureCall(args)).toBeNull();
});

test('H72 the cost of measuring is bounded by the limits, not by the size of the arguments', () => {
  const read: PropertyKey[] = [];
  const list = new Proxy([], {
    get(_target, key) {
      read.push(key);
      return key === 'length' ? 1e9 : undefined;
    },
  });
  expect(measureCall(list)).toBeNull();
  expect(read).toEqual(['length']);
});
