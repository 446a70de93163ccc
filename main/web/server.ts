import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { EarshotError } from '../../shared/errors.ts';
import type { Refused } from '../guard/refusal-log.ts';
import { refuse } from '../guard/refuse.ts';
import { whyUnreadable } from '../guard/unreadable.ts';

interface WebLimits {
  /** ms from a connection's first moment until its request is whole, so that a byte a second holds nothing. */
  requestMs: number;
  /** ms between two looks for requests that are over their time, a part of it: Node's own 30 s would make 5 s mean 35. */
  requestCheckMs: number;
  /** A page needs a handful; one browser opens at most six a host. */
  connections: number;
}

/** Tests may pass other values, the app never does. */
export const WEB_LIMITS: Readonly<WebLimits> = { requestMs: 5_000, requestCheckMs: 500, connections: 256 };

/** How long closing waits for answers under way (ms). */
const CLOSE_TIMEOUT_MS = 1_000;
/** When to ask again (ms) while what is served is still being made. */
const NOT_YET_RETRY_MS = 1_000;

interface WebHandlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Told of connections that were turned away before there was a request to hand on. */
  refused?: Refused;
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
export async function openWebServer(port: number, limits: Readonly<WebLimits> = WEB_LIMITS): Promise<WebServer> {
  let handlers = NOT_YET;
  const { requestMs, requestCheckMs, connections } = limits;
  const server = createServer({
    // Found out at the next look, so that the bound is one with it.
    headersTimeout: requestMs - requestCheckMs,
    requestTimeout: requestMs - requestCheckMs,
    connectionsCheckingInterval: requestCheckMs,
    // A request without a host is refused like others: by the door, with our headers and a line in the log.
    requireHostHeader: false,
  });
  // Bytes bound the headers. A count would drop the ones beyond it unseen, and a second `Origin` with them.
  server.maxHeadersCount = 0;
  server.maxConnections = connections;
  server.on('drop', () => handlers.refused?.(null, 'too many connections'));
  const onRequest = (request: IncomingMessage, response: ServerResponse) => handlers.request(request, response);
  server.on('request', onRequest);
  // Node itself would answer 417, without our headers.
  server.on('checkExpectation', onRequest);
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Before anything else: a reset that comes while we decide must not be an unhandled 'error'.
    socket.on('error', () => socket.destroy());
    handlers.upgrade(request, socket, head);
  };
  server.on('upgrade', onUpgrade);
  server.on('connect', onUpgrade);
  server.on('clientError', (error, socket) => {
    const why = whyUnreadable(error);
    if (why !== null) handlers.refused?.(400, why);
    refuse(socket, 400);
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
