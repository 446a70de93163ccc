import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { selectRange } from './byte-range.ts';

const WHOLE = { status: 200 };
const NOTHING = { status: 416 };
const part = (start: number, end: number) => ({ status: 206, start, end });

describe('a single byte range', () => {
  test.each([
    ['bytes=0-', part(0, 100)],
    ['bytes=0-0', part(0, 1)],
    ['bytes=0-99', part(0, 100)],
    ['bytes=10-19', part(10, 20)],
    ['bytes=99-', part(99, 100)],
    ['bytes=99-99', part(99, 100)],
    ['bytes=-1', part(99, 100)],
    ['bytes=-100', part(0, 100)],
    // A range past the end is shortened.
    ['bytes=10-100', part(10, 100)],
    ['bytes=10-99999999999999999999999999', part(10, 100)],
    [`bytes=10-${'9'.repeat(400)}`, part(10, 100)],
    ['bytes=-101', part(0, 100)],
    [`bytes=-${'9'.repeat(400)}`, part(0, 100)],
    ['bytes=007-010', part(7, 11)],
    // Allowed white space and list separators.
    ['Bytes=1-2', part(1, 3)],
    ['BYTES=1-2', part(1, 3)],
    ['bytes= 1-2', part(1, 3)],
    ['bytes=\t1-2 ', part(1, 3)],
    ['bytes=,1-2', part(1, 3)],
    ['bytes=1-2, ,', part(1, 3)],
  ])('%s of 100 bytes', (header, answer) => {
    expect(selectRange(header, 100)).toEqual(answer);
  });
});

test.each(['bytes=100-', 'bytes=100-100', 'bytes=100-200', `bytes=${'9'.repeat(400)}-`, 'bytes=-0', 'bytes=-000'])(
  '%s is outside of a file of 100 bytes',
  (header) => {
    expect(selectRange(header, 100)).toEqual(NOTHING);
  },
);

test.each([
  undefined,
  '',
  'bytes',
  'bytes=',
  'bytes=,',
  'bytes=-',
  'bytes=--1',
  'bytes=1--2',
  'bytes=1-2-3',
  'bytes=a-b',
  'bytes=1-b',
  'bytes=1',
  'bytes=+1-2',
  'bytes=0x1-2',
  'bytes=1e1-20',
  'bytes=1.5-2',
  'bytes=1 -2',
  'bytes=1- 2',
  'bytes =1-2',
  ' bytes=1-2',
  'bytes:1-2',
  'bytes=2-1',
  'bytes=9007199254740993-9007199254740992',
  'bytes=1-2\n',
  'bytes=\u0661-\u0662',
  'bytes=0-1,5-6',
  'bytes=0-1, -1',
  'bytes=0-1,nonsense',
  // Two headers, joined by Node.
  'bytes=0-1, bytes=5-6',
  'seconds=1-2',
  'none',
  'items=0-5',
])('%j is answered with the whole file', (header) => {
  expect(selectRange(header, 100)).toEqual(WHOLE);
});

test('every start is outside of an empty file; its last bytes are the whole file', () => {
  expect(selectRange('bytes=0-', 0)).toEqual(NOTHING);
  expect(selectRange('bytes=0-0', 0)).toEqual(NOTHING);
  expect(selectRange('bytes=-0', 0)).toEqual(NOTHING);
  expect(selectRange('bytes=-5', 0)).toEqual(WHOLE);
  expect(selectRange(undefined, 0)).toEqual(WHOLE);
});

const sizes = fc.oneof(fc.nat(300), fc.constantFrom(2 ** 32, 576_000_044), fc.nat(Number.MAX_SAFE_INTEGER));
const positions = fc.oneof(fc.nat(300), fc.maxSafeNat());

test('property: a range selects the same bytes as a slice of the file', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 251);
  fc.assert(
    fc.property(fc.nat(300), positions, fc.option(positions), (size, first, last) => {
      const file = bytes.subarray(0, size);
      const answer = selectRange(`bytes=${first}-${last ?? ''}`, size);
      const expected = file.subarray(first, last === null ? undefined : last + 1);
      if (last !== null && last < first) {
        expect(answer).toEqual(WHOLE);
      } else if (expected.length === 0) {
        expect(answer).toEqual(NOTHING);
      } else {
        expect(answer).toEqual(part(first, first + expected.length));
      }
    }),
  );
});

test('property: a suffix range selects the same bytes as a slice from the end', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 251);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 600 }), (size, count) => {
      const file = bytes.subarray(0, size);
      const answer = selectRange(`bytes=-${count}`, size);
      expect(answer.status === 206 && file.subarray(answer.start, answer.end)).toEqual(file.slice(-count));
    }),
  );
});

test('property: for any header, the range is within the file and not empty', () => {
  const header = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('bytes', '=', '-', ',', ' ', '0', '1', '99', '9'.repeat(30), 'x'), { maxLength: 12 })
      .map((parts) => `bytes=${parts.join('')}`),
  );
  fc.assert(
    fc.property(header, sizes, (header, size) => {
      const answer = selectRange(header, size);
      expect([200, 206, 416]).toContain(answer.status);
      if (answer.status !== 206) return;
      expect(Number.isSafeInteger(answer.start) && Number.isSafeInteger(answer.end)).toBe(true);
      expect(answer.start).toBeGreaterThanOrEqual(0);
      expect(answer.start).toBeLessThan(answer.end);
      expect(answer.end).toBeLessThanOrEqual(size);
    }),
    { numRuns: 2_000 },
  );
});
