import { createServer } from 'node:net';
import { listenOnLoopback } from '../guard/listen.ts';

/** A port of 127.0.0.1 that no other program can take until it is released. */
export interface ReservedPort {
  readonly port: number;
  /** Frees the port. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Reserves a port by listening on it. Connections to it are closed immediately.
 * @param port 0: the system chooses a free port
 * @throws the system's error if the port is taken
 */
export async function reservePort(port = 0): Promise<ReservedPort> {
  const server = createServer((socket) => socket.destroy());
  const boundPort = await listenOnLoopback(server, port);
  // Failing to accept a connection is harmless: it would be closed anyway.
  server.on('error', () => undefined);
  return {
    port: boundPort,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
