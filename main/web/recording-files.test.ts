import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { RecordingAnswer, RecordingRequest } from '../recordings/recording-server.ts';
import { rawRequest } from '../testing/raw-request.ts';
import { serveRecordings } from './recording-files.ts';
import { openWebServer, type WebServer } from './server.ts';

const PIECE = new Uint8Array(256 * 1024).fill(7);
const PATH = '/recordings/s/a.wav';

let web: WebServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await web.close();
});

/** A recording that has no end in any test, and tells what becomes of its reader. */
function endless() {
  const told = { pieces: 0, ended: false };
  async function* body(): NonNullable<RecordingAnswer['body']> {
    try {
      for (;;) {
        told.pieces++;
        yield PIECE;
      }
    } finally {
      told.ended = true;
    }
  }
  return { told, body };
}

async function serve(answer: (request: RecordingRequest) => RecordingAnswer, stalledMs?: number): Promise<void> {
  const handler = serveRecordings(async (request) => answer(request), stalledMs);
  web = await openWebServer(0);
  web.serve({
    request: (request, response) => void handler(request, response),
    upgrade: (_, socket) => socket.destroy(),
  });
}

/** Asks, and reads nothing of the answer. */
async function askWithoutReading(): Promise<Socket> {
  const socket = connect(web.port, '127.0.0.1').pause();
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`GET ${PATH} HTTP/1.1\r\nHost: 127.0.0.1:${web.port}\r\n\r\n`);
  return socket;
}

/** Waits until nothing more is read for a reader: what is written in vain has filled the buffers of the system. */
async function settled(told: { pieces: number }): Promise<number> {
  let before = -1;
  await vi.waitFor(
    () => {
      const now = told.pieces;
      const same = now > 0 && now === before;
      before = now;
      expect(same).toBe(true);
    },
    { interval: 100, timeout: 10_000 },
  );
  return told.pieces;
}

test('hands the request on as it is, and the answer with its headers', async () => {
  const asked: RecordingRequest[] = [];
  await serve((request) => {
    asked.push(request);
    return { status: 416, headers: { 'Content-Range': 'bytes */9', 'Content-Length': '0' }, body: null };
  });
  const answer = await rawRequest(web.port, `${PATH}?x=1`, { headers: { Range: 'bytes=9-', 'If-Range': '"a"' } });
  expect([answer.status, answer.headers['content-range'], answer.body]).toEqual([416, 'bytes */9', '']);
  await rawRequest(web.port, PATH, { method: 'HEAD' });
  expect(asked).toEqual([
    { method: 'GET', path: PATH, range: 'bytes=9-', ifRange: '"a"' },
    { method: 'HEAD', path: PATH, range: undefined, ifRange: undefined },
  ]);
});

test('H62 a reader that takes nothing costs what the system holds for it, and is not read ahead for', async () => {
  const { told, body } = endless();
  await serve(() => ({ status: 200, headers: {}, body: body() }));
  const socket = await askWithoutReading();
  // The buffers of both sockets: megabytes, of a recording without an end.
  expect(await settled(told)).toBeLessThan(200);
  expect(told.ended).toBe(false);
  socket.destroy();
  await vi.waitFor(() => expect(told.ended).toBe(true));
});

test('H62 a reader that takes nothing for too long is cut off', async () => {
  const { told, body } = endless();
  await serve(() => ({ status: 200, headers: {}, body: body() }), 300);
  const socket = await askWithoutReading();
  await vi.waitFor(() => expect(told.ended).toBe(true), { timeout: 10_000 });
  // What it had been sent by then it may still read; then comes the end.
  const closed = once(socket, 'close');
  socket.resume();
  await closed;
});

test('a reader that leaves in the middle ends the reading', async () => {
  const { told, body } = endless();
  await serve(() => ({ status: 200, headers: {}, body: body() }));
  const socket = await askWithoutReading();
  socket.resume();
  await once(socket, 'data');
  socket.destroy();
  await vi.waitFor(() => expect(told.ended).toBe(true));
});

test('a recording that breaks off looks broken: the connection ends before what was promised', async () => {
  async function* body(): NonNullable<RecordingAnswer['body']> {
    yield PIECE;
    throw new Error('the disk failed');
  }
  await serve(() => ({ status: 200, headers: { 'Content-Length': String(2 * PIECE.length) }, body: body() }));
  const response = await fetch(`http://127.0.0.1:${web.port}${PATH}`);
  expect(response.status).toBe(200);
  await expect(response.arrayBuffer()).rejects.toThrow('terminated');
});

test('the server stops within its second although a reader takes nothing', async () => {
  const { told, body } = endless();
  await serve(() => ({ status: 200, headers: {}, body: body() }));
  await askWithoutReading();
  await settled(told);
  await web.close();
  await vi.waitFor(() => expect(told.ended).toBe(true));
});
