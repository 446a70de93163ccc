import type WebSocket from 'ws';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { CLOSE, type ServerMessage } from '../../shared/protocol.ts';
import { closeWithTimeout } from '../guard/close-with-timeout.ts';
import { type Heartbeat, startHeartbeat } from '../guard/heartbeat.ts';
import type { ConnectionProof } from '../guard/launch-proofs.ts';
import { createTokenBucket, type TokenBucket } from '../guard/token-bucket.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { closeCodeOf } from './close-code.ts';
import type { Limits } from './limits.ts';
import { createMessageSender, type MessageSender } from './message-sender.ts';
import { frameCount, type SessionPeer } from './session.ts';
import type { SessionEntry } from './session-registry.ts';
import { SOCKET, startWelcome, type Welcome } from './welcome.ts';
import { welcomeMessage } from './welcome-message.ts';

export type WelcomeOutcome = 'ready' | 'aborted' | 'failed';

export interface ConnectionOptions {
  socket: WebSocket;
  entry: SessionEntry;
  /** Serial number of the connection, in the order of acceptance. */
  number: number;
  /** Whether this connection resumes an existing session. */
  resumed: boolean;
  log: Log;
  limits: Limits;
  metrics: VoiceMetrics;
  /** The server proves its identity in the welcome, the client in its `ready`. */
  proof: ConnectionProof;
  /** Pause in ms before the first attempt of the welcome. */
  settleMs: number;
  /** ms of any origin. */
  monotonicNow(): number;
  /** Called exactly once, at the latest when the socket closes. */
  onWelcomeEnd(outcome: WelcomeOutcome, attempts: number): void;
  /** Called once, when the socket has closed. */
  onClosed(code: number, reason: string): void;
}

/**
 * One socket and its session: event handlers, heartbeat, welcome and closing. It becomes the session's active
 * connection once the client has answered the welcome. It never ends the session.
 */
export class Connection implements SessionPeer {
  readonly entry: SessionEntry;
  readonly number: number;
  /** The code with which the server closed the connection; null if it has not. */
  sentCloseCode: number | null = null;
  strikes = 0;
  /** Whether it has been the session's active connection. Before that, it can't change or end an existing session. */
  wasActive = false;
  readonly #options: ConnectionOptions;
  readonly #acceptedAt: number;
  readonly #heartbeat: Heartbeat;
  readonly #sender: MessageSender;
  #welcome: Welcome | null = null;
  #welcomeEnded = false;
  #settleTimer: NodeJS.Timeout | undefined;
  /** `received_through` in the welcome: last received audio seq, -1 if none. */
  #receivedThrough = -1;
  /** A resuming connection has its own rate limit until it is active; otherwise it could use up the session's. */
  readonly #inbound: TokenBucket | null;
  /** Invalidates all resume tokens but the one in this connection's welcome. */
  #confirmToken: () => void = () => undefined;
  /** Everything that still arrives is ignored. */
  #ignoreInput = false;

  /** Registers all handlers. `begin` sends the welcome. */
  constructor(options: ConnectionOptions) {
    const { socket, entry, limits, log, metrics } = options;
    const { id } = entry.session;
    this.#options = options;
    this.entry = entry;
    this.number = options.number;
    this.#acceptedAt = options.monotonicNow();

    socket.on('message', (data: Buffer, binary: boolean) => this.#onMessage(data, binary));
    socket.on('ping', (data: Buffer) => this.#onPing(data));
    socket.on('pong', (data: Buffer) => this.#acceptInput(data.length));
    socket.on('error', (error) => this.#onError(error));
    socket.on('close', (code: number, reason: Buffer) => {
      this.#dispose();
      options.onClosed(code, reason.toString('utf8'));
    });
    this.#heartbeat = startHeartbeat({
      ping: () => socket.ping(),
      onDead: () => {
        log('WARNING', { type: 'peer_silent', session: id });
        socket.terminate();
      },
    });
    this.#sender = createMessageSender(
      socket,
      limits,
      (type, detail) => log('WARNING', { session: id, type, detail }),
      () => metrics.dropped(),
      (reason) => this.close(CLOSE.overloaded, reason),
    );
    this.#inbound = options.resumed
      ? createTokenBucket({ perSecond: limits.inboundPerSecond, burst: limits.inboundBurst, now: options.monotonicNow })
      : null;
  }

  /** Sends the welcome immediately, or after the settle delay if earlier clients needed a retry. */
  begin(): void {
    const { settleMs } = this.#options;
    if (settleMs > 0) this.#settleTimer = setTimeout(() => this.#sendWelcome(), settleMs);
    else this.#sendWelcome();
  }

  send(message: ServerMessage): void {
    this.#sender.send(message);
  }

  ready(proof: string): 'accepted' | 'too early' | 'unproven' {
    if (this.#welcome === null) return 'too early';
    if (!this.#options.proof.verifyAnswer(proof)) return 'unproven';
    this.#welcome.ready();
    return 'accepted';
  }

  /** Makes this the session's active connection; called once the client has answered the welcome. */
  activate(): void {
    this.wasActive = true;
    this.#confirmToken();
    this.entry.session.attach(this, this.#receivedThrough);
  }

  onStrikeLimit(): void {
    this.close(CLOSE.policy, 'too many malformed messages');
  }

  /** Closes this connection because a newer one is active. Everything that still arrives here is ignored. */
  supersede(): void {
    this.#dispose();
    this.close(CLOSE.takenOver, 'session taken over by a newer connection');
  }

  /**
   * Starts the closing handshake. Later messages are ignored, except on 1001 (going away): then audio in transit is
   * still recorded.
   */
  close(code: number, reason: string): void {
    const { socket, limits } = this.#options;
    if (code === CLOSE.goingAway) this.entry.session.acknowledge();
    else this.#ignoreInput = true;
    // A socket that is already closing keeps its code, unless the peer then violates the policy.
    if (socket.readyState === SOCKET.open || code === CLOSE.policy) this.sentCloseCode = code;
    void closeWithTimeout(socket, code, reason, limits.closeMs);
  }

  waitForClose(): Promise<void> {
    return new Promise((resolve) => this.#options.socket.once('close', () => resolve()));
  }

  /** Called for everything that arrives: resets the heartbeat, applies the rate limit. @returns false to ignore it */
  #acceptInput(bytes: number): boolean {
    this.#heartbeat.alive();
    if (this.#ignoreInput) return false;
    const ownLimit = this.wasActive ? null : this.#inbound;
    if (ownLimit ? ownLimit.take(frameCount(bytes)) : this.entry.session.consumeRateLimit(bytes)) return true;
    this.#onFlood();
    return false;
  }

  /** ws has already answered the ping. It closes the socket when pongs back up; log that. */
  #onPing(data: Buffer): void {
    if (!this.#acceptInput(data.length)) return;
    if (this.sentCloseCode === null && this.#options.socket.readyState !== SOCKET.open) this.#onFlood();
  }

  #onFlood(): void {
    this.#options.log('WARNING', { session: this.entry.session.id, type: 'flood' });
    this.close(CLOSE.policy, 'too much at once');
  }

  #onMessage(data: Buffer, binary: boolean): void {
    if (!this.#acceptInput(data.length)) return;
    const { session } = this.entry;
    try {
      if (binary) session.onBinary(data, this);
      else session.onText(data.toString('utf8'), this);
    } catch (error) {
      // A bug in one session must not affect the others.
      this.#options.log('ERROR', { type: 'internal_error', session: session.id, detail: describeError(error) });
      this.close(CLOSE.internal, 'internal error');
    }
  }

  #onError(error: Error): void {
    // The connection is already closed and the reason logged; further errors don't matter.
    if (this.#ignoreInput) return;
    const { log, limits, socket } = this.#options;
    log('ERROR', { type: 'socket_error', session: this.entry.session.id, detail: describeError(error) });
    const code = closeCodeOf(error);
    if (code === null) return;
    // ws has already sent the close frame and reads no further.
    this.sentCloseCode ??= code;
    this.#ignoreInput = true;
    void closeWithTimeout(socket, code, '', limits.closeMs);
  }

  #sendWelcome(): void {
    const { socket, entry, resumed, log, proof } = this.#options;
    const { session } = entry;
    if (socket.readyState !== SOCKET.open) return this.#endWelcome('aborted', 0, null);
    const resumeToken = entry.tokens.issue();
    this.#receivedThrough = session.receivedThrough;
    this.#confirmToken = () => entry.tokens.confirm(resumeToken);
    const message = welcomeMessage(session, { resumed, resumeToken, proof });
    this.#welcome = startWelcome({
      socket,
      message: (attempt) => JSON.stringify({ ...message, attempt }),
      onAttempt: (attempt) => log('WS_SEND', { session: session.id, event: 'connected', attempt }),
      onRetry: (attempt, why) => log('WELCOME_RETRY', { session: session.id, attempt, why }),
      onEnd: (outcome, attempts, sendError) => this.#endWelcome(outcome, attempts, sendError),
    });
  }

  #endWelcome(outcome: WelcomeOutcome, attempts: number, sendError: Error | null): void {
    if (this.#welcomeEnded) return;
    this.#welcomeEnded = true;
    const { log, metrics, monotonicNow, onWelcomeEnd } = this.#options;
    const { id } = this.entry.session;
    const why = sendError === null ? {} : { why: describeError(sendError) };
    metrics.welcome(outcome, attempts, monotonicNow() - this.#acceptedAt);
    if (outcome === 'ready') log('WS_READY', { session: id, attempts });
    if (outcome === 'aborted') log('WELCOME_ABORTED', { session: id, attempts, ...why });
    if (outcome === 'failed') {
      log('ERROR', { type: 'send_connected_failed', session: id, attempts, ...why });
      this.close(CLOSE.welcomeUnacknowledged, 'welcome not acknowledged');
    }
    onWelcomeEnd(outcome, attempts);
  }

  /** Stops all timers except the one that bounds the closing handshake. */
  #dispose(): void {
    this.#ignoreInput = true;
    this.#heartbeat.stop();
    clearTimeout(this.#settleTimer);
    this.#welcome?.closed();
    this.#endWelcome('aborted', 0, null);
  }
}
