import { CLOSE } from '../../shared/protocol.ts';

/** How a session's connection ended. */
export interface ConnectionEnd {
  /** The code with which the server closed the connection; null if it did not. */
  sentCloseCode: number | null;
  /** The code of the close event (RFC 6455 section 7.1.5): the client's code, or 1006 if it sent no close frame. */
  receivedCloseCode: number;
  /** Whether the client has answered a welcome of this session, on this or an earlier connection. */
  wasReady: boolean;
}

/** Close codes with which a client ends its session. */
const CLIENT_ENDED: readonly number[] = [CLOSE.done, CLOSE.goingAway, CLOSE.protocolError];
/** Close codes of the server after which a session can't be resumed. */
const NOT_RESUMABLE: readonly (number | null)[] = [CLOSE.policy, CLOSE.tooLarge];

/**
 * Whether a session whose connection has closed is kept for a resume (true) or ended.
 * A client echoes the server's close code (RFC 6455 section 5.5.1); an echo is not a decision of the client.
 */
export function shouldRetainSession({ sentCloseCode, receivedCloseCode, wasReady }: ConnectionEnd): boolean {
  if (!wasReady || NOT_RESUMABLE.includes(sentCloseCode)) return false;
  return receivedCloseCode === sentCloseCode || !CLIENT_ENDED.includes(receivedCloseCode);
}
