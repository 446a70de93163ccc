import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { app, dialog, resetFake } from '../testing/fake-electron.ts';
import { setupUnexpectedErrors } from './unexpected-errors.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const log = vi.fn();
beforeEach(() => {
  resetFake();
  log.mockClear();
  vi.spyOn(console, 'error').mockReturnValue();
});

/** A running app, and the process events of Node. */
function running() {
  const events = new EventEmitter();
  app.ready.resolve();
  setupUnexpectedErrors(events as unknown as NodeJS.Process).logTo(log);
  return events;
}

test('an uncaught error is logged each time, and shown once without stack or code', () => {
  const events = running();
  const error = Object.assign(new Error('read failed'), { code: 'EIO' });
  events.emit('uncaughtException', error);
  events.emit('uncaughtException', error);
  expect(log.mock.calls).toEqual([
    ['ERROR', { type: 'uncaught_exception', detail: 'EIO: read failed' }],
    ['ERROR', { type: 'uncaught_exception', detail: 'EIO: read failed' }],
  ]);
  expect(console.error).toHaveBeenCalledWith(error);
  expect(dialog.boxes).toHaveLength(1);
  const { message, detail } = dialog.boxes[0]?.options ?? {};
  expect(`${message} ${detail}`).not.toMatch(/EIO|read failed|\.ts|Error/);
  expect(detail).toContain('start it again');
});

test('an unhandled rejection is logged, without a message box', () => {
  running().emit('unhandledRejection', new Error('too late'));
  expect(log).toHaveBeenCalledExactlyOnceWith('ERROR', { type: 'unhandled_rejection', detail: 'too late' });
  expect(dialog.boxes).toEqual([]);
});

test('an uncaught error before Electron is ready prevents the start', () => {
  const events = new EventEmitter();
  setupUnexpectedErrors(events as unknown as NodeJS.Process);
  events.emit('uncaughtException', new Error('no main'));
  expect(app.exits).toEqual([1]);
  expect(dialog.errors).toHaveLength(1);
});
