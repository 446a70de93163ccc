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
