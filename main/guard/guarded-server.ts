import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { describeClientError } from './client-error.ts';
import type { LogRefusal } from './refusal-log.ts';
import { type RefusalResponse, refuse, refuseOversized } from './refuse.ts';
import { type RequestStart, readRequestStart } from './request-start.ts';

export interface ServerLimits {
  /** ms from the TCP connection until the request must be complete, against clients that send a byte per second. */
  requestMs: number;
  /**
   * ms between checks for overdue requests; included in `requestMs`. Node's default, 30 s, would turn 5 s into 35 s.
   */
  requestCheckMs: number;
  /** Bytes of a request's headers. */
  headerBytes: number;
  /** ms without progress in sending a response until the connection is closed. A handler may set a longer time. */
  responseStallMs: number;
  /** TCP connections that are not WebSockets. Beyond it the oldest is closed, so idle clients can't block others. */
  idleConnections: number;
}

export interface GuardedServerOptions {
  limits: ServerLimits;
  onRequest: RequestListener;
  /** Handles upgrade and `CONNECT` requests: accepts or refuses them. */
  onUpgrade(onServerRequest: IncomingMessage, socket: Duplex, head: Buffer): void;
  logRefusal: LogRefusal;
  /** The response to a request whose headers are too large. If absent, or if it returns null: a bare status. */
  oversizedResponse?: OversizedResponse;
}

/** @param start null if the start of the request could not be parsed */
export type OversizedResponse = (
  start: RequestStart | null,
  remoteAddress: string | undefined,
) => RefusalResponse | null;

export interface GuardedServer {
  /** Not listening yet. */
  readonly http: Server;
  /** Destroys every TCP connection, including WebSockets. */
  destroyConnections(): void;
}

/**
 * An HTTP server that limits idle connections, slow requests and slow readers. It allows one request at a time per
 * connection and closes the connection on pipelining (RFC 9112 section 9.3.2): Node would create a response for every
 * pipelined request and keep them all in memory for a client that never reads. No browser pipelines requests.
 */
export function createGuardedServer(options: GuardedServerOptions): GuardedServer {
  const { limits, onRequest, onUpgrade, logRefusal, oversizedResponse = () => null } = options;
  const { requestMs, requestCheckMs, headerBytes, responseStallMs, idleConnections: maxIdle } = limits;
  const connections = new Set<Duplex>();
  const idleConnections = new Set<Duplex>();
  /** The latest response on each connection. */
  const responses = new WeakMap<Duplex, ServerResponse>();
  /** Sockets that were refused. Further parser errors on them are ignored. */
  const refusedSockets = new WeakSet<Duplex>();
  const server = createServer({
    // Node detects overdue requests at the next check, so subtract its interval.
    headersTimeout: requestMs - requestCheckMs,
    requestTimeout: requestMs - requestCheckMs,
    connectionsCheckingInterval: requestCheckMs,
    maxHeaderSize: headerBytes,
    // `checkRequest` refuses a request without `Host`, with our headers and a log line.
    requireHostHeader: false,
  });
  // No limit on the number of headers: Node would silently drop the rest, for example a second `Origin`.
  // `maxHeaderSize` limits their size.
  server.maxHeadersCount = 0;

  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    idleConnections.add(socket);
    socket.once('close', () => {
      connections.delete(socket);
      idleConnections.delete(socket);
    });
    const [oldest] = idleConnections;
    if (idleConnections.size <= maxIdle || oldest === undefined) return;
    logRefusal(null, 'too many connections');
    idleConnections.delete(oldest);
    oldest.destroy();
  });
  /** Whether a response is being sent, so no other response can be written. */
  function isResponding(socket: Duplex): boolean {
    const response = responses.get(socket);
    return response?.headersSent === true && !response.writableFinished;
  }
  /** Closes a connection whose previous response is unfinished. @returns true if the connection is closed */
  function closeIfPipelined(socket: Duplex): boolean {
    if (socket.destroyed) return true;
    const previous = responses.get(socket);
    if (previous === undefined || previous.writableFinished) return false;
    logRefusal(null, 'pipelined request');
    stopParsing(socket);
    socket.destroy();
    return true;
  }
  function onServerRequest(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (closeIfPipelined(socket)) return;
    responses.set(socket, response);
    response.setTimeout(responseStallMs, () => socket.destroy());
    onRequest(request, response);
  }
  function onServerUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (closeIfPipelined(socket)) return;
    idleConnections.delete(socket);
    onUpgrade(request, socket, head);
  }
  server.on('upgrade', onServerUpgrade);
  server.on('connect', onServerUpgrade);
  server.on('request', onServerRequest);
  // Node's default is 417, without our headers.
  server.on('checkExpectation', onServerRequest);
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket: Duplex) => {
    if (socket.destroyed || refusedSockets.has(socket)) return;
    const tcp = socket as Socket;
    const description = describeClientError(error, tcp);
    if (description === null || isResponding(socket)) return void socket.destroy();
    refusedSockets.add(socket);
    logRefusal(description.status, description.why);
    if (description.status !== 431) return refuse(socket, description.status);
    refuseOversized(tcp, oversizedResponse(readRequestStart(error.rawPacket), tcp.remoteAddress));
  });
  return {
    http: server,
    destroyConnections() {
      for (const socket of connections) socket.destroy();
    },
  };
}

/**
 * Stops Node from parsing the rest of the current read. After `destroy` it still parses the 64 KB it has read, which
 * can be 3,600 minimal requests of 20 µs each. Returning 2 tells the parser that the connection was upgraded. `parser`
 * is not a documented API; if it is missing, the remaining requests are parsed and then dropped.
 */
function stopParsing(socket: Duplex): void {
  const { parser } = socket as { parser?: { onIncoming?: unknown } | null };
  if (parser) parser.onIncoming = () => 2;
}
