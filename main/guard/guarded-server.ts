import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Refused } from './refusal-log.ts';
import { refuse } from './refuse.ts';
import { whyUnreadable } from './unreadable.ts';

export interface ServerBounds {
  /** ms from a connection's first moment until its request is whole, so that a byte a second holds nothing. */
  requestMs: number;
  /** ms between two looks for requests that are over their time, a part of it: Node's own 30 s would make 5 s mean 35. */
  requestCheckMs: number;
  /** Bytes of a request's headers. */
  headerBytes: number;
  /** TCP connections that are no WebSocket. One more cuts the oldest: whoever only waits keeps nobody out. */
  strangers: number;
}

export interface GuardedServerOptions {
  bounds: ServerBounds;
  onRequest: RequestListener;
  /** An upgrade, and `CONNECT` too: it decides, and answers. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  refused: Refused;
}

export interface GuardedServer {
  /** Not listening yet. */
  readonly http: Server;
  /** Cuts every TCP connection, WebSockets among them. */
  cutAll(): void;
}

/** An HTTP server that hands on every request which it can read, and bounds those who ask nothing. */
export function createGuardedServer({ bounds, onRequest, onUpgrade, refused }: GuardedServerOptions): GuardedServer {
  const { requestMs, requestCheckMs, headerBytes, strangers: most } = bounds;
  const connections = new Set<Duplex>();
  const strangers = new Set<Duplex>();
  const server = createServer({
    // Found out at the next look, so that the bound is one with it.
    headersTimeout: requestMs - requestCheckMs,
    requestTimeout: requestMs - requestCheckMs,
    connectionsCheckingInterval: requestCheckMs,
    maxHeaderSize: headerBytes,
    // A request without a host is refused like others: by the door, with our headers and a line in the log.
    requireHostHeader: false,
  });
  // Bytes bound the headers. A count would drop the ones beyond it unseen, and a second `Origin` with them.
  server.maxHeadersCount = 0;

  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    strangers.add(socket);
    socket.once('close', () => {
      connections.delete(socket);
      strangers.delete(socket);
    });
    const [oldest] = strangers;
    if (strangers.size <= most || oldest === undefined) return;
    refused(null, 'too many connections');
    strangers.delete(oldest);
    oldest.destroy();
  });
  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    strangers.delete(socket);
    onUpgrade(request, socket, head);
  }
  server.on('upgrade', upgrade);
  server.on('connect', upgrade);
  server.on('request', onRequest);
  // Node itself would answer 417, without our headers.
  server.on('checkExpectation', onRequest);
  server.on('clientError', (error, socket) => {
    const verdict = whyUnreadable(error, socket as Socket);
    if (verdict === null) return void socket.destroy();
    refused(verdict.status, verdict.why);
    refuse(socket, verdict.status);
  });
  return {
    http: server,
    cutAll() {
      for (const socket of connections) socket.destroy();
    },
  };
}
