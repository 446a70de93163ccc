import { expect, test } from 'vitest';
import { evaluateAttack } from './attack.ts';
import { HostileTally } from './tally.ts';

const stays = { expect: ['closed 1008', 'cut'] } as const;
const seen = { asksToRetry: false, moved: false };

test('accepts an expected ending, even if the server moved', () => {
  expect(evaluateAttack(stays, { ...seen, ending: 'closed 1008' })).toBe('as expected');
  expect(evaluateAttack(stays, { ...seen, ending: 'cut', moved: true })).toBe('as expected');
});

test('reports any other ending as unexpected: accepted, kept open or closed with another code', () => {
  for (const ending of ['left', 'silence', 'closed 1011', 'refused 500'] as const) {
    expect(evaluateAttack(stays, { ...seen, ending })).toBe('unexpected');
  }
});

test('treats a 503 as a full server only if it has Retry-After', () => {
  expect(evaluateAttack(stays, { ...seen, ending: 'refused 503', asksToRetry: true })).toBe('full');
  expect(evaluateAttack(stays, { ...seen, ending: 'refused 503' })).toBe('unexpected');
});

test('a server restart explains every ending except silence', () => {
  expect(evaluateAttack(stays, { ...seen, ending: 'closed 1001', moved: true })).toBe('moved');
  expect(evaluateAttack(stays, { ...seen, ending: 'silence', moved: true })).toBe('unexpected');
});

test('a tally adds up peers, inputs and endings, and counts only refusals by the guard and by a full server', () => {
  const tally = new HostileTally();
  tally.add('token', { ending: 'refused 401', asksToRetry: false, inputs: 1 }, 'as expected');
  tally.add('metrics', { ending: 'refused 401', asksToRetry: false, inputs: 1 }, 'as expected');
  tally.add('flood', { ending: 'refused 503', asksToRetry: true, inputs: 1 }, 'full');
  tally.add('flood', { ending: 'closed 1008', asksToRetry: false, inputs: 3_000 }, 'as expected');
  expect([...tally.refusals]).toEqual([
    [401, 1],
    [503, 1],
  ]);
  expect(tally.lines()).toEqual([
    'bad peers  4, 0 with an unexpected ending; 1 found the server full, 0 saw it restart',
    '           flood 2, token 1, metrics 1',
    'bad inputs 3003 requests, frames and pieces of them',
  ]);
});
