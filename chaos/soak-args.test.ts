import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSoakArgs } from './soak-args.ts';

const parse = (...argv: string[]) => parseSoakArgs(argv, () => 77);

test('runs for the given time, starting with a random seed or the given one', () => {
  expect(parse('--minutes', '30')).toEqual({ firstSeed: 77, seeds: Number.POSITIVE_INFINITY, minutes: 30, turn: null });
  expect(parse('--minutes', '0.5', '--seed', '9', '--seeds', '3')).toEqual({
    firstSeed: 9,
    seeds: 3,
    minutes: 0.5,
    turn: null,
  });
});

test('a seed alone runs one round', () => {
  expect(parse('--seed', '12')).toEqual({ firstSeed: 12, seeds: 1, minutes: Number.POSITIVE_INFINITY, turn: null });
});

test('a number of seeds alone sets no time limit', () => {
  expect(parse('--seeds', '40')).toEqual({ firstSeed: 77, seeds: 40, minutes: Number.POSITIVE_INFINITY, turn: null });
});

test('--turn selects a single turn', () => {
  expect(parse('--turn', '12').turn).toBe(12);
});

test('runs for one minute by default', () => {
  expect(parse()).toEqual({ firstSeed: 77, seeds: Number.POSITIVE_INFINITY, minutes: 1, turn: null });
});

test.each([
  ['--minutes', '0'],
  ['--minutes', 'long'],
  ['--seed', '1.5'],
  ['--seeds', '-3'],
  ['--turn', '0.5'],
  ['--hours', '2'],
])('refuses %s %s', (...argv) => {
  expect(() => parse(...argv)).toThrow();
});

test('property: any command line gives valid numbers, or an error with a message', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--minutes', '--seed', '--seeds', '--turn', '0', '1', '1e3', '0.5', 'NaN', 'Infinity', '--seed=9'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
      try {
        const { firstSeed, seeds, minutes } = parse(...argv);
        expect(Number.isSafeInteger(firstSeed) && firstSeed > 0).toBe(true);
        expect(seeds === Number.POSITIVE_INFINITY || Number.isSafeInteger(seeds)).toBe(true);
        expect(minutes > 0).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ message: expect.stringMatching(/./) });
      }
    }),
    { numRuns: 300 },
  );
});
