import { expect, test } from 'vitest';
import { checkTurnLimit } from './turn-limit.ts';

test('without a limit a turn never ends by itself', () => {
  expect(checkTurnLimit(Number.MAX_SAFE_INTEGER, 0)).toEqual({ kind: 'none' });
});

test.each([
  [0, { kind: 'none' }],
  [29_980, { kind: 'none' }],
  [30_000, { kind: 'warning', leftS: 30 }],
  [30_020, { kind: 'warning', leftS: 30 }],
  [59_000, { kind: 'warning', leftS: 1 }],
  [59_980, { kind: 'warning', leftS: 1 }],
  [60_000, { kind: 'reached' }],
  [90_000, { kind: 'reached' }],
])('with a limit of one minute, after %i ms: %j', (recordedMs, expected) => {
  expect(checkTurnLimit(recordedMs, 1)).toEqual(expected);
});
