import { CLOSE } from '../../shared/protocol.ts';

/** RFC 6455 section 7.4.1: a protocol error, and text that is not UTF-8. Only ws sends these codes. */
const PROTOCOL_ERROR = 1002;
const NOT_UTF8 = 1007;

const CODES = new Map<string, number>([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', CLOSE.policy],
  ['WS_ERR_INVALID_UTF8', NOT_UTF8],
]);

/** The close code that ws sends by itself for an invalid frame; null for any other error. */
export function closeCodeOf(error: Error): number | null {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('WS_ERR_')) return null;
  return CODES.get(code) ?? PROTOCOL_ERROR;
}
