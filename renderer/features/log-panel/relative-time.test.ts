import { expect, test } from 'vitest';
import { formatSince } from './relative-time.ts';

test.each([
  [0, '+0.000'],
  [13.6, '+0.014'],
  [83_250, '+83.250'],
  [-2.8, '−0.003'],
  [-0.2, '+0.000'],
])('%d ms after the start of a session are %s', (ms, shown) => {
  expect(formatSince(ms)).toBe(shown);
});
