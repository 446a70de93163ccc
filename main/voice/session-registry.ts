import type { Log } from '../../shared/log-event.ts';
import { type ConnectionFacts, signedText } from '../../shared/proof.ts';
import { RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { randomText } from '../guard/random-text.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import type { Limits } from './limits.ts';
import { createResumeTokens, type ResumeTokens } from './resume-token.ts';
import { Session } from './session.ts';
import type { TurnSink } from './turn-sink.ts';

/** 96 random bits: no two sessions ever share an id, and its 16 characters leave room in a line of the log. */
const SESSION_ID_BYTES = 12;
/** The window is counted in seconds in which the process was awake, as the heartbeat's are. */
const TICK_MS = 1_000;
const WINDOW_TICKS = RESUME_WINDOW_MS / TICK_MS;

/** A session and what is known of its client, connected or lost. */
export interface SessionEntry {
  readonly session: Session;
  readonly tokens: ResumeTokens;
  /** Its client has answered one of its welcomes: only then is it worth keeping. */
  wasReady: boolean;
  /** When its connection was lost, by the steady clock in ms; null while it has one whose client is ready. */
  lostAt: number | null;
  /** Connections that ask for it and have not answered their welcome yet: while there are any it does not run out. */
  pendingResumes: number;
}

/** What a client that comes back brings along. */
export interface ResumeRequest {
  userId: string;
  sessionId: string | null;
  /** The proof that it has a resume token. */
  resume: string | null;
  /** What that proof is about. */
  connection: ConnectionFacts;
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
 * All sessions, connected or lost; it knows nothing of sockets. A lost one is kept for 30 s and then ends, its recording
 * finished. Who decides that a session is lost, taken up again or over is the connection manager.
 */
export class SessionRegistry {
  private readonly sessions = new Map<string, SessionEntry>();
  /** The ticks that each lost session has left; the one lost longest first. */
  private readonly lost = new Map<SessionEntry, number>();
  /** Recordings of ended sessions that are still being finished, by session id. */
  private readonly finishing = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: SessionRegistryOptions) {}

  /** Sessions, connected or lost. */
  get size(): number {
    return this.sessions.size;
  }

  get lostCount(): number {
    return this.lost.size;
  }

  create(userId: string): SessionEntry {
    const id = randomText(SESSION_ID_BYTES);
    const session = new Session({ ...this.options, id, userId });
    const held: SessionEntry = {
      session,
      tokens: createResumeTokens(),
      wasReady: false,
      lostAt: null,
      pendingResumes: 0,
    };
    this.sessions.set(id, held);
    return held;
  }

  /** It has not ended. */
  has(held: SessionEntry): boolean {
    return this.sessions.has(held.session.id);
  }

  /**
   * Finds the session that a client may take up again. Changes nothing: who asks has not answered a welcome yet.
   * @returns null where anything does not fit; which, is nobody's business
   */
  find({ userId, sessionId, resume, connection }: ResumeRequest): SessionEntry | null {
    const held = sessionId === null ? undefined : this.sessions.get(sessionId);
    if (!held || resume === null || held.session.userId !== userId) return null;
    return held.tokens.fits(resume, signedText('resume', connection)) ? held : null;
  }

  /** @returns null once it has ended */
  get(sessionId: string): SessionEntry | null {
    return this.sessions.get(sessionId) ?? null;
  }

  /** Its connection has gone: it is kept, and its turn with it. */
  suspend(held: SessionEntry): void {
    const { limits, log, monotonicNow } = this.options;
    const { session } = held;
    held.lostAt ??= monotonicNow();
    // The running tick is a part of a second only: whoever was promised 30 s gets no less.
    this.lost.set(held, this.timer === null ? WINDOW_TICKS : WINDOW_TICKS + 1);
    this.timer ??= setInterval(() => this.tick(), TICK_MS);
    log('SESSION_LOST', { session: session.id, state: session.voiceState, through: session.receivedThrough });
    const [longest] = this.lost.keys();
    if (longest && this.lost.size > limits.lostSessions) this.expire(longest, 'too many lost sessions');
  }

  /** Its client is ready on a connection, the first one or another: it no longer runs out. @returns ms since the loss */
  resume(held: SessionEntry): number {
    const { monotonicNow } = this.options;
    const ms = monotonicNow() - (held.lostAt ?? monotonicNow());
    held.wasReady = true;
    held.lostAt = null;
    this.forget(held);
    return ms;
  }

  /** Ends it for good: the turn that is open ends, its recording is finished. Safe to call twice. */
  end(held: SessionEntry): void {
    this.forget(held);
    const { id } = held.session;
    if (!this.sessions.delete(id)) return;
    this.finishing.set(
      id,
      held.session.end().finally(() => this.finishing.delete(id)),
    );
  }

  /** Ends a lost session before its time: nobody has its resume token any more. */
  endAbandoned(held: SessionEntry): void {
    this.expire(held, 'its page is gone');
  }

  /** Waits until the recording of an ended session is finished; at once where there is nothing to wait for. */
  async untilFinished(sessionId: string): Promise<void> {
    await this.finishing.get(sessionId);
  }

  /** Ends all of them and waits for their recordings. */
  async close(): Promise<void> {
    for (const held of this.sessions.values()) this.end(held);
    await Promise.all(this.finishing.values());
  }

  private tick(): void {
    for (const [held, ticks] of this.lost) {
      if (ticks > 1) this.lost.set(held, ticks - 1);
      // Whoever asks for it answers within a second, or not at all.
      else if (held.pendingResumes === 0) this.expire(held, 'not resumed in time');
    }
  }

  private expire(held: SessionEntry, why: string): void {
    this.options.log('SESSION_EXPIRED', { session: held.session.id, why });
    this.options.metrics.expired();
    this.end(held);
  }

  private forget(held: SessionEntry): void {
    this.lost.delete(held);
    if (this.lost.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}
