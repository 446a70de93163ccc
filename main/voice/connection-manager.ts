import type WebSocket from 'ws';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { NOTHING_TO_RESUME, nothingToResumeReason } from '../../shared/proof.ts';
import { CLOSE } from '../../shared/protocol.ts';
import { endsWithin } from '../../shared/time-limit.ts';
import { closeWithTimeout } from '../guard/close-with-timeout.ts';
import type { ConnectionProof } from '../guard/launch-proofs.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import { Connection, type WelcomeOutcome } from './connection.ts';
import { LIMITS, type Limits } from './limits.ts';
import { type ResumeRequest, type SessionEntry, SessionRegistry } from './session-registry.ts';
import { shouldRetainSession } from './session-retention.ts';
import { nextSettleDelay } from './settle-delay.ts';
import type { TurnSink } from './turn-sink.ts';

export interface ConnectionManagerOptions {
  /** Stores the audio. */
  sink: TurnSink;
  log: Log;
  metrics: VoiceMetrics;
  limits?: Partial<Limits>;
  /** ms since the epoch; default: the wall clock. */
  now?: () => number;
  /** ms of any origin, for durations; default: `performance.now()`. */
  monotonicNow?: () => number;
}

/**
 * All connections and their sessions. Only this class ends sessions; a failed send, for example, never does. It
 * outlives the voice server, so a server restart loses no session.
 */
export class ConnectionManager {
  readonly #options: ConnectionManagerOptions;
  readonly #limits: Limits;
  readonly #registry: SessionRegistry;
  readonly #connections = new Set<Connection>();
  /**
   * The connection whose close suspends or ends the session: the active one or, before the first `ready`, the one that
   * created the session. Connections that are still resuming or were superseded are not included.
   */
  readonly #current = new Map<SessionEntry, Connection>();
  readonly #listeners = new Set<() => void>();
  readonly #monotonicNow: () => number;
  #pendingCount = 0;
  #connectionCount = 0;
  #settleMs = 0;
  #closed = false;

  constructor(options: ConnectionManagerOptions) {
    this.#options = options;
    const { now = Date.now, monotonicNow = () => performance.now() } = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#monotonicNow = monotonicNow;
    this.#registry = new SessionRegistry({ ...options, limits: this.#limits, now, monotonicNow });
  }

  /** Open sockets, including those that are closing. */
  get size(): number {
    return this.#connections.size;
  }

  /** Sessions, connected or lost. */
  get sessions(): number {
    return this.#registry.size;
  }

  /** Sessions without a connection that may still be resumed. */
  get lost(): number {
    return this.#registry.lostCount;
  }

  /** Connections that have not answered the welcome yet. */
  get pending(): number {
    return this.#pendingCount;
  }

  /** Whether there is room for another connection, ignoring the limit on pending ones. Lost sessions don't count. */
  get hasRoom(): boolean {
    return !this.#closed && this.#connections.size < this.#limits.connections;
  }

  /** Whether another connection would exceed a limit now. */
  get full(): boolean {
    return !this.hasRoom || this.#pendingCount >= this.#limits.pending;
  }

  /** Calls `listener` whenever the number of connections has changed. @returns a function that unsubscribes */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Takes over a socket in the tick in which it was created: registers the handlers, then sends the welcome. A request
   * with a session id or a resume proof resumes that session, even if another connection is still open. Once the client
   * has answered the welcome, the new connection is active and the previous one is closed with 4409. Until then nothing
   * changes: the client may have abandoned this attempt long before it arrived.
   * @param proof the host's side of the mutual proof, for this connection
   * @returns false if there was nothing to resume; the socket is then closed with 4410
   */
  accept(socket: WebSocket, request: ResumeRequest, proof: ConnectionProof): boolean {
    const { log, metrics } = this.#options;
    const { userId, sessionId, resume } = request;
    const resumed = sessionId !== null || resume !== null;
    const entry = resumed ? this.#findResumable(request) : this.#registry.create(userId);
    if (entry === null) {
      socket.on('error', (error) => log('WARNING', { type: 'socket_error', detail: describeError(error) }));
      const reason = nothingToResumeReason(proof.prove(NOTHING_TO_RESUME));
      void closeWithTimeout(socket, CLOSE.nothingToResume, reason, this.#limits.closeMs);
      return false;
    }
    const { id } = entry.session;
    const connection: Connection = new Connection({
      socket,
      entry,
      number: ++this.#connectionCount,
      resumed,
      log,
      metrics,
      limits: this.#limits,
      proof,
      settleMs: this.#settleMs,
      monotonicNow: this.#monotonicNow,
      onWelcomeEnd: (outcome, attempts) => this.#onWelcomeEnd(connection, resumed, outcome, attempts),
      onClosed: (code, reason) => this.#onClosed(connection, code, reason),
    });
    this.#connections.add(connection);
    if (resumed) entry.pendingResumes += 1;
    else this.#current.set(entry, connection);
    this.#pendingCount += 1;
    log('WS_CONNECT', { session: id, user: userId, ...(resumed ? { resumed } : {}) });
    this.#notifyListeners();
    connection.begin();
    return true;
  }

  /**
   * Ends a session that no page can resume any more. A connected session is left alone, but first its connection gets
   * `limits.closeMs` to close, because its page may just have gone.
   * @returns `ended` once the recording is finished, or if there is no such session; `connected` if nothing was done
   */
  async endAbandoned(sessionId: string): Promise<'ended' | 'connected'> {
    const entry = this.#registry.get(sessionId);
    if (entry !== null) {
      if (!(await this.#waitForDisconnect(entry))) return 'connected';
      // It may have ended when its connection closed.
      if (this.#registry.get(sessionId) === entry) this.#registry.endAbandoned(entry);
    }
    await this.#registry.waitForRecording(sessionId);
    return 'ended';
  }

  /**
   * Closes every connection and waits for the closing handshakes. Sockets that are not closed after `limits.closeMs`
   * are terminated. Sessions that can be resumed are kept.
   */
  async closeAll(code: number, reason: string): Promise<void> {
    const open = [...this.#connections];
    const closed = open.map((connection) => connection.waitForClose());
    for (const connection of open) connection.close(code, reason);
    await Promise.all(closed);
  }

  /** Closes every connection with 1001, ends all sessions and waits for the recordings. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.closeAll(CLOSE.goingAway, 'server going away');
    await this.#registry.close();
  }

  /** @returns false if the session is still connected after `limits.closeMs` */
  #waitForDisconnect(entry: SessionEntry): Promise<boolean> {
    if (!this.#current.has(entry)) return Promise.resolve(true);
    let unsubscribe: () => void = () => undefined;
    const disconnected = new Promise<void>((resolve) => {
      unsubscribe = this.onChange(() => {
        if (!this.#current.has(entry)) resolve();
      });
    });
    return endsWithin(this.#limits.closeMs, disconnected).finally(unsubscribe);
  }

  #findResumable(request: ResumeRequest): SessionEntry | null {
    const entry = this.#registry.find(request);
    return entry !== null && this.#isResumable(entry) ? entry : null;
  }

  #isResumable(entry: SessionEntry): boolean {
    const sentCloseCode = this.#current.get(entry)?.sentCloseCode ?? null;
    // The server may have closed the last connection for good while its close event is still pending.
    const end = { sentCloseCode, receivedCloseCode: CLOSE.lost, wasReady: true };
    return this.#registry.has(entry) && shouldRetainSession(end);
  }

  /** Called when the client has answered the welcome of `connection`: it becomes the session's active connection. */
  #onReady(connection: Connection, resumed: boolean): void {
    const { log, metrics } = this.#options;
    const { entry } = connection;
    const { session } = entry;
    const previous = this.#current.get(entry);
    if (resumed && !this.#isResumable(entry)) return connection.close(CLOSE.nothingToResume, NOTHING_TO_RESUME);
    // The client has opened a newer connection, which became ready first.
    if (previous && previous.number > connection.number) return connection.supersede();
    this.#current.set(entry, connection);
    const ms = this.#registry.resume(entry);
    connection.activate();
    if (resumed) {
      log('SESSION_RESUMED', { session: session.id, ms: Math.round(ms), through: session.receivedThrough });
      metrics.resumed(ms);
    }
    if (previous && previous !== connection) {
      log('SESSION_TAKEN_OVER', { session: session.id });
      previous.supersede();
    }
  }

  #onWelcomeEnd(connection: Connection, resumed: boolean, outcome: WelcomeOutcome, attempts: number): void {
    const { log, metrics } = this.#options;
    this.#pendingCount -= 1;
    if (resumed) connection.entry.pendingResumes -= 1;
    if (outcome === 'ready') this.#onReady(connection, resumed);
    const settleMs = nextSettleDelay(this.#settleMs, outcome, attempts);
    if (settleMs !== this.#settleMs) {
      this.#settleMs = settleMs;
      log('SETTLE_DELAY', { ms: settleMs });
      metrics.settleDelay(settleMs);
    }
    this.#notifyListeners();
  }

  #onClosed(connection: Connection, code: number, reason: string): void {
    const { entry, sentCloseCode } = connection;
    this.#connections.delete(connection);
    const { log } = this.#options;
    const { id: session } = entry.session;
    log('WS_DISCONNECT', { session, code, ...(reason ? { reason } : {}) });
    if (!connection.wasActive) log('WS_NEVER_READY', { session, code });
    if (this.#current.get(entry) === connection) {
      this.#current.delete(entry);
      entry.session.detach();
      const end = { sentCloseCode, receivedCloseCode: code, wasReady: entry.wasReady };
      if (!this.#closed && shouldRetainSession(end)) this.#registry.suspend(entry);
      else this.#registry.end(entry);
    }
    this.#notifyListeners();
  }

  #notifyListeners(): void {
    for (const listener of this.#listeners) listener();
  }
}
