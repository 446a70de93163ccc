import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { answerOn } from '../testing/raw-handshake.ts';
import { createGuardedServer, type GuardedServer, type ServerLimits } from './guarded-server.ts';

const BOUNDS: ServerLimits = {
  requestMs: 5_000,
  requestCheckMs: 500,
  headerBytes: 16 * 1024,
  responseStallMs: 10_000,
  idleConnections: 256,
};
/** Larger than the socket buffers of the operating system. */
const LARGE = Buffer.alloc(16 * 1024 * 1024);

let server: GuardedServer;
const logRefusal = vi.fn();
const onRequest = vi.fn();
const onUpgrade = vi.fn();

async function open(bounds: Partial<ServerLimits> = {}): Promise<Socket> {
  server = createGuardedServer({ limits: { ...BOUNDS, ...bounds }, onRequest, onUpgrade, logRefusal });
  server.http.listen(0, '127.0.0.1');
  await once(server.http, 'listening');
  return connectTo();
}
function connectTo(): Socket {
  const address = server.http.address();
  return connect({ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
}
afterEach(() => {
  server.destroyConnections();
  server.http.close();
  vi.resetAllMocks();
});

const GET = 'GET / HTTP/1.1\r\n\r\n';
const UPGRADE = 'GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n';

test.each([
  ['1,500 requests in one write', GET.repeat(1_500)],
  ['a request after one with a body', `POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi${GET}`],
  ['a request with an Expect header after another', `${GET}GET / HTTP/1.1\r\nExpect: much\r\n\r\n`],
  ['an upgrade after a request', GET + UPGRADE],
  ['an upgrade among many requests', GET.repeat(20) + UPGRADE + GET.repeat(20)],
])('H68 %s: only the first is handled, the connection is closed, and one line is logged', async (_, bytes) => {
  const socket = await open();
  const answer = answerOn(socket);
  socket.write(bytes);
  await answer;
  expect(onRequest).toHaveBeenCalledOnce();
  expect(onUpgrade).not.toHaveBeenCalled();
  expect(logRefusal.mock.calls).toEqual([[null, 'pipelined request']]);
});

test('H68 closes the connection if a request arrives before the previous response was read', async () => {
  onRequest.mockImplementation((_, response) => response.end(LARGE));
  const socket = await open();
  socket.on('error', () => undefined);
  socket.write(GET);
  await once(socket, 'readable');
  socket.write(GET);
  await vi.waitFor(() => expect(logRefusal.mock.calls).toEqual([[null, 'pipelined request']]));
  expect(onRequest).toHaveBeenCalledOnce();
});

test('H68 closes the connection in time if the response is not read', async () => {
  onRequest.mockImplementation((_, response) => response.end(LARGE));
  const stalled = await open({ responseStallMs: 200 });
  stalled.on('error', () => undefined);
  const closed = new Promise((resolve) => server.http.once('connection', (socket) => socket.once('close', resolve)));
  stalled.write(GET);
  await closed;
});

test('sends a large response completely if it is read', async () => {
  onRequest.mockImplementation((_, response) => response.end(LARGE));
  const socket = await open();
  const answer = answerOn(socket);
  socket.write('GET / HTTP/1.1\r\nConnection: close\r\n\r\n');
  expect((await answer).bytes.length).toBeGreaterThan(LARGE.length);
});

test('answers sequential requests on one connection', async () => {
  onRequest.mockImplementation((_, response) => response.end('ok'));
  const socket = await open();
  for (let asked = 1; asked <= 5; asked++) {
    socket.write(GET);
    await once(socket, 'data');
    expect(onRequest).toHaveBeenCalledTimes(asked);
  }
  expect(logRefusal).not.toHaveBeenCalled();
  socket.destroy();
});
