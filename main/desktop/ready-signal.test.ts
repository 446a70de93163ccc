import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createReadySignal, READY_SIGNAL } from './ready-signal.ts';

test('the line is written once, however many windows come up', () => {
  const out = new PassThrough();
  const announce = createReadySignal(out);
  announce();
  announce();
  expect(out.read().toString()).toBe(`${READY_SIGNAL}\n`);
});

test('a stdout that nobody reads any more does not bring the app down', () => {
  const out = new PassThrough();
  createReadySignal(out)();
  expect(() => out.emit('error', new Error('EPIPE'))).not.toThrow();
});
