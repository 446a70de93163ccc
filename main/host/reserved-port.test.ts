import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { reservePort } from './reserved-port.ts';

it('a held port is taken for others, cuts off who connects, and is free once released', async () => {
  const held = await reservePort();
  const rival = createServer();
  rival.listen({ port: held.port, host: '127.0.0.1' });
  expect(await once(rival, 'error')).toMatchObject([{ code: 'EADDRINUSE' }]);

  const visitor = connect({ port: held.port, host: '127.0.0.1' });
  visitor.on('error', () => undefined);
  await once(visitor, 'close');

  await held.release();
  await held.release();
  rival.listen({ port: held.port, host: '127.0.0.1' });
  await once(rival, 'listening');
  rival.close();
});
