import { Duplex } from 'node:stream';
import { setImmediate as tick } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { refuse } from './refuse.ts';
import type { RefusalStatus } from './upgrade-guard.ts';

/** A fake socket that records writes; with `broken` every write fails, as after a reset. */
function fakeSocket(broken = false): Duplex & { text: string } {
  const socket = Object.assign(
    new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        if (broken) return done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        socket.text += chunk.toString('latin1');
        done();
      },
    }),
    { text: '' },
  );
  return socket;
}

const STATUS_LINES: Array<[RefusalStatus, string]> = [
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [426, 'Upgrade Required'],
  [503, 'Service Unavailable'],
];
const REQUIRED_HEADERS = new Map<RefusalStatus, string[]>([
  [405, ['Allow: GET']],
  [426, ['Upgrade: websocket', 'Sec-WebSocket-Version: 13']],
  [503, ['Retry-After: 2']],
]);

test.each(STATUS_LINES)(
  'sends %i %s with its length and required headers, and nothing else',
  async (status, phrase) => {
    const socket = fakeSocket();
    refuse(socket, status, status === 503 ? 1_500 : undefined);
    await tick();
    expect(socket.text.split('\r\n')).toEqual([
      `HTTP/1.1 ${status} ${phrase}`,
      'Connection: close',
      'Content-Length: 0',
      ...(REQUIRED_HEADERS.get(status) ?? []),
      '',
      '',
    ]);
  },
);

test('destroys the socket once the response is written, even if the peer keeps its side open', async () => {
  const socket = fakeSocket();
  refuse(socket, 403);
  await tick();
  expect(socket.writableFinished).toBe(true);
  expect(socket.destroyed).toBe(true);
});

test('ignores a reset by the peer during the refusal', async () => {
  const socket = fakeSocket(true);
  refuse(socket, 401);
  await tick();
  expect(socket.destroyed).toBe(true);
});

test('does nothing on a destroyed socket', async () => {
  const socket = fakeSocket();
  socket.destroy();
  refuse(socket, 400);
  await tick();
  expect(socket.text).toBe('');
});

test('ignores an error after the refusal', async () => {
  const socket = fakeSocket();
  refuse(socket, 400);
  socket.emit('error', new Error('read ECONNRESET'));
  await tick();
  expect(socket.destroyed).toBe(true);
});
