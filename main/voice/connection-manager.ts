import type WebSocket from 'ws';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { NOTHING_TO_RESUME, nothingToResumeReason } from '../../shared/proof.ts';
import { CLOSE } from '../../shared/protocol.ts';
import type { ConnectionProof } from '../guard/launch-proofs.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { closeWithTimeout } from './close-with-timeout.ts';
import { Connection, type WelcomeOutcome } from './connection.ts';
import { LIMITS, type Limits } from './limits.ts';
import { type ResumeRequest, type SessionEntry, SessionRegistry } from './session-registry.ts';
import { fateOfSession } from './session-retention.ts';
import { nextSettleDelay } from './settle-delay.ts';
import type { TurnSink } from './turn-sink.ts';

export interface ConnectionManagerOptions {
  /** Who keeps the audio. */
  sink: TurnSink;
  log: Log;
  metrics: VoiceMetrics;
  limits?: Partial<Limits>;
  /** ms since the epoch; default: the wall clock. */
  now?: () => number;
  /** ms of any origin, for durations; default: the process's steady clock. */
  monotonicNow?: () => number;
}

/**
 * Connections and the sessions they speak for. The only owner of a session's end: nothing else takes a session away, least
 * of all a send that failed. It outlives the voice server, so that a restart of the server loses no session.
 */
export class ConnectionManager {
  private readonly limits: Limits;
  private readonly registry: SessionRegistry;
  private readonly connections = new Set<Connection>();
  /**
   * The connection with which a session stands or falls: the one that answered its welcome last, or that the session was
   * made for. One that only asks for a session is not in it, and neither is one that was superseded.
   */
  private readonly current = new Map<SessionEntry, Connection>();
  private readonly listeners = new Set<() => void>();
  private readonly steady: () => number;
  private pendingCount = 0;
  private connectionCount = 0;
  private settleMs = 0;
  private closed = false;

  constructor(private readonly options: ConnectionManagerOptions) {
    const { now = Date.now, monotonicNow = () => performance.now() } = options;
    this.limits = { ...LIMITS, ...options.limits };
    this.steady = monotonicNow;
    this.registry = new SessionRegistry({ ...options, limits: this.limits, now, monotonicNow });
  }

  /** Open sockets, those that are closing included. */
  get size(): number {
    return this.connections.size;
  }

  /** Sessions, connected or lost. */
  get sessions(): number {
    return this.registry.size;
  }

  /** Sessions without a connection that may still be resumed. */
  get lost(): number {
    return this.registry.lostCount;
  }

  /** Connections that have not answered the welcome yet. */
  get pending(): number {
    return this.pendingCount;
  }

  /** There is room for one more connection, if not in this very moment. Lost sessions take none. */
  get hasRoom(): boolean {
    return !this.closed && this.connections.size < this.limits.connections;
  }

  /** One more connection would be over a cap now. */
  get full(): boolean {
    return !this.hasRoom || this.pendingCount >= this.limits.pending;
  }

  /** Tells whenever the number of connections has changed. @returns stops it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * Takes over a socket in the tick in which it exists: handlers first, then the welcome. With a session id and a resume
   * secret it asks for that session, also beside a connection that still stands. Once it has answered its welcome it has
   * the session, and the older one gets 4409. Until then it changes nothing: a client may have given it up long before it
   * came here.
   * @param proof the host's side of it, for this connection
   * @returns false: there was nothing to resume, and the socket is closed with 4410
   */
  accept(socket: WebSocket, request: ResumeRequest, proof: ConnectionProof): boolean {
    const { log, metrics } = this.options;
    const { userId, sessionId, resume } = request;
    const resumed = sessionId !== null || resume !== null;
    const held = resumed ? this.resumable(request) : this.registry.create(userId);
    if (held === null) {
      socket.on('error', (error) => log('WARNING', { type: 'socket_error', detail: describeError(error) }));
      const reason = nothingToResumeReason(proof.prove(NOTHING_TO_RESUME));
      closeWithTimeout(socket, CLOSE.nothingToResume, reason, this.limits.closeMs);
      return false;
    }
    const { id } = held.session;
    const connection: Connection = new Connection({
      socket,
      held,
      number: ++this.connectionCount,
      resumed,
      log,
      metrics,
      limits: this.limits,
      proof,
      settleMs: this.settleMs,
      monotonicNow: this.steady,
      onWelcomeEnd: (outcome, attempts) => this.onWelcomeEnd(connection, resumed, outcome, attempts),
      onClosed: (code, reason) => this.onClosed(connection, code, reason),
    });
    this.connections.add(connection);
    if (resumed) held.pendingResumes += 1;
    else this.current.set(held, connection);
    this.pendingCount += 1;
    log('WS_CONNECT', { session: id, user: userId, ...(resumed ? { resumed } : {}) });
    this.changed();
    connection.begin();
    return true;
  }

  /**
   * Ends a session for which no page is left that could resume it. One that a connection speaks for is left alone, except
   * that the connection of a page that has just gone gets `limits.closeMs` to close.
   * @returns when its recording is finished: `ended`, also where there is no such session; `connected`: nothing was done
   */
  async endAbandoned(sessionId: string): Promise<'ended' | 'connected'> {
    const held = this.registry.get(sessionId);
    if (held !== null) {
      if (!(await this.untilDisconnected(held))) return 'connected';
      // It may have ended with its connection.
      if (this.registry.get(sessionId) === held) this.registry.endAbandoned(held);
    }
    await this.registry.untilFinished(sessionId);
    return 'ended';
  }

  /**
   * Closes every connection and waits for the closing handshakes; what has not closed after `limits.closeMs` is cut.
   * Sessions that can be resumed stay.
   */
  async closeAll(code: number, reason: string): Promise<void> {
    const open = [...this.connections];
    const closed = open.map((connection) => connection.untilClosed());
    for (const connection of open) connection.close(code, reason);
    await Promise.all(closed);
  }

  /** Ends every session for good, closes what is connected with 1001, and waits for the recordings. Safe to call twice. */
  async close(): Promise<void> {
    this.closed = true;
    await this.closeAll(CLOSE.goingAway, 'server going away');
    await this.registry.close();
  }

  /** @returns false: a connection still speaks for it after `limits.closeMs` */
  private untilDisconnected(held: SessionEntry): Promise<boolean> {
    if (!this.current.has(held)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (disconnected: boolean): void => {
        clearTimeout(timer);
        stop();
        resolve(disconnected);
      };
      const timer = setTimeout(() => settle(false), this.limits.closeMs);
      const stop = this.onChange(() => {
        if (!this.current.has(held)) settle(true);
      });
    });
  }

  private resumable(request: ResumeRequest): SessionEntry | null {
    const held = this.registry.find(request);
    return held !== null && this.isResumable(held) ? held : null;
  }

  private isResumable(held: SessionEntry): boolean {
    const sent = this.current.get(held)?.sent ?? null;
    // Its last connection may have been closed for good, and only the close event is not here yet.
    return this.registry.has(held) && fateOfSession({ sent, received: CLOSE.lost, wasReady: true }) === 'keep';
  }

  /** A client has answered the welcome of this connection: it speaks for the session from now on. */
  private onReady(connection: Connection, resumed: boolean): void {
    const { log, metrics } = this.options;
    const { held } = connection;
    const { session } = held;
    const older = this.current.get(held);
    if (resumed && !this.isResumable(held)) return connection.close(CLOSE.nothingToResume, NOTHING_TO_RESUME);
    // Its client has moved on to a connection that came later, and that one was heard first.
    if (older && older.number > connection.number) return connection.supersede();
    this.current.set(held, connection);
    const ms = this.registry.resume(held);
    connection.speak();
    if (resumed) {
      log('SESSION_RESUMED', { session: session.id, ms: Math.round(ms), through: session.receivedThrough });
      metrics.resumed(ms);
    }
    if (older && older !== connection) {
      log('SESSION_TAKEN_OVER', { session: session.id });
      older.supersede();
    }
  }

  private onWelcomeEnd(connection: Connection, resumed: boolean, outcome: WelcomeOutcome, attempts: number): void {
    const { log, metrics } = this.options;
    this.pendingCount -= 1;
    if (resumed) connection.held.pendingResumes -= 1;
    if (outcome === 'ready') this.onReady(connection, resumed);
    const settleMs = nextSettleDelay(this.settleMs, outcome, attempts);
    if (settleMs !== this.settleMs) {
      this.settleMs = settleMs;
      log('SETTLE_DELAY', { ms: settleMs });
      metrics.settleDelay(settleMs);
    }
    this.changed();
  }

  private onClosed(connection: Connection, code: number, reason: string): void {
    const { held, sent } = connection;
    this.connections.delete(connection);
    const { log } = this.options;
    const { id: session } = held.session;
    log('WS_DISCONNECT', { session, code, ...(reason ? { reason } : {}) });
    if (!connection.spoke) log('WS_NEVER_READY', { session, code });
    if (this.current.get(held) === connection) {
      this.current.delete(held);
      held.session.detach();
      const fate = this.closed ? 'end' : fateOfSession({ sent, received: code, wasReady: held.wasReady });
      if (fate === 'keep') this.registry.suspend(held);
      else this.registry.end(held);
    }
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
