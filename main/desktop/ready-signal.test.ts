import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createReadySignal, READY_SIGNAL } from './ready-signal.ts';

test('the signal is written once, when the first window shows its page', async () => {
  const out = new PassThrough();
  const { shown, onShown } = createReadySignal(out);
  onShown();
  onShown();
  await shown;
  expect(out.read().toString()).toBe(`${READY_SIGNAL}\n`);
});

test('a closed stdout does not end the app', () => {
  const out = new PassThrough();
  createReadySignal(out).onShown();
  expect(() => out.emit('error', new Error('EPIPE'))).not.toThrow();
});
