import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { reservePort } from './reserved-port.ts';

test('a reserved port is taken, closes connections, and is free once released', async () => {
  const reserved = await reservePort();
  const otherServer = createServer();
  otherServer.listen({ port: reserved.port, host: '127.0.0.1' });
  expect(await once(otherServer, 'error')).toMatchObject([{ code: 'EADDRINUSE' }]);

  const visitor = connect({ port: reserved.port, host: '127.0.0.1' });
  visitor.on('error', () => undefined);
  await once(visitor, 'close');

  await reserved.release();
  await reserved.release();
  otherServer.listen({ port: reserved.port, host: '127.0.0.1' });
  await once(otherServer, 'listening');
  otherServer.close();
});
