import { createClientProof } from '../../shared/client-proof.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { NOTHING_TO_RESUME, readReason } from '../../shared/proof.ts';
import { CLOSE, type ConnectedMessage, PROTOCOL, type ServerMessage } from '../../shared/protocol.ts';
import type { EndpointStore } from './endpoint.ts';
import { openVoiceSocket, type VoiceSocket } from './voice-socket.ts';

/** Credentials to resume a session. */
export interface Credentials {
  sessionId: string;
  /** Single use: each welcome contains the next one. */
  token: string;
}

export interface LinkEvents {
  /** A message of a server that has proven that it knows the secret. The first one is a welcome. */
  onMessage(message: ServerMessage): void;
  /**
   * Another program answers in Earshot's place. Nothing was sent to it; the connection is over and no event follows.
   */
  onUnproven(): void;
  /** Called once, but not for an abandoned link. */
  onClose(code: number, reason: string): void;
  /** The upgrade was refused because the server is full. */
  onFull(): void;
  /** The upgrade was refused because the page's requests carry too many cookies. */
  onTooManyCookies(): void;
}

/** One connection to the voice server, from looking up its address to the close. */
export interface VoiceLink {
  /** Null until the address is known and after the close. */
  readonly socket: VoiceSocket | null;
  /** The answer to the welcome's challenge, sent in `ready`. Empty before the welcome. */
  readonly answer: string;
  /** Starts the closing handshake; `onClose` follows. */
  close(code: number): void;
  /** Closes the socket and ignores its further events. */
  abandon(code: number): void;
}

/**
 * Opens a connection, in the same tick if the address is known, otherwise as soon as the host returns it.
 * Messages are ignored until the welcome has proven that the server knows the secret.
 * @param options.origin origin of the page, as the browser sends it
 * @param options.resume the session to resume; null: a new one
 */
export function openVoiceLink(options: {
  address: EndpointStore;
  origin: string;
  userId: string;
  resume: Credentials | null;
  createSocket: (url: string, protocols: string[]) => WebSocket;
  /** Whether the host refuses this page's requests because of their cookies. Never rejects. */
  hasTooManyCookies: () => Promise<boolean>;
  log: Log;
  events: LinkEvents;
}): VoiceLink {
  const { address, log, events, resume } = options;
  let socket: VoiceSocket | null = null;
  let proven = false;
  let answer = '';
  let ended = false;
  let closing = false;

  function end(code: number, reason: string): void {
    if (ended) return;
    ended = true;
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
        if (opened && !proven) rejectServer();
      },
      onMessage(message) {
        if (ended) return;
        if (!proven && message.event === 'connected' && proof.accepts(message.proof, message.session_id)) {
          proven = true;
          answer = proof.answer(message.challenge);
        }
        if (proven) events.onMessage(message);
        else rejectServer();
      },
      onClose(code, reason, opened) {
        const { text, proof: shownProof } = readReason(reason);
        // A server without the session closes before it sends a welcome, with a proof in the reason.
        const isTrusted =
          proven || (code === CLOSE.nothingToResume && proof.accepts(shownProof ?? '', NOTHING_TO_RESUME));
        log('WS_DISCONNECT', { code, ...(text && isTrusted ? { reason: text } : {}) });
        if (isTrusted) end(code, text);
        // Without a proof, the close code is not trusted.
        else end(CLOSE.lost, '');
        if (!opened) void explainRefusal();
      },
    });
  }

  function rejectServer(): void {
    if (ended) return;
    ended = true;
    socket?.abandon(CLOSE.protocolError);
    socket = null;
    events.onUnproven();
  }

  /**
   * Finds out why the upgrade was refused, since the browser does not say. The host reports whether its server is full;
   * a request of the page shows whether it carries too many cookies.
   */
  async function explainRefusal(): Promise<void> {
    const latest = await address.refresh();
    if (latest?.url && !latest.accepting) events.onFull();
    else if (await options.hasTooManyCookies()) events.onTooManyCookies();
  }

  async function findAndConnect(): Promise<void> {
    const found = await address.refresh();
    if (ended || closing) return;
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
      // No socket yet, so there is no handshake.
      else queueMicrotask(() => end(CLOSE.done, ''));
    },
    abandon(code) {
      ended = true;
      socket?.abandon(code);
      socket = null;
    },
  };
}

/** Fields of the log line for a received message. */
export function fieldsOf(message: ServerMessage): Record<string, string | number | boolean> {
  const fields = { event: message.event, ...('session_id' in message ? { session: message.session_id } : {}) };
  if (message.event === 'voice_state') return { ...fields, state: message.state };
  if (message.event !== 'connected') return fields;
  return { ...fields, attempt: message.attempt, ...resumeFields(message) };
}

function resumeFields({ resumed, received_through }: ConnectedMessage): Record<string, number | boolean> {
  return resumed ? { resumed, received_through } : {};
}
