import { expect, test } from 'vitest';
import { evaluateAttack } from './attack.ts';
import { AttackTally } from './attack-tally.ts';

const stays = { expect: ['closed 1008', 'cut'] } as const;
const seen = { hasRetryAfter: false, restarted: false };

test('accepts an expected ending, even if the server restarted', () => {
  expect(evaluateAttack(stays, { ...seen, ending: 'closed 1008' })).toBe('as expected');
  expect(evaluateAttack(stays, { ...seen, ending: 'cut', restarted: true })).toBe('as expected');
});

test('reports any other ending as unexpected: peer left, connection kept open, another close code or status', () => {
  for (const ending of ['left', 'silence', 'closed 1011', 'refused 500'] as const) {
    expect(evaluateAttack(stays, { ...seen, ending })).toBe('unexpected');
  }
});

test('takes a 503 for a full server only if it has Retry-After', () => {
  expect(evaluateAttack(stays, { ...seen, ending: 'refused 503', hasRetryAfter: true })).toBe('full');
  expect(evaluateAttack(stays, { ...seen, ending: 'refused 503' })).toBe('unexpected');
});

test('accepts any ending except silence if the server restarted', () => {
  expect(evaluateAttack(stays, { ...seen, ending: 'closed 1001', restarted: true })).toBe('restarted');
  expect(evaluateAttack(stays, { ...seen, ending: 'silence', restarted: true })).toBe('unexpected');
});

test('a tally adds up peers and inputs, and counts only refusals by the guard or by a full server', () => {
  const tally = new AttackTally();
  tally.add('token', { ending: 'refused 401', hasRetryAfter: false, inputs: 1 }, 'as expected');
  tally.add('metrics', { ending: 'refused 401', hasRetryAfter: false, inputs: 1 }, 'as expected');
  tally.add('flood', { ending: 'refused 503', hasRetryAfter: true, inputs: 1 }, 'full');
  tally.add('flood', { ending: 'closed 1008', hasRetryAfter: false, inputs: 3_000 }, 'as expected');
  expect([...tally.refusals]).toEqual([
    [401, 1],
    [503, 1],
  ]);
  expect(tally.lines()).toEqual([
    'bad peers  4, 0 with an unexpected ending; 1 found the server full, 0 saw it restart',
    '           flood 2, token 1, metrics 1',
    'bad inputs 3003 requests, frames and fragments',
  ]);
});
