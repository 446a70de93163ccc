import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { EarshotError } from '../../shared/errors.ts';
import { refuse } from '../guard/refuse.ts';

/** How often Node looks for requests that are over their time (ms); its default of 30 s would make 5 s mean 35. */
const CHECK_EVERY_MS = 500;
/** With the next look a request must have arrived whole within 5 s, so that a byte a second holds nothing (ms). */
const REQUEST_TIMEOUT_MS = 5_000 - CHECK_EVERY_MS;
/** A page needs a handful; one browser opens at most six a host. */
const MAX_CONNECTIONS = 256;
/** How long closing waits for answers under way (ms). */
const CLOSE_TIMEOUT_MS = 1_000;
/** When to ask again (ms) while what is served is still being made. */
const NOT_YET_RETRY_MS = 1_000;

export interface WebHandlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface WebServer {
  /** The port it is bound to. */
  readonly port: number;
  /** Begins to serve. Until then requests get 503: the port is known before what it serves can be made. */
  serve(handlers: WebHandlers): void;
  /** Frees the port and ends every HTTP connection, in at most a second. Upgraded sockets are their owner's. */
  close(): Promise<void>;
}

const NOT_YET: WebHandlers = {
  request: (_request, response) => response.writeHead(503, { 'Retry-After': NOT_YET_RETRY_MS / 1_000 }).end(),
  upgrade: (_request, socket) => refuse(socket, 503, NOT_YET_RETRY_MS),
};

/**
 * Binds an HTTP server to 127.0.0.1: no other interface, and not `::1`.
 * @param port 0: the system chooses
 * @throws {EarshotError} `port_in_use` when the port is taken or not allowed
 */
export async function openWebServer(port: number): Promise<WebServer> {
  let handlers = NOT_YET;
  const server = createServer(
    {
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    (request, response) => handlers.request(request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('upgrade', (request, socket, head) => {
    // Before anything else: a reset that comes while we decide must not be an unhandled 'error'.
    socket.on('error', () => socket.destroy());
    handlers.upgrade(request, socket, head);
  });
  await listen(server, port);

  let closed: Promise<void> | null = null;
  return {
    port: (server.address() as AddressInfo).port,
    serve: (next) => {
      handlers = next;
    },
    close: () => {
      closed ??= close(server);
      return closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new EarshotError(
          'port_in_use',
          `Port ${port} can't be used: another program may hold it. Close that program, or choose another with --port.`,
          { cause },
        ),
      ),
    );
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
