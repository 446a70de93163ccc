import { beforeEach, expect, test, vi } from 'vitest';
import { app, FakeEvent, resetFake } from '../testing/fake-electron.ts';
import type { CommandRequest } from './command-messages.ts';
import { claimInstance } from './single-instance.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

const STOP: CommandRequest = { command: 'stop', reply: 'a'.repeat(32) };
const startAgain = (data: unknown) => app.emit('second-instance', new FakeEvent(), ['earshot'], '/home/ada', data);

test('the first instance gets every further start, also those before it was ready for them', () => {
  const otherStarts = claimInstance(null);
  startAgain(STOP);
  const seen: unknown[] = [];
  otherStarts?.handle((request) => seen.push(request));
  expect(seen).toEqual([STOP]);
  startAgain(null);
  startAgain({ ...STOP, command: 'show' });
  expect(seen).toEqual([STOP, null, { ...STOP, command: 'show' }]);
});

test('a second instance sends its command with the request for the lock', () => {
  app.lock = false;
  expect(claimInstance(STOP)).toBeNull();
  expect(claimInstance(null)).toBeNull();
  expect(app.lockRequests).toEqual([STOP, undefined]);
  expect(app.listenerCount('second-instance')).toBe(0);
});

test.each([
  ['an unknown command', { ...STOP, command: 'quit' }],
  ['a path as the name of the reply', { ...STOP, reply: '../../../home/ada/.bashrc' }],
  ['a name with capitals', { ...STOP, reply: 'A'.repeat(32) }],
  ['no name', { command: 'stop' }],
  ['text', 'stop'],
  ['a list', [STOP]],
])('%s counts as a start without a command', (_what, data) => {
  const seen: unknown[] = [];
  claimInstance(null)?.handle((request) => seen.push(request));
  startAgain(data);
  expect(seen).toEqual([null]);
});
