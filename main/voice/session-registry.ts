import type { Log } from '../../shared/log-event.ts';
import { type ConnectionInfo, signedText } from '../../shared/proof.ts';
import { RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { randomText } from '../guard/random-text.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import type { Limits } from './limits.ts';
import { createResumeTokens, type ResumeTokens } from './resume-token.ts';
import { Session } from './session.ts';
import type { TurnSink } from './turn-sink.ts';

/** 96 random bits make a collision practically impossible; the 16 characters keep log lines short. */
const SESSION_ID_BYTES = 12;
/** The resume window is counted in ticks, like the heartbeat, so time in which the machine sleeps does not count. */
const TICK_MS = 1_000;
const RESUME_WINDOW_TICKS = RESUME_WINDOW_MS / TICK_MS;

/** A session and the state of its client, connected or lost. */
export interface SessionEntry {
  readonly session: Session;
  readonly tokens: ResumeTokens;
  /** Whether the client has ever answered a welcome. Other sessions are not kept. */
  wasReady: boolean;
  /** When the connection was lost, in ms of the monotonic clock; null while a ready client is connected. */
  lostAt: number | null;
  /** Connections that are resuming this session. It does not expire until each has answered its welcome or closed. */
  pendingResumes: number;
}

/** What a client sends to resume a session. */
export interface ResumeRequest {
  userId: string;
  sessionId: string | null;
  /** The proof that the client has a resume token. */
  resume: string | null;
  /** The connection that the proof signs. */
  connection: ConnectionInfo;
}

export interface SessionRegistryOptions {
  sink: TurnSink;
  log: Log;
  limits: Limits;
  metrics: VoiceMetrics;
  /** ms since the epoch. */
  now(): number;
  /** ms of any origin. */
  monotonicNow(): number;
}

/**
 * All sessions, connected or lost. A lost session is kept for 30 s; then it ends and its recording is finished. The
 * registry is independent of sockets: the connection manager decides when a session is lost, resumed or ended.
 */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions;
  readonly #sessions = new Map<string, SessionEntry>();
  /** Remaining ticks of each lost session, in the order in which they were lost. */
  readonly #lost = new Map<SessionEntry, number>();
  /** Recordings of ended sessions that are still being finished, by session id. */
  readonly #finishing = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SessionRegistryOptions) {
    this.#options = options;
  }

  /** Sessions, connected or lost. */
  get size(): number {
    return this.#sessions.size;
  }

  get lostCount(): number {
    return this.#lost.size;
  }

  create(userId: string): SessionEntry {
    const id = randomText(SESSION_ID_BYTES);
    const session = new Session({ ...this.#options, id, userId });
    const entry: SessionEntry = {
      session,
      tokens: createResumeTokens(),
      wasReady: false,
      lostAt: null,
      pendingResumes: 0,
    };
    this.#sessions.set(id, entry);
    return entry;
  }

  /** Whether the session has not ended yet. */
  has(entry: SessionEntry): boolean {
    return this.#sessions.has(entry.session.id);
  }

  /**
   * Finds the session that a client may resume. It changes nothing, because the client has not answered a welcome yet.
   * @returns null on any mismatch
   */
  find({ userId, sessionId, resume, connection }: ResumeRequest): SessionEntry | null {
    const entry = sessionId === null ? undefined : this.#sessions.get(sessionId);
    if (!entry || resume === null || entry.session.userId !== userId) return null;
    return entry.tokens.verify(resume, signedText('resume', connection)) ? entry : null;
  }

  /** @returns null if there is no such session or it has ended */
  get(sessionId: string): SessionEntry | null {
    return this.#sessions.get(sessionId) ?? null;
  }

  /** Keeps a session whose connection was lost, together with its open turn. */
  suspend(entry: SessionEntry): void {
    const { limits, log, monotonicNow } = this.#options;
    const { session } = entry;
    entry.lostAt ??= monotonicNow();
    // The current tick is shorter than a second; one more guarantees the full 30 s.
    this.#lost.set(entry, this.#timer === null ? RESUME_WINDOW_TICKS : RESUME_WINDOW_TICKS + 1);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    log('SESSION_LOST', { session: session.id, state: session.voiceState, through: session.receivedThrough });
    const [oldest] = this.#lost.keys();
    if (oldest && this.#lost.size > limits.lostSessions) this.#expire(oldest, 'too many lost sessions');
  }

  /**
   * Marks a session as connected: its client is ready, on the first or a later connection.
   * @returns ms since the loss
   */
  resume(entry: SessionEntry): number {
    const { monotonicNow } = this.#options;
    const ms = monotonicNow() - (entry.lostAt ?? monotonicNow());
    entry.wasReady = true;
    entry.lostAt = null;
    this.#clearLost(entry);
    return ms;
  }

  /** Ends a session for good, with its open turn, and finishes the recording. Safe to call twice. */
  end(entry: SessionEntry): void {
    this.#clearLost(entry);
    const { id } = entry.session;
    if (!this.#sessions.delete(id)) return;
    this.#finishing.set(
      id,
      entry.session.end().finally(() => this.#finishing.delete(id)),
    );
  }

  /** Ends a lost session early, because no client has its resume token any more. */
  endAbandoned(entry: SessionEntry): void {
    this.#expire(entry, 'its page is gone');
  }

  /** Waits until the recording of an ended session is finished. Resolves immediately if there is none. */
  async waitForRecording(sessionId: string): Promise<void> {
    await this.#finishing.get(sessionId);
  }

  /** Ends all sessions and waits for their recordings. */
  async close(): Promise<void> {
    for (const entry of this.#sessions.values()) this.end(entry);
    await Promise.all(this.#finishing.values());
  }

  #tick(): void {
    for (const [entry, ticks] of this.#lost) {
      if (ticks > 1) this.#lost.set(entry, ticks - 1);
      // A pending resume is decided within a second: the welcome succeeds or fails.
      else if (entry.pendingResumes === 0) this.#expire(entry, 'not resumed in time');
    }
  }

  #expire(entry: SessionEntry, why: string): void {
    this.#options.log('SESSION_EXPIRED', { session: entry.session.id, why });
    this.#options.metrics.expired();
    this.end(entry);
  }

  #clearLost(entry: SessionEntry): void {
    this.#lost.delete(entry);
    if (this.#lost.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
