import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefusalStatus } from './upgrade-guard.ts';

/** Seconds after which a full server may be asked again (RFC 9110 section 10.2.3). */
const RETRY_AFTER_S = 2;

/** What each refusal says beyond its status, RFC 9110 sections 15.5.6, 15.5.22 and 10.2.3. */
const EXTRA: Partial<Record<RefusalStatus, string>> = {
  405: 'Allow: GET\r\n',
  426: 'Upgrade: websocket\r\n',
  503: `Retry-After: ${RETRY_AFTER_S}\r\n`,
};

/** Answers an upgrade with a bare status and ends the socket: no detail for the peer, no way to hold the socket open. */
export function refuse(socket: Duplex, status: RefusalStatus): void {
  // The peer may be gone already; that is no news.
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${EXTRA[status] ?? ''}\r\n`,
    () => socket.destroy(),
  );
}
