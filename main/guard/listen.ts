import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { LOOPBACK } from './own-address.ts';

/**
 * Makes a server listen on 127.0.0.1 only, not on other interfaces or `::1`.
 * @param port 0: the system chooses a free port
 * @returns the port
 * @throws the system's error, such as EADDRINUSE, EACCES
 */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.listen({ host: LOOPBACK, port, exclusive: true });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
