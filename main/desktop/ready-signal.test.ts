import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createReadySignal, READY_SIGNAL } from './ready-signal.ts';

test('the signal is written once, at the first call', () => {
  const out = new PassThrough();
  const announce = createReadySignal(out);
  announce();
  announce();
  expect(out.read().toString()).toBe(`${READY_SIGNAL}\n`);
});

test('a closed stdout does not end the app', () => {
  const out = new PassThrough();
  createReadySignal(out)();
  expect(() => out.emit('error', new Error('EPIPE'))).not.toThrow();
});
