import { expect, test } from 'vitest';
import { TOKEN } from './host.ts';
import { describeViolation, watchLog } from './log-watch.ts';

test.each([
  ['two\nlines', 'has a control character'],
  ['right to left \u202e', 'has a control character'],
  ['x '.repeat(2_049), 'has fields of 4098 characters'],
  [`the token ${TOKEN}`, 'holds a secret'],
  [`another secret ${'A-b_3'.repeat(9)}`, 'holds a secret'],
  ['k3J9xQ2a_pA2Z_sx', null],
])('a record with the field %j %s', (detail, wrong) => {
  const record = { seq: 1, time: 1, side: 'server', level: 'warn', event: 'WARNING', fields: { detail } } as const;
  expect(describeViolation(record)).toBe(wrong);
});

test('checks every line of the log, allows warnings that hostile peers cause and reports errors of the server', () => {
  const watch = watchLog();
  watch.log('WARNING', { type: 'flood', session: 's' });
  watch.log('ERROR', { type: 'internal_error', session: 's' });
  watch.log('WS_REFUSED', { on: 'voice', status: 401, why: TOKEN });
  watch.stop();
  expect(watch.lines).toBe(3);
  expect(watch.problems).toEqual([
    'the server logged {"type":"internal_error","session":"s"}',
    expect.stringContaining('holds a secret'),
  ]);
});
