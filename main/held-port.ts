import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port of 127.0.0.1 that nobody else can take until it is released. */
export interface HeldPort {
  readonly port: number;
  /** Frees it for whoever listens on it next. Safe to call twice. */
  release(): Promise<void>;
}

/** Holds a free port that the system chooses; who connects to it is cut off at once. */
export async function holdPort(): Promise<HeldPort> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
