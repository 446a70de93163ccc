import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefusalStatus } from './upgrade-guard.ts';

type Headers = Readonly<Record<string, string>>;

/** Headers that a status requires: RFC 9110 sections 15.5.2, 15.5.6 and 15.5.22. */
const REQUIRED_HEADERS: Readonly<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': 'Bearer' },
  405: { Allow: 'GET' },
  426: { Upgrade: 'websocket' },
};
/** Where a refused upgrade differs: it has no `Authorization` header, and RFC 6455 section 4.4 names the version. */
const UPGRADE_HEADERS: Readonly<Record<number, Headers>> = {
  401: {},
  426: { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
};

/**
 * Answers a request and closes the connection, so that a request body is not read. Adds the headers that the status
 * requires and forbids caching.
 * @param headers replace added ones of the same name
 */
export function respondAndClose(response: ServerResponse, status: number, headers: Headers = {}, body = ''): void {
  response
    .writeHead(status, {
      'Cache-Control': 'no-store',
      'Content-Length': Buffer.byteLength(body),
      ...REQUIRED_HEADERS[status],
      ...headers,
      Connection: 'close',
    })
    .end(body);
}

/** A response as text, for a socket that has no `ServerResponse`. Closes the connection, like `respondAndClose`. */
function rawResponse(status: number, headers: Headers, body = ''): string {
  const fields = { Connection: 'close', 'Content-Length': Buffer.byteLength(body), ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}

/**
 * Refuses an upgrade with a bare status and closes the socket. The peer receives no details and can't keep the socket
 * open.
 * @param retryAfterMs when the client may retry; sent in whole seconds (RFC 9110 section 10.2.3)
 */
export function refuse(socket: Duplex, status: RefusalStatus, retryAfterMs?: number): void {
  const retryAfter = retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) };
  // The peer may already be gone.
  socket.on('error', () => socket.destroy());
  const headers = { ...(UPGRADE_HEADERS[status] ?? REQUIRED_HEADERS[status]), ...retryAfter };
  socket.end(rawResponse(status, headers), () => socket.destroy());
}

/** The response to an oversized request. */
export interface RefusalResponse {
  headers: Headers;
  body: string;
}

/**
 * How many bytes of an oversized request are read and dropped after the refusal: more than the 180 cookies of 4 KiB
 * that a browser keeps per host. Closing a socket with unread data resets it, and the peer may lose the response.
 */
const DROPPED_BYTES = 1024 * 1024;
/** How long reading the rest may take, in ms. On loopback it takes a few ms. */
const DROPPED_MS = 1_000;

/**
 * Answers an oversized request with 431 (RFC 6585 section 5). Closes the socket when the rest of the request has
 * arrived, exceeds the limit or takes too long.
 * @param response null for a bare status
 */
export function refuseOversized(socket: Duplex & { bytesRead: number }, response: RefusalResponse | null): void {
  const { headers, body } = response ?? { headers: {}, body: '' };
  const maxBytesRead = socket.bytesRead + DROPPED_BYTES;
  const timer = setTimeout(() => socket.destroy(), DROPPED_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => socket.destroy());
  socket.once('end', () => socket.destroy());
  // With a listener, the socket keeps reading and counting bytes although the parser has failed.
  socket.on('data', () => {
    if (socket.bytesRead > maxBytesRead) socket.destroy();
  });
  socket.end(rawResponse(431, headers, body));
}
