import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reset } from './reset.ts';

let server: Server;
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => server.close());

async function connected(): Promise<{ ours: Socket; theirs: Socket; theirEnd: Promise<string> }> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const ours = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [theirs] = await accepted;
  theirs.resume();
  const theirEnd = new Promise<string>((resolve) => {
    theirs.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    theirs.on('end', () => resolve('end'));
  });
  return { ours, theirs, theirEnd };
}

test('resets a connection', async () => {
  const { ours, theirEnd } = await connected();
  const closed = once(ours, 'close');
  reset(ours);
  await closed;
  expect(await theirEnd).toBe('ECONNRESET');
});

test('closes a socket with a pending shutdown', async () => {
  const { ours, theirEnd } = await connected();
  const closed = once(ours, 'close');
  ours.end('last bytes');
  reset(ours);
  await closed;
  expect(['end', 'ECONNRESET']).toContain(await theirEnd);
});

test('closes a socket that is still connecting', async () => {
  const ours = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const closed = new Promise((resolve) => ours.once('close', resolve));
  ours.on('error', () => undefined);
  ours.end('never sent');
  reset(ours);
  await closed;
});
