import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefusalStatus } from './upgrade-guard.ts';

/** Headers that a status requires: RFC 9110 sections 15.5.6 and 15.5.22, RFC 6455 section 4.4. */
const REQUIRED_HEADERS: Partial<Record<RefusalStatus, string>> = {
  405: 'Allow: GET\r\n',
  426: 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n',
};

/**
 * Refuses an upgrade with a bare status and closes the socket. The peer receives no details and can't keep the socket
 * open.
 * @param retryAfterMs when the client may retry; sent in whole seconds (RFC 9110 section 10.2.3)
 */
export function refuse(socket: Duplex, status: RefusalStatus, retryAfterMs?: number): void {
  const retryAfter = retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(retryAfterMs / 1_000)}\r\n`;
  // The peer may already be gone.
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${REQUIRED_HEADERS[status] ?? ''}${retryAfter}\r\n`,
    () => socket.destroy(),
  );
}

/** The response to an oversized request. */
export interface RefusalResponse {
  headers: Readonly<Record<string, string>>;
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
 * @param words null for a bare status
 */
export function refuseOversized(socket: Duplex & { bytesRead: number }, response: RefusalResponse | null): void {
  const { headers, body } = response ?? { headers: {}, body: '' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const maxBytesRead = socket.bytesRead + DROPPED_BYTES;
  const timer = setTimeout(() => socket.destroy(), DROPPED_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => socket.destroy());
  socket.once('end', () => socket.destroy());
  // With a listener, the socket keeps reading and counting bytes although the parser has failed.
  socket.on('data', () => {
    if (socket.bytesRead > maxBytesRead) socket.destroy();
  });
  socket.end(
    `HTTP/1.1 431 ${STATUS_CODES[431]}\r\nConnection: close\r\n${lines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
