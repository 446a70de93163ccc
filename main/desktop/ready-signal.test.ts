import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { READY_LINE, readyAnnouncer } from './ready-signal.ts';

test('the line is written once, however many windows come up', () => {
  const out = new PassThrough();
  const announce = readyAnnouncer(out);
  announce();
  announce();
  expect(out.read().toString()).toBe(`${READY_LINE}\n`);
});

test('a stdout that nobody reads any more does not bring the app down', () => {
  const out = new PassThrough();
  readyAnnouncer(out)();
  expect(() => out.emit('error', new Error('EPIPE'))).not.toThrow();
});
