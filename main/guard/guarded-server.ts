import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { describeClientError } from './client-error.ts';
import type { LogRefusal } from './refusal-log.ts';
import { type RefusalWords, refuse, refuseOversized } from './refuse.ts';
import { type RequestStart, readRequestStart } from './request-start.ts';

export interface ServerBounds {
  /** ms from a connection's first moment until its request is whole, so that a byte a second holds nothing. */
  requestMs: number;
  /** ms between two looks for requests that are over their time, a part of it: Node's own 30 s would make 5 s mean 35. */
  requestCheckMs: number;
  /** Bytes of a request's headers. */
  headerBytes: number;
  /** ms in which the reader of an answer takes no byte of it, until it is cut. A handler may allow its own answer more. */
  unreadMs: number;
  /** TCP connections that are no WebSocket. One more cuts the oldest: whoever only waits keeps nobody out. */
  strangers: number;
}

export interface GuardedServerOptions {
  bounds: ServerBounds;
  onRequest: RequestListener;
  /** An upgrade, and `CONNECT` too: it decides, and answers. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  refused: LogRefusal;
  /** What a request is told whose headers are too large; null, and without it: nothing but the status. */
  oversized?: Oversized;
}

/** @param start null where no more is known of the request than that it was too large */
export type Oversized = (start: RequestStart | null, remoteAddress: string | undefined) => RefusalWords | null;

export interface GuardedServer {
  /** Not listening yet. */
  readonly http: Server;
  /** Cuts every TCP connection, WebSockets among them. */
  destroyConnections(): void;
}

/**
 * An HTTP server that hands on every request which it can read, and bounds those who ask nothing. A connection has one
 * request under way: Node would make an answer for each that is sent behind it unasked (RFC 9112 section 9.3.2), and keep
 * all of them for a reader that never reads. No browser sends any, so a second one ends the connection.
 */
export function createGuardedServer(options: GuardedServerOptions): GuardedServer {
  const { bounds, onRequest, onUpgrade, refused, oversized = () => null } = options;
  const { requestMs, requestCheckMs, headerBytes, unreadMs, strangers: most } = bounds;
  const connections = new Set<Duplex>();
  const strangers = new Set<Duplex>();
  /** The newest answer of each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>();
  /** Answered for good: what the parser makes of their further bytes is no news. */
  const turnedAway = new WeakSet<Duplex>();
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
  /** An answer is on its way: another one can't be written into it. */
  function isAnswering(socket: Duplex): boolean {
    const answer = answers.get(socket);
    return answer?.headersSent === true && !answer.writableFinished;
  }
  /** Cuts a connection on which another answer is still to be sent or read. True: there is nothing left to answer. */
  function cutPipelined(socket: Duplex): boolean {
    if (socket.destroyed) return true;
    const before = answers.get(socket);
    if (before === undefined || before.writableFinished) return false;
    refused(null, 'pipelined request');
    dropTheRest(socket);
    socket.destroy();
    return true;
  }
  function request(asked: IncomingMessage, response: ServerResponse): void {
    const { socket } = asked;
    if (cutPipelined(socket)) return;
    answers.set(socket, response);
    response.setTimeout(unreadMs, () => socket.destroy());
    onRequest(asked, response);
  }
  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (cutPipelined(socket)) return;
    strangers.delete(socket);
    onUpgrade(request, socket, head);
  }
  server.on('upgrade', upgrade);
  server.on('connect', upgrade);
  server.on('request', request);
  // Node itself would answer 417, without our headers.
  server.on('checkExpectation', request);
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket: Duplex) => {
    if (socket.destroyed || turnedAway.has(socket)) return;
    const tcp = socket as Socket;
    const verdict = describeClientError(error, tcp);
    if (verdict === null || isAnswering(socket)) return void socket.destroy();
    turnedAway.add(socket);
    refused(verdict.status, verdict.why);
    if (verdict.status !== 431) return refuse(socket, verdict.status);
    refuseOversized(tcp, oversized(readRequestStart(error.rawPacket), tcp.remoteAddress));
  });
  return {
    http: server,
    destroyConnections() {
      for (const socket of connections) socket.destroy();
    },
  };
}

/**
 * Node goes on with what it has read, 64 KB, of a socket that is destroyed: 3,600 requests of the shortest form, 20 µs each.
 * 2 is what its parser hears of an upgrade: nothing more of this read is a request. The parser is no documented part of
 * Node; without it the rest becomes requests too, and they are dropped.
 */
function dropTheRest(socket: Duplex): void {
  const { parser } = socket as { parser?: { onIncoming?: unknown } | null };
  if (parser) parser.onIncoming = () => 2;
}
