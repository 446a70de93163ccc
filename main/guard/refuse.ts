import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefusalStatus } from './upgrade-guard.ts';

/** What each refusal says beyond its status: RFC 9110 sections 15.5.6 and 15.5.22, RFC 6455 section 4.4. */
const EXTRA: Partial<Record<RefusalStatus, string>> = {
  405: 'Allow: GET\r\n',
  426: 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n',
};

/**
 * Answers an upgrade with a bare status and ends the socket: no detail for the peer, no way to hold the socket open.
 * @param retryAfterMs when it may be asked again, told in whole seconds (RFC 9110 section 10.2.3)
 */
export function refuse(socket: Duplex, status: RefusalStatus, retryAfterMs?: number): void {
  const retryAfter = retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(retryAfterMs / 1_000)}\r\n`;
  // The peer may be gone already; that is no news.
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${EXTRA[status] ?? ''}${retryAfter}\r\n`,
    () => socket.destroy(),
  );
}

/** What the sender of a request that was too large is told. */
export interface RefusalWords {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Bytes of a request that are read and dropped behind its refusal: more than the 180 cookies of 4 KiB that a browser keeps for one
 * name. A socket that is closed with bytes of its peer unread is reset, and the peer may lose the answer.
 */
const DROPPED_BYTES = 1024 * 1024;
/** How long (ms) the rest may take; on loopback it takes a few. */
const DROPPED_MS = 1_000;

/**
 * Answers a request that was too large to be read, with 431 (RFC 6585 section 5), and ends the socket once the rest has come, is too
 * much, or takes too long.
 * @param words null: a bare status
 */
export function refuseOversized(socket: Duplex & { bytesRead: number }, words: RefusalWords | null): void {
  const { headers, body } = words ?? { headers: {}, body: '' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const most = socket.bytesRead + DROPPED_BYTES;
  const cut = setTimeout(() => socket.destroy(), DROPPED_MS);
  socket.once('close', () => clearTimeout(cut));
  socket.on('error', () => socket.destroy());
  socket.once('end', () => socket.destroy());
  // Read by somebody, the bytes go on being counted; the parser has given up and asks for them again with each read.
  socket.on('data', () => {
    if (socket.bytesRead > most) socket.destroy();
  });
  socket.end(
    `HTTP/1.1 431 ${STATUS_CODES[431]}\r\nConnection: close\r\n${lines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
