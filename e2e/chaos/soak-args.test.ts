import { expect, it } from 'vitest';
import { parseSoakArgs } from './soak-args.ts';

const parse = (...argv: string[]) => parseSoakArgs(argv, () => 77);

it('runs as long as asked, from a seed of its own or the one given', () => {
  expect(parse('--minutes', '30')).toEqual({ firstSeed: 77, seeds: Number.POSITIVE_INFINITY, minutes: 30 });
  expect(parse('--minutes', '0.5', '--seed', '9', '--seeds', '3')).toEqual({ firstSeed: 9, seeds: 3, minutes: 0.5 });
});

it('a seed alone is one turn, again', () => {
  expect(parse('--seed', '12')).toEqual({ firstSeed: 12, seeds: 1, minutes: Number.POSITIVE_INFINITY });
});

it('seeds alone take the time they take', () => {
  expect(parse('--seeds', '40')).toEqual({ firstSeed: 77, seeds: 40, minutes: Number.POSITIVE_INFINITY });
});

it('nothing at all is one minute', () => {
  expect(parse()).toEqual({ firstSeed: 77, seeds: Number.POSITIVE_INFINITY, minutes: 1 });
});

it.each([
  ['--minutes', '0'],
  ['--minutes', 'long'],
  ['--seed', '1.5'],
  ['--seeds', '-3'],
  ['--hours', '2'],
])('refuses %s %s', (...argv) => {
  expect(() => parse(...argv)).toThrow();
});
