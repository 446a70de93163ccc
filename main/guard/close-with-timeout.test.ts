import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeWithTimeout } from './close-with-timeout.ts';

/** A socket whose peer has not answered yet. */
function fakeSocket({ readyState = 1, isPaused = false } = {}) {
  return Object.assign(new EventEmitter(), {
    CLOSED: 3,
    readyState,
    isPaused,
    close: vi.fn(),
    resume: vi.fn(),
    terminate: vi.fn(),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('sends the close code and the reason, and resolves when the peer has answered', async () => {
  const socket = fakeSocket();
  const closed = closeWithTimeout(socket, 1001, 'server going away', 1_000);
  expect(socket.close.mock.calls).toEqual([[1001, 'server going away']]);
  socket.emit('close');
  await closed;
  expect(socket.terminate).not.toHaveBeenCalled();
});

test('terminates the socket of a peer that does not answer in time', async () => {
  const socket = fakeSocket();
  socket.terminate.mockImplementation(() => socket.emit('close'));
  const closed = closeWithTimeout(socket, 1001, '', 1_000);
  vi.advanceTimersByTime(999);
  expect(socket.terminate).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(socket.terminate).toHaveBeenCalledTimes(1);
  await closed;
});

test('resumes a paused socket, which would not receive the answer', async () => {
  const socket = fakeSocket({ isPaused: true });
  const closed = closeWithTimeout(socket, 1001, '', 1_000);
  expect(socket.resume).toHaveBeenCalledTimes(1);
  socket.emit('close');
  await closed;
});

test('does nothing on a closed socket', async () => {
  const socket = fakeSocket({ readyState: 3 });
  await closeWithTimeout(socket, 1001, '', 1_000);
  expect(socket.close).not.toHaveBeenCalled();
});
