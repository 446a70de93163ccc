import { CLOSE } from '../../shared/protocol.ts';

/** How a session's connection went. */
export interface ConnectionEnd {
  /** The code that the server closed with; null where it did not. */
  sent: number | null;
  /** The code of the close event (RFC 6455 section 7.1.5): the client's word, or 1006 where none came. */
  received: number;
  /** The client has answered a welcome of this session, on this connection or a former one. */
  wasReady: boolean;
}

/** A client that says one of these is done with its session. */
const CLIENT_IS_DONE: readonly number[] = [CLOSE.done, CLOSE.goingAway, CLOSE.protocolError];
/** A peer that was closed with one of these gets no second chance. */
const NO_RETURN: readonly (number | null)[] = [CLOSE.policy, CLOSE.tooLarge];

/**
 * What becomes of a session whose connection has gone: kept for its client to come back to, or ended.
 * A client echoes the code that it was closed with (RFC 6455 section 5.5.1); an echo is not its own word.
 */
export function fateOfSession({ sent, received, wasReady }: ConnectionEnd): 'keep' | 'end' {
  if (!wasReady || NO_RETURN.includes(sent)) return 'end';
  return received !== sent && CLIENT_IS_DONE.includes(received) ? 'end' : 'keep';
}
