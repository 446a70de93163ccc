import { retryAfterReason, type ServerMessage } from '../../shared/protocol.ts';
import type { Limits } from './limits.ts';
import { SOCKET } from './welcome.ts';

/** Messages that the next one of the same kind replaces: they may be dropped for a slow reader. */
const REPLACEABLE = new Set<ServerMessage['event']>(['audio_ack', 'pong']);

interface SenderSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string, done: (error?: Error | null) => void): void;
}

export interface MessageSender {
  /**
   * Sends or drops the message, or closes a connection that reads too slowly. Never throws. A failed send is only
   * logged.
   */
  send(message: ServerMessage): void;
}

/** Sends all messages after the welcome. Checks the socket's state before each send and bounds the memory used. */
export function createMessageSender(
  socket: SenderSocket,
  limits: Limits,
  onProblem: (type: 'send_failed' | 'slow_reader', detail: string) => void,
  /** Called when a message was dropped for a slow reader. */
  onDropped: () => void,
  /** Called when too much is unsent: closes the connection with 1013 and this reason. */
  closeOverloaded: (reason: string) => void,
): MessageSender {
  let failed = false;

  /** A terminated socket fails all pending sends, possibly thousands. Report only one, and none once it is closing. */
  function onSent(error?: Error | null): void {
    if (!error || failed || socket.readyState !== SOCKET.open) return;
    failed = true;
    onProblem('send_failed', error.message);
  }

  return {
    send(message) {
      // A closing socket is not an error; its close event follows.
      if (socket.readyState !== SOCKET.open) return;
      if (socket.bufferedAmount > limits.outboundCloseBytes) {
        onDropped();
        onProblem('slow_reader', `${socket.bufferedAmount} bytes waiting`);
        closeOverloaded(retryAfterReason(limits.retryAfterMs));
        return;
      }
      if (socket.bufferedAmount > limits.outboundDropBytes && REPLACEABLE.has(message.event)) return onDropped();
      socket.send(JSON.stringify(message), onSent);
    },
  };
}
