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

/** An endless recording that reports when its reader has gone. */
function endless() {
  const reader = { chunks: 0, ended: false };
  async function* body(): NonNullable<RecordingAnswer['body']> {
    try {
      for (;;) {
        reader.chunks++;
        yield PIECE;
      }
    } finally {
      reader.ended = true;
    }
  }
  return { reader, body };
}

async function serve(answer: (request: RecordingRequest) => RecordingAnswer, stalledMs?: number): Promise<void> {
  const handler = serveRecordings(async (request) => answer(request), stalledMs);
  web = await openWebServer(0);
  web.serve({
    request: (request, response) => void handler(request, response),
    upgrade: (_, socket) => socket.destroy(),
  });
}

/** Sends a request and does not read the answer. */
async function requestWithoutReading(): Promise<Socket> {
  const socket = connect(web.port, '127.0.0.1').pause();
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`GET ${PATH} HTTP/1.1\r\nHost: 127.0.0.1:${web.port}\r\n\r\n`);
  return socket;
}

/** Waits until no more is read from the recording because the system's buffers are full. */
async function settled(reader: { chunks: number }): Promise<number> {
  let before = -1;
  await vi.waitFor(
    () => {
      const now = reader.chunks;
      const same = now > 0 && now === before;
      before = now;
      expect(same).toBe(true);
    },
    { interval: 100, timeout: 10_000 },
  );
  return reader.chunks;
}

test('passes on the request unchanged, and the answer with its headers', async () => {
  const requests: RecordingRequest[] = [];
  await serve((request) => {
    requests.push(request);
    return { status: 416, headers: { 'Content-Range': 'bytes */9', 'Content-Length': '0' }, body: null };
  });
  const answer = await rawRequest(web.port, `${PATH}?x=1`, { headers: { Range: 'bytes=9-', 'If-Range': '"a"' } });
  expect([answer.status, answer.headers['content-range'], answer.body]).toEqual([416, 'bytes */9', '']);
  await rawRequest(web.port, PATH, { method: 'HEAD' });
  expect(requests).toEqual([
    { method: 'GET', path: PATH, range: 'bytes=9-', ifRange: '"a"' },
    { method: 'HEAD', path: PATH, range: undefined, ifRange: undefined },
  ]);
});

test('H62 for a client that does not read, no more of the recording is read than the system buffers', async () => {
  const { reader, body } = endless();
  await serve(() => ({ status: 200, headers: {}, body: body() }));
  const socket = await requestWithoutReading();
  // The buffers of both sockets take some megabytes of the endless recording.
  expect(await settled(reader)).toBeLessThan(200);
  expect(reader.ended).toBe(false);
  socket.destroy();
  await vi.waitFor(() => expect(reader.ended).toBe(true));
});

test('H62 a client that does not read for too long is disconnected', async () => {
  const { reader, body } = endless();
  await serve(() => ({ status: 200, headers: {}, body: body() }), 300);
  const socket = await requestWithoutReading();
  await vi.waitFor(() => expect(reader.ended).toBe(true), { timeout: 10_000 });
  // It can still read what was sent before; then the connection ends.
  const closed = once(socket, 'close');
  socket.resume();
  await closed;
});

test('a client that disconnects ends the reading', async () => {
  const { reader, body } = endless();
  await serve(() => ({ status: 200, headers: {}, body: body() }));
  const socket = await requestWithoutReading();
  socket.resume();
  await once(socket, 'data');
  socket.destroy();
  await vi.waitFor(() => expect(reader.ended).toBe(true));
});

test('a recording that cannot be read to its end closes the connection before the announced length', async () => {
  async function* body(): NonNullable<RecordingAnswer['body']> {
    yield PIECE;
    throw new Error('the disk failed');
  }
  await serve(() => ({ status: 200, headers: { 'Content-Length': String(2 * PIECE.length) }, body: body() }));
  const response = await fetch(`http://127.0.0.1:${web.port}${PATH}`);
  expect(response.status).toBe(200);
  await expect(response.arrayBuffer()).rejects.toThrow('terminated');
});

test('the server stops within one second although a client does not read', async () => {
  const { reader, body } = endless();
  await serve(() => ({ status: 200, headers: {}, body: body() }));
  await requestWithoutReading();
  await settled(reader);
  await web.close();
  await vi.waitFor(() => expect(reader.ended).toBe(true));
});
