import { createClientProof } from '../../shared/client-proof.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { NOTHING_TO_RESUME, readReason } from '../../shared/proof.ts';
import { CLOSE, type ConnectedMessage, PROTOCOL, type ServerMessage } from '../../shared/protocol.ts';
import type { EndpointStore } from './endpoint.ts';
import { openVoiceSocket, type VoiceSocket } from './voice-socket.ts';

/** What takes a session up again. */
export interface Credentials {
  sessionId: string;
  /** One use: each welcome brings the next. */
  token: string;
}

export interface LinkEvents {
  /** Of a server that has proven that it knows the secret; the first one is a welcome. */
  onMessage(message: ServerMessage): void;
  /** Another program answers in Earshot's place. It was told nothing, and the connection is over; nothing else follows. */
  onUnproven(): void;
  /** Called once, and not for a link that was abandoned. */
  onClose(code: number, reason: string): void;
  /** The upgrade was refused, and the host knows that its server is full. */
  onFull(): void;
  /** The upgrade was refused, and the page's requests bring too many cookies. */
  onTooManyCookies(): void;
}

/** One connection to the voice server, from the question where it is to its end. */
export interface VoiceLink {
  /** The socket, once there is one. */
  readonly socket: VoiceSocket | null;
  /** What `ready` proves to the server: the answer to the challenge of its welcome. Empty before there was one. */
  readonly answer: string;
  /** Asks for the closing handshake; `onClose` follows. */
  close(code: number): void;
  /** Closes, and hears nothing of it any more. */
  abandon(code: number): void;
}

/**
 * Opens a connection: in this very tick when the address is known, else as soon as the host has told it.
 * Nothing that the server says is believed before it has proven with its welcome that it knows the secret.
 * @param origin the page's, as the browser sends it
 * @param resume the session to take up; null: a new one
 */
export function openVoiceLink(options: {
  address: EndpointStore;
  origin: string;
  userId: string;
  resume: Credentials | null;
  createSocket: (url: string, protocols: string[]) => WebSocket;
  /** Whether what this page asks is refused for the cookies that the browser adds. Never rejects. */
  hasTooManyCookies: () => Promise<boolean>;
  log: Log;
  events: LinkEvents;
}): VoiceLink {
  const { address, log, events, resume } = options;
  let socket: VoiceSocket | null = null;
  let proven = false;
  let answer = '';
  let over = false;
  let closing = false;

  function end(code: number, reason: string): void {
    if (over) return;
    over = true;
    socket = null;
    events.onClose(code, reason);
  }

  function connect(url: string, secret: string): void {
    const session = resume ? `&session_id=${resume.sessionId}` : '';
    const target = `${url}?user_id=${options.userId}${session}`;
    const { origin } = options;
    const proof = createClientProof({ secret, url, origin, protocol: PROTOCOL, resumeToken: resume?.token });
    log('WS_CONNECTING', { url: target });
    socket = openVoiceSocket(() => options.createSocket(target, proof.protocols), {
      onOpen: () => log('WS_OPEN'),
      onError: () => log('WS_ERROR'),
      onUnreadable(detail, opened) {
        log('WARNING', { type: 'unreadable_message', detail });
        if (opened && !proven) distrust();
      },
      onMessage(message) {
        if (over) return;
        if (!proven && message.event === 'connected' && proof.accepts(message.proof, message.session_id)) {
          proven = true;
          answer = proof.answer(message.challenge);
        }
        if (proven) events.onMessage(message);
        else distrust();
      },
      onClose(code, reason, opened) {
        const { text, proof: shown } = readReason(reason);
        // A server that has no session to resume says so before it has sent a welcome.
        const believed = proven || (code === CLOSE.nothingToResume && proof.accepts(shown ?? '', NOTHING_TO_RESUME));
        log('WS_DISCONNECT', { code, ...(text && believed ? { reason: text } : {}) });
        if (believed) end(code, text);
        // A code without a proof says no more than that the connection is gone.
        else end(CLOSE.lost, '');
        if (!opened) void explainRefusal();
      },
    });
  }

  function distrust(): void {
    if (over) return;
    over = true;
    socket?.abandon(CLOSE.protocolError);
    socket = null;
    events.onUnproven();
  }

  /**
   * A browser does not tell why an upgrade was refused. The host knows whether it is full, and where it is now; a request of the
   * page itself shows whether its cookies are too many.
   */
  async function explainRefusal(): Promise<void> {
    const latest = await address.refresh();
    if (latest?.url && !latest.accepting) events.onFull();
    else if (await options.hasTooManyCookies()) events.onTooManyCookies();
  }

  async function findAndConnect(): Promise<void> {
    const found = await address.refresh();
    if (over || closing) return;
    if (found?.url) return connect(found.url, found.token);
    log('WARNING', { type: 'no_voice_server' });
    end(CLOSE.lost, '');
  }

  const known = address.latest;
  if (known?.url) connect(known.url, known.token);
  else findAndConnect().catch((error: unknown) => log('ERROR', { type: 'no_socket', detail: describeError(error) }));

  return {
    get socket() {
      return socket;
    },
    get answer() {
      return answer;
    },
    close(code) {
      closing = true;
      if (socket) socket.close(code);
      // Not even a socket yet: there is nothing to shake hands with.
      else queueMicrotask(() => end(CLOSE.done, ''));
    },
    abandon(code) {
      over = true;
      socket?.abandon(code);
      socket = null;
    },
  };
}

/** What a line of the log says of a message that came. */
export function fieldsOf(message: ServerMessage): Record<string, string | number | boolean> {
  const fields = { event: message.event, ...('session_id' in message ? { session: message.session_id } : {}) };
  if (message.event === 'voice_state') return { ...fields, state: message.state };
  if (message.event !== 'connected') return fields;
  return { ...fields, attempt: message.attempt, ...resumeFields(message) };
}

function resumeFields({ resumed, received_through }: ConnectedMessage): Record<string, number | boolean> {
  return resumed ? { resumed, received_through } : {};
}
