import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { closeListener } from '../testing/close-listener.ts';
import { checkListener } from './check-listener.ts';

const close: Array<() => void> = [];
afterEach(() => {
  for (const end of close.splice(0)) end();
  vi.useRealTimers();
});

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createHttpServer(() => expect.fail('a check is no request'));
  server.on('clientError', () => expect.fail('a check is no broken request'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { server, port: (server.address() as AddressInfo).port };
}

test('a listening server answers, and no connection is left', async () => {
  const { server, port } = await listening();
  expect(await checkListener(server, port)).toBe('answers');
  await vi.waitFor(async () => expect(await connections(server)).toBe(0));
  expect(server.listenerCount('connection')).toBe(1);
});

test('two concurrent checks each detect their own connection', async () => {
  const { server, port } = await listening();
  expect(await Promise.all([checkListener(server, port), checkListener(server, port)])).toEqual(['answers', 'answers']);
});

test('a server that lost its handle refuses, although its `listening` is still true', async () => {
  const { server, port } = await listening();
  await closeListener(port);
  expect(server.listening).toBe(true);
  expect(await checkListener(server, port)).toBe('refused');
});

test('is silent if another program has the port', async () => {
  const { server, port } = await listening();
  await closeListener(port);
  const others: Socket[] = [];
  const otherProgram = createServer((socket) => void others.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => otherProgram.listen(port, '127.0.0.1', resolve));
  close.push(() => otherProgram.close());
  const check = checkListener(server, port, { ms: 50 });
  expect(await check).toBe('silent');
  for (const socket of others) socket.destroy();
});

test.each(['EMFILE', 'EADDRNOTAVAIL', 'ENOBUFS'])('is unknown if this process cannot connect (%s)', async (code) => {
  const { server, port } = await listening();
  const open = () => new Socket().destroy(Object.assign(new Error(code), { code }));
  expect(await checkListener(server, port, { open })).toBe('unknown');
});

test('a stall longer than the timeout does not make the server silent', async () => {
  const { server, port } = await listening();
  const check = checkListener(server, port, { ms: 20 });
  const until = performance.now() + 60;
  while (performance.now() < until);
  expect(await check).toBe('answers');
});

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
