import type WebSocket from 'ws';
import { CLOSE } from '../../shared/protocol.ts';

/**
 * Starts the closing handshake (RFC 6455 section 7.1.2), or joins one that the peer began, and cuts the socket when it is
 * not over within `ms`: a frozen peer must not hold it.
 */
export function closeWithTimeout(socket: WebSocket, code: number, reason: string, ms: number): void {
  const cut = setTimeout(() => socket.terminate(), ms);
  socket.once('close', () => clearTimeout(cut));
  socket.close(code, reason);
}

/** RFC 6455 section 7.4.1: a protocol error, and text that is not UTF-8. Said by the library alone. */
const PROTOCOL_ERROR = 1002;
const NOT_UTF8 = 1007;

const CODES = new Map<string, number>([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', CLOSE.policy],
  ['WS_ERR_INVALID_UTF8', NOT_UTF8],
]);

/** The code that the library closes with by itself when it can't read on; null: the error is not of that kind. */
export function closeCodeOf(error: Error): number | null {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('WS_ERR_')) return null;
  return CODES.get(code) ?? PROTOCOL_ERROR;
}
