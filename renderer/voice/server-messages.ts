import type { Log } from '../../shared/log-event.ts';
import type { ServerMessage } from '../../shared/protocol.ts';
import type { ConnectionEvent, ConnectionState, Timing } from '../connection/connection-types.ts';
import type { OutgoingAudio } from './outgoing-audio.ts';
import { type Credentials, fieldsOf } from './voice-link.ts';

/** Turns the server's messages into events of the state machine, and keeps what a welcome says about its session. */
export interface ServerMessages {
  /** Resume credentials of the current session. */
  readonly credentials: Credentials | null;
  /** Last seq that the server held at its last welcome, -1 if none. */
  readonly heldThrough: number;
  /** @param socket number of the socket that it came from */
  receive(socket: number, message: ServerMessage): void;
  /** The session is over: its credentials are of no use any more. */
  discardCredentials(): void;
}

export function createServerMessages(options: {
  audio: Pick<OutgoingAudio, 'acknowledge' | 'canHold' | 'through'>;
  log: Log;
  /** The connection's current state. */
  state: () => ConnectionState;
  timing: () => Timing;
  dispatch(event: ConnectionEvent): void;
}): ServerMessages {
  const { audio, log, state, timing, dispatch } = options;
  let credentials: Credentials | null = null;
  let heldThrough = -1;

  function receiveWelcome(socket: number, message: Extract<ServerMessage, { event: 'connected' }>): void {
    log('WS_RECV', fieldsOf(message));
    const { session_id: sessionId, resumed, received_through: through } = message;
    const isConsistent = audio.canHold(through);
    heldThrough = through;
    if (resumed && state().link === 'opening' && !(isConsistent && sessionId === state().sessionId)) {
      log('ERROR', { type: 'impossible_welcome', session: sessionId, through, sent: audio.through });
    }
    dispatch({ type: 'welcome', socket, sessionId, resumed, isConsistent, ...timing() });
    if (state().socket === socket && state().sessionId === sessionId) {
      credentials = { sessionId, token: message.resume_token };
    }
  }

  function receiveAcknowledgement(socket: number, through: number): void {
    if (audio.acknowledge(through)) {
      if (state().failures > 0 && through > heldThrough) dispatch({ type: 'progress', socket });
      return;
    }
    log('ERROR', { type: 'impossible_ack', through, sent: audio.through });
    dispatch({ type: 'protocol_error', socket, ...timing() });
  }

  return {
    get credentials() {
      return credentials;
    },
    get heldThrough() {
      return heldThrough;
    },
    receive(socket, message) {
      switch (message.event) {
        case 'connected':
          return receiveWelcome(socket, message);
        case 'voice_state':
          log('WS_RECV', fieldsOf(message));
          return dispatch({ type: 'voice_state', socket, state: message.state });
        case 'audio_ack':
          return receiveAcknowledgement(socket, message.through);
        case 'pong':
          return dispatch({ type: 'pong', socket });
        case 'error':
          return log('ERROR', { type: message.code, detail: message.message });
      }
    },
    discardCredentials() {
      credentials = null;
    },
  };
}
