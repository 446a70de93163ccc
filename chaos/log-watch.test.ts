import { expect, test } from 'vitest';
import { TOKEN } from './host.ts';
import { describeViolation, watchLog } from './log-watch.ts';

test.each([
  ['two\nlines', 'has a control character'],
  ['right to left \u202e', 'has a control character'],
  ['x '.repeat(151), 'has 302 characters'],
  [`the token ${TOKEN}`, 'holds a secret'],
  [`another secret ${'A-b_3'.repeat(9)}`, 'holds a secret'],
  ['WS_READY | session=k3J9xQ2a_pA2Z_sx | attempts=1', null],
])('a line %j %s', (text, wrong) => {
  expect(describeViolation({ text })).toBe(wrong);
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
