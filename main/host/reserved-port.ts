import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port of 127.0.0.1 that nobody else can take until it is released. */
export interface ReservedPort {
  readonly port: number;
  /** Frees it for whoever listens on it next. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Holds a port; who connects to it is cut off at once.
 * @param wanted 0: a free one that the system chooses
 * @throws where it is taken
 */
export async function reservePort(wanted = 0): Promise<ReservedPort> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ port: wanted, host: '127.0.0.1' });
  await once(server, 'listening');
  // A connection that could not be accepted is one that would be cut off anyway.
  server.on('error', () => undefined);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
