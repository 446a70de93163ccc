import type WebSocket from 'ws';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { CLOSE, type ServerMessage } from '../../shared/protocol.ts';
import type { ConnectionProof } from '../guard/launch-proofs.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { closeCodeOf, closeWithTimeout } from './close-with-timeout.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import type { Limits } from './limits.ts';
import { createMessageSender, type MessageSender } from './message-sender.ts';
import { frameCount, type SessionPeer } from './session.ts';
import type { SessionEntry } from './session-registry.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';
import { SOCKET, startWelcome, type Welcome } from './welcome.ts';
import { welcomeMessage } from './welcome-message.ts';

export type WelcomeOutcome = 'ready' | 'aborted' | 'failed';

export interface ConnectionOptions {
  socket: WebSocket;
  held: SessionEntry;
  /** Which connection it is, in the order in which they came. */
  number: number;
  /** The session was there before this connection. */
  resumed: boolean;
  log: Log;
  limits: Limits;
  metrics: VoiceMetrics;
  /** The server proves itself with the welcome, the client with its `ready`. */
  proof: ConnectionProof;
  /** Pause in ms before the first try of the welcome. */
  settleMs: number;
  /** ms of any origin. */
  monotonicNow(): number;
  /** Called once, at the latest when the socket closes. */
  onWelcomeEnd(outcome: WelcomeOutcome, attempts: number): void;
  /** The socket has closed; called once. */
  onClosed(code: number, reason: string): void;
}

/**
 * One socket and the session that it asks for: handlers, heartbeat, welcome, closing. It speaks for the session's client once
 * it has answered its welcome. It never ends the session.
 */
export class Connection implements SessionPeer {
  readonly held: SessionEntry;
  readonly number: number;
  /** The code that the server closed it with; null while it has not. */
  sent: number | null = null;
  strikes = 0;
  /** It has spoken for the client; before that nothing that it says, nor its end, changes an existing session. */
  spoke = false;
  private readonly options: ConnectionOptions;
  private readonly since: number;
  private readonly heartbeat: Heartbeat;
  private readonly outbox: MessageSender;
  private welcome: Welcome | null = null;
  private welcomeEnded = false;
  private settling: NodeJS.Timeout | undefined;
  /** Last audio seq held, as the welcome said. */
  private told = -1;
  /** Before it speaks, one that asks for a session has a pace of its own: it must not use up that of the session. */
  private readonly inbound: TokenBucket | null;
  /** The client has the token that this connection's welcome brought. */
  private proveToken: () => void = () => undefined;
  /** What still comes is ignored. */
  private deaf = false;

  /** Sets every handler; `begin` sends the welcome. */
  constructor(options: ConnectionOptions) {
    const { socket, held, limits, log, metrics } = options;
    const { id } = held.session;
    this.options = options;
    this.held = held;
    this.number = options.number;
    this.since = options.monotonicNow();

    socket.on('message', (data: Buffer, binary: boolean) => this.onMessage(data, binary));
    socket.on('ping', (data: Buffer) => this.onPing(data));
    socket.on('pong', (data: Buffer) => this.hears(data.length));
    socket.on('error', (error) => this.onError(error));
    socket.on('close', (code: number, reason: Buffer) => {
      this.retire();
      options.onClosed(code, reason.toString('utf8'));
    });
    this.heartbeat = startHeartbeat({
      ping: () => socket.ping(),
      onDead: () => {
        log('WARNING', { type: 'peer_silent', session: id });
        socket.terminate();
      },
    });
    this.outbox = createMessageSender(
      socket,
      limits,
      (type, detail) => log('WARNING', { session: id, type, detail }),
      () => metrics.dropped(),
      (reason) => this.close(CLOSE.overloaded, reason),
    );
    this.inbound = options.resumed
      ? createTokenBucket({ perSecond: limits.inboundPerSecond, burst: limits.inboundBurst, now: options.monotonicNow })
      : null;
  }

  /** Greets the client: at once, unless earlier welcomes came too early. */
  begin(): void {
    const { settleMs } = this.options;
    if (settleMs > 0) this.settling = setTimeout(() => this.greet(), settleMs);
    else this.greet();
  }

  send(message: ServerMessage): void {
    this.outbox.send(message);
  }

  ready(proof: string): 'accepted' | 'too early' | 'unproven' {
    if (this.welcome === null) return 'too early';
    if (!this.options.proof.isAnswer(proof)) return 'unproven';
    this.welcome.ready();
    return 'accepted';
  }

  /** The client has answered the welcome: from now on this connection speaks for it. */
  speak(): void {
    this.spoke = true;
    this.proveToken();
    this.held.session.attach(this, this.told);
  }

  onStrikeLimit(): void {
    this.close(CLOSE.policy, 'too many malformed messages');
  }

  /** A newer connection speaks for the session: this one is closed, and what still comes on it is ignored. */
  supersede(): void {
    this.retire();
    this.close(CLOSE.takenOver, 'session taken over by a newer connection');
  }

  /**
   * Starts the closing handshake. What comes after it is ignored; only a server that goes away still takes what is on its
   * way.
   */
  close(code: number, reason: string): void {
    const { socket, limits } = this.options;
    if (code === CLOSE.goingAway) this.held.session.acknowledge();
    else this.deaf = true;
    // A closing socket has its code already; but who breaks the rules meanwhile has broken them.
    if (socket.readyState === SOCKET.open || code === CLOSE.policy) this.sent = code;
    closeWithTimeout(socket, code, reason, limits.closeMs);
  }

  untilClosed(): Promise<void> {
    return new Promise((resolve) => this.options.socket.once('close', () => resolve()));
  }

  /** Something came. @returns whether it is listened to */
  private hears(bytes: number): boolean {
    this.heartbeat.alive();
    if (this.deaf) return false;
    const pace = this.spoke ? null : this.inbound;
    if (pace ? pace.take(frameCount(bytes)) : this.held.session.consumeRateLimit(bytes)) return true;
    this.flooded();
    return false;
  }

  /** The library has answered already. Whose pongs pile up, it has cut without a word: that is told here. */
  private onPing(data: Buffer): void {
    if (this.hears(data.length) && this.sent === null && this.options.socket.readyState !== SOCKET.open) this.flooded();
  }

  private flooded(): void {
    this.options.log('WARNING', { session: this.held.session.id, type: 'flood' });
    this.close(CLOSE.policy, 'too much at once');
  }

  private onMessage(data: Buffer, binary: boolean): void {
    if (!this.hears(data.length)) return;
    const { session } = this.held;
    try {
      if (binary) session.onBinary(data, this);
      else session.onText(data.toString('utf8'), this);
    } catch (error) {
      // A fault of ours in one session must not take the others along.
      this.options.log('ERROR', { type: 'internal_error', session: session.id, detail: describeError(error) });
      this.close(CLOSE.internal, 'internal error');
    }
  }

  private onError(error: Error): void {
    // Closed already, and the reason told: whatever it breaks now is no news.
    if (this.deaf) return;
    const { log, limits, socket } = this.options;
    log('ERROR', { type: 'socket_error', session: this.held.session.id, detail: describeError(error) });
    const code = closeCodeOf(error);
    if (code === null) return;
    // The library has sent the close frame already, and reads no further.
    this.sent ??= code;
    this.deaf = true;
    closeWithTimeout(socket, code, '', limits.closeMs);
  }

  private greet(): void {
    const { socket, held, resumed, log, proof } = this.options;
    const { session } = held;
    if (socket.readyState !== SOCKET.open) return this.endWelcome('aborted', 0, null);
    const resumeToken = held.tokens.issue();
    this.told = session.receivedThrough;
    this.proveToken = () => held.tokens.prove(resumeToken);
    const message = welcomeMessage(session, { resumed, resumeToken, proof });
    this.welcome = startWelcome({
      socket,
      message: (attempt) => JSON.stringify({ ...message, attempt }),
      onAttempt: (attempt) => log('WS_SEND', { session: session.id, event: 'connected', attempt }),
      onRetry: (attempt, why) => log('WELCOME_RETRY', { session: session.id, attempt, why }),
      onEnd: (outcome, attempts, sendError) => this.endWelcome(outcome, attempts, sendError),
    });
  }

  private endWelcome(outcome: WelcomeOutcome, attempts: number, sendError: Error | null): void {
    if (this.welcomeEnded) return;
    this.welcomeEnded = true;
    const { log, metrics, monotonicNow, onWelcomeEnd } = this.options;
    const { id } = this.held.session;
    const why = sendError === null ? {} : { why: describeError(sendError) };
    metrics.welcome(outcome, attempts, monotonicNow() - this.since);
    if (outcome === 'ready') log('WS_READY', { session: id, attempts });
    if (outcome === 'aborted') log('WELCOME_ABORTED', { session: id, attempts, ...why });
    if (outcome === 'failed') {
      log('ERROR', { type: 'send_connected_failed', session: id, attempts, ...why });
      this.close(CLOSE.welcomeUnacknowledged, 'welcome not acknowledged');
    }
    onWelcomeEnd(outcome, attempts);
  }

  /** Leaves no timer behind but the one that bounds a closing handshake. */
  private retire(): void {
    this.deaf = true;
    this.heartbeat.stop();
    clearTimeout(this.settling);
    this.welcome?.closed();
    this.endWelcome('aborted', 0, null);
  }
}
