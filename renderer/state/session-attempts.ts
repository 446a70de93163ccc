import type { LogEventName } from '../../shared/log-catalogue.ts';
import type { LogRecord } from '../../shared/log-event.ts';

/** One press of the mic in a window, or one connection of it, until it belongs to a session. */
export interface Attempt {
  /** The page. Empty for a log of an earlier version. */
  readonly window: string;
  /** When it began, in ms since the epoch. */
  readonly startedAt: number;
  /** The session that it became; null while there is none. */
  session: string | null;
  /** Its last event that says how it stands. */
  last: { time: number; state: AttemptState };
}

/** `live`: in progress; `ended`: over as intended; `failed`: over because of a problem. */
export type AttemptState = 'live' | 'ended' | 'failed';

/** From `time` on, the window's events without a session belong to these. */
interface Change {
  time: number;
  turn: Attempt | null;
  link: Attempt | null;
}

/** The time from the request for a socket until it was open or given up. */
interface Request {
  from: number;
  /** Infinity while neither has happened. */
  to: number;
  opened: boolean;
  attempt: Attempt | null;
}

/** The events that decide which attempt or session a window's events belong to. */
const DECIDING: ReadonlySet<LogEventName> = new Set<LogEventName>([
  'PRESS',
  'VOICE_CHANGED',
  'WS_CONNECTING',
  'WS_OPEN',
  'WS_DISCONNECT',
  'RECONNECTING',
  'BREAKER_OPEN',
  'WS_RECV',
  'WS_SEND',
  'WS_CONNECTED',
  'WS_RESUMED',
]);

/** Events of a socket. The others without a session are about the turn. */
const ABOUT_LINK: ReadonlySet<LogEventName> = new Set<LogEventName>([
  'WS_CONNECTING',
  'WS_OPEN',
  'WS_ERROR',
  'WS_DISCONNECT',
  'RECONNECTING',
  'BREAKER_OPEN',
]);

/**
 * Finds out which events of one window, of those that name no session, belong together: from a press to the end of its
 * turn. Events may arrive in any order and twice; the result depends only on which events there are.
 */
export class WindowAttempts {
  readonly #window: string;
  /** The deciding events, in order of time. */
  #deciding: LogRecord[] = [];
  #changes: Change[] = [];
  #attempts: Attempt[] = [];
  #requests: Request[] = [];
  /** The newest attempt of each session. */
  #bySession = new Map<string, Attempt>();
  #turn: Attempt | null = null;
  #link: Attempt | null = null;
  #turnOver = true;
  /** Grows with each change of what an event belongs to. */
  #version = 0;

  constructor(window: string) {
    this.#window = window;
  }

  /** The attempts, oldest first. */
  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  /**
   * @param records events of this window
   * @returns whether events that were added before, or are in `records`, now belong to something else
   */
  add(records: readonly LogRecord[]): boolean {
    const fresh = records.filter((record) => isDeciding(record) && !this.#isKnown(record));
    if (fresh.length === 0) return false;
    const before = this.#version;
    const last = this.#deciding.at(-1);
    const isInOrder = fresh.every((record, i) => compare(i === 0 ? last : fresh[i - 1], record) < 0);
    if (isInOrder) {
      this.#deciding.push(...fresh);
      for (const record of fresh) this.#take(record);
    } else {
      this.#deciding = withoutDuplicates([...this.#deciding, ...fresh].sort(compare));
      this.#start();
    }
    return this.#version !== before;
  }

  /** Forgets events before `time` (ms since the epoch), but for the turn that was going on then. */
  forgetBefore(time: number): void {
    const kept = this.#deciding.findLastIndex((record) => record.time < time && isStart(record));
    if (kept <= 0) return;
    this.#deciding = this.#deciding.slice(kept);
    this.#start();
  }

  /** The attempt that an event without a session belongs to; null: none, such as a test of the microphone. */
  attemptOf({ time, event }: Pick<LogRecord, 'time' | 'event'>): Attempt | null {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle] as Change).time <= time) low = middle + 1;
      else high = middle;
    }
    const change = this.#changes[low - 1];
    if (change === undefined) return null;
    return ABOUT_LINK.has(event) ? change.link : change.turn;
  }

  /** The attempt whose request for a socket was unanswered at `time` and failed; undefined: there was none. */
  failedRequestAt(time: number): Attempt | null | undefined {
    return this.#requests.findLast(({ from, to, opened }) => from <= time && time <= to && !opened)?.attempt;
  }

  #isKnown(record: LogRecord): boolean {
    let low = 0;
    let high = this.#deciding.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#deciding[middle], record) < 0) low = middle + 1;
      else high = middle;
    }
    const found = this.#deciding[low];
    return found !== undefined && compare(found, record) === 0;
  }

  #start(): void {
    this.#version++;
    this.#changes = [];
    this.#attempts = [];
    this.#requests = [];
    this.#bySession = new Map();
    this.#turn = this.#link = null;
    this.#turnOver = true;
    for (const record of this.#deciding) this.#take(record);
  }

  #take(record: LogRecord): void {
    const before = { turn: this.#turn, link: this.#link };
    this.#decide(record);
    if (this.#turn === before.turn && this.#link === before.link) return;
    this.#changes.push({ time: record.time, turn: this.#turn, link: this.#link });
    this.#version++;
  }

  #decide(record: LogRecord): void {
    const { time, event, fields } = record;
    const session = typeof fields.session === 'string' && fields.session !== '' ? fields.session : null;
    switch (event) {
      case 'PRESS':
        if (isStart(record)) this.#onPress(time);
        return;
      case 'VOICE_CHANGED':
        return this.#onView(String(fields.state), time);
      case 'WS_CONNECTING':
        this.#onConnecting(resumedSession(String(fields.url)), time);
        this.#requests.push({ from: time, to: Number.POSITIVE_INFINITY, opened: false, attempt: this.#link });
        return;
      case 'WS_OPEN':
      case 'WS_DISCONNECT':
      case 'RECONNECTING':
      case 'BREAKER_OPEN': {
        const request = this.#requests.at(-1);
        if (request === undefined || request.to < time) return;
        request.to = time;
        request.opened = event === 'WS_OPEN';
        return;
      }
      case 'WS_SEND':
        // The next turn of a session that is still open begins with its `start`.
        if (session !== null && this.#turn?.session === null) this.#join(this.#turn, session);
        return;
      case 'WS_RECV':
        if (fields.event !== 'connected') return;
        break;
      default:
    }
    if (session !== null) this.#onSession(session, time);
  }

  #onPress(time: number): void {
    // Pressed again before anything came of it: the window goes on with the same connection.
    if (!this.#turnOver && this.#turn?.session === null) return this.#mark(time, 'live');
    const idle = this.#turnOver;
    this.#turn = this.#begin(time, null);
    if (idle || this.#link === null) this.#link = this.#turn;
    this.#turnOver = false;
  }

  #onView(view: string, time: number): void {
    if (view !== 'idle' && view !== 'error') return this.#mark(time, 'live');
    this.#turnOver = true;
    this.#mark(time, view === 'error' ? 'failed' : 'ended');
  }

  #onConnecting(resumed: string | null, time: number): void {
    if (resumed === null) {
      // A session that could not be continued is replaced by a new one.
      if (this.#turn === null || this.#turn.session !== null) this.#link = this.#begin(time, null);
      else this.#link = this.#turn;
    } else if (this.#link?.session !== resumed) {
      this.#link = this.#bySession.get(resumed) ?? this.#begin(time, resumed);
    }
  }

  #onSession(session: string, time: number): void {
    if (this.#link === null || (this.#link.session !== null && this.#link.session !== session))
      this.#link = this.#bySession.get(session) ?? this.#begin(time, session);
    this.#join(this.#link, session);
    // What follows is about the new session, unless a later press waits for one of its own.
    if (this.#turn === null || this.#turn.session !== null) this.#turn = this.#link;
  }

  #join(attempt: Attempt, session: string): void {
    if (attempt.session === session) return;
    attempt.session = session;
    this.#remember(attempt, session);
    this.#version++;
  }

  #remember(attempt: Attempt, session: string): void {
    const known = this.#bySession.get(session);
    if (known === undefined || known.startedAt <= attempt.startedAt) this.#bySession.set(session, attempt);
  }

  #begin(time: number, session: string | null): Attempt {
    const attempt: Attempt = { window: this.#window, startedAt: time, session, last: { time, state: 'live' } };
    this.#attempts.push(attempt);
    if (session !== null) this.#remember(attempt, session);
    return attempt;
  }

  #mark(time: number, state: AttemptState): void {
    if (this.#turn !== null) this.#turn.last = { time, state };
    // A session whose turn is over, with another turn behind it, is over as well.
    if (state !== 'live' && this.#link !== null && this.#link !== this.#turn) this.#link.last = { time, state };
  }
}

function isDeciding(record: LogRecord): boolean {
  if (!DECIDING.has(record.event)) return false;
  if (record.event === 'WS_RECV') return record.fields.event === 'connected';
  return record.event !== 'WS_SEND' || record.fields.event === 'start';
}

function isStart({ event, fields }: LogRecord): boolean {
  return event === 'PRESS' && fields.doing !== 'stop';
}

/** The session that a connection's address asks for. */
function resumedSession(url: string): string | null {
  return /[?&]session_id=([A-Za-z0-9_-]{1,64})(?:&|$)/.exec(url)?.[1] ?? null;
}

function compare(a: LogRecord | undefined, b: LogRecord): number {
  return a === undefined ? -1 : a.time - b.time || identity(a).localeCompare(identity(b));
}

/** Equal for an event that the host has not recorded yet and its record. */
function identity({ event, fields }: LogRecord): string {
  return `${event} ${JSON.stringify(fields)}`;
}

function withoutDuplicates(sorted: readonly LogRecord[]): LogRecord[] {
  return sorted.filter((record, i) => i === 0 || compare(sorted[i - 1], record) !== 0);
}
