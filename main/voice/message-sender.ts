import { retryAfterReason, type ServerMessage } from '../../shared/protocol.ts';
import type { Limits } from './limits.ts';
import { SOCKET } from './welcome.ts';

/** Messages that the next of their kind makes up for: they may be dropped for a peer that does not read. */
const REPLACEABLE = new Set<ServerMessage['event']>(['audio_ack', 'pong']);

interface SenderSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string, done: (error?: Error | null) => void): void;
}

export interface MessageSender {
  /** Sends, drops or gives up on the peer; never throws, never closes a session because a send failed. */
  send(message: ServerMessage): void;
}

/** The one way out to a peer after its welcome: state check before every send, memory bounded. */
export function createMessageSender(
  socket: SenderSocket,
  limits: Limits,
  onTrouble: (type: 'send_failed' | 'slow_reader', detail: string) => void,
  /** A message was not sent to a peer that does not read. */
  onDropped: () => void,
  /** The peer has too much unread: it is to be closed with 1013 and this reason. */
  giveUp: (reason: string) => void,
): MessageSender {
  let failed = false;

  /** A socket that is cut fails every send that still waits, thousands of them: one line says it, or the close itself. */
  function onSent(error?: Error | null): void {
    if (!error || failed || socket.readyState !== SOCKET.open) return;
    failed = true;
    onTrouble('send_failed', error.message);
  }

  return {
    send(message) {
      // A closing socket is not an error and no reason to end anything: its close event is on the way.
      if (socket.readyState !== SOCKET.open) return;
      if (socket.bufferedAmount > limits.outboundCloseBytes) {
        onDropped();
        onTrouble('slow_reader', `${socket.bufferedAmount} bytes waiting`);
        giveUp(retryAfterReason(limits.retryAfterMs));
        return;
      }
      if (socket.bufferedAmount > limits.outboundDropBytes && REPLACEABLE.has(message.event)) return onDropped();
      socket.send(JSON.stringify(message), onSent);
    },
  };
}
