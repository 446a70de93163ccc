import type { LogRecord } from '../../shared/log-event.ts';
import { CLOSE } from '../../shared/protocol.ts';
import { type Attempt, type AttemptState, WindowAttempts } from './session-attempts.ts';

/** One entry of the list of sessions. */
export interface SessionSummary {
  /** Identifies it in filters: the session's id, `press-…` or `refused-…`. Has no spaces. */
  key: string;
  /** `session`: it has an id. `press`: the mic was pressed, and no session began. `refused`: a stranger's connection. */
  kind: 'session' | 'press' | 'refused';
  /** The first characters of the session's id; empty without one. */
  tag: string;
  /** First and last event, in ms since the epoch. */
  startedAt: number;
  lastAt: number;
  state: AttemptState;
}

/** Which session each record is about, and which sessions there are. */
export interface SessionIndex {
  /**
   * Adds records, in any order. Records that are known already change nothing.
   * @returns whether there are new sessions, or `keyOf` may now say something else of some records, or of these than
   * before they were added
   */
  add(records: readonly LogRecord[]): boolean;
  /** The key of the session or attempt that a record is about; undefined: of none. Fast: called for each record. */
  keyOf(record: LogRecord): string | undefined;
  /** All sessions and attempts, newest first. */
  sessions(): SessionSummary[];
  /** The key that a press has now: it changes when the press becomes a session. Other keys stay. */
  currentKey(key: string): string;
  /** The key of a page's last press; null: there was none. */
  latestOf(window: string): string | null;
  /** Forgets what ended before `time` (ms since the epoch): its records are not held any more. */
  forgetBefore(time: number): void;
  clear(): void;
}

/** Characters of a session's id that identify it among the others to a reader. */
const TAG_LENGTH = 4;

/** What the records that name a session say about it. */
interface Named {
  startedAt: number;
  lastAt: number;
  last: { time: number; state: AttemptState };
  /** When its connections opened and closed. One that was replaced may close after the next has opened. */
  open: Set<number>;
  closed: Set<number>;
}

/** Creates an empty index. The memory it needs grows with the number of sessions, not of records. */
export function createSessionIndex(): SessionIndex {
  const named = new Map<string, Named>();
  const windows = new Map<string, WindowAttempts>();
  /** Times of refused connections. */
  let refusals = new Set<number>();
  /** When a launch of the app began: what was live before is over. */
  let launchedAt = Number.NEGATIVE_INFINITY;
  /** What ended before this is forgotten. */
  let heldFrom = Number.NEGATIVE_INFINITY;

  function add(records: readonly LogRecord[]): boolean {
    let changed = false;
    const byWindow = new Map<string, LogRecord[]>();
    for (const record of records) {
      const session = sessionIn(record);
      if (session !== null) {
        changed ||= !named.has(session);
        addNamed(named, session, record);
      }
      if (record.event === 'APP_STARTED') launchedAt = Math.max(launchedAt, record.time);
      if (isRefusal(record)) {
        refusals.add(record.time);
        changed = true;
      }
      if (record.side !== 'client') continue;
      const window = record.window ?? '';
      const own = byWindow.get(window);
      if (own) own.push(record);
      else byWindow.set(window, [record]);
    }
    for (const [window, own] of byWindow) {
      let attempts = windows.get(window);
      if (attempts === undefined) {
        attempts = new WindowAttempts(window);
        windows.set(window, attempts);
      }
      if (attempts.add(own)) changed = true;
    }
    return changed;
  }

  /** The attempt that was refused at `time`, if exactly one window was refused then. */
  function refusedAttempt(time: number): Attempt | null {
    let found: Attempt | null = null;
    for (const window of windows.values()) {
      const attempt = window.failedRequestAt(time);
      if (attempt === undefined || attempt === null) continue;
      if (found !== null) return null;
      found = attempt;
    }
    return found;
  }

  function refusalKey(time: number): string {
    const attempt = refusedAttempt(time);
    return attempt === null ? `refused-${timeTag(time)}` : keyOfAttempt(attempt);
  }

  function keyOf(record: LogRecord): string | undefined {
    const session = sessionIn(record);
    if (session !== null) return session;
    if (isRefusal(record)) return refusalKey(record.time);
    if (record.side !== 'client') return undefined;
    const attempt = windows.get(record.window ?? '')?.attemptOf(record);
    return attempt ? keyOfAttempt(attempt) : undefined;
  }

  function sessions(): SessionSummary[] {
    const byKey = new Map<string, SessionSummary>();
    for (const [id, session] of named) {
      const stillOpen = session.open.size > session.closed.size;
      const { startedAt, lastAt, last } = session;
      const state = stillOpen ? 'live' : last.state;
      byKey.set(id, { key: id, kind: 'session', tag: id.slice(0, TAG_LENGTH), startedAt, lastAt, state });
    }
    for (const window of windows.values()) for (const attempt of window.attempts) addAttempt(byKey, named, attempt);
    for (const time of refusals) {
      const key = refusalKey(time);
      if (!byKey.has(key))
        byKey.set(key, { key, kind: 'refused', tag: '', startedAt: time, lastAt: time, state: 'failed' });
    }
    for (const session of byKey.values())
      if (session.state === 'live' && session.lastAt < launchedAt) session.state = 'ended';
    const held = [...byKey.values()].filter(({ lastAt }) => lastAt >= heldFrom);
    return held.sort((a, b) => b.startedAt - a.startedAt || (a.key < b.key ? 1 : -1));
  }

  return {
    add,
    keyOf,
    sessions,
    currentKey(key) {
      for (const window of windows.values()) {
        const attempt = window.attempts.find((one) => one.session !== null && pressKey(one) === key);
        if (attempt !== undefined) return keyOfAttempt(attempt);
      }
      return key;
    },
    latestOf(window) {
      const latest = windows.get(window)?.attempts.at(-1);
      return latest === undefined ? null : keyOfAttempt(latest);
    },
    forgetBefore(time) {
      heldFrom = time;
      for (const [id, { lastAt }] of named) if (lastAt < time) named.delete(id);
      for (const window of windows.values()) window.forgetBefore(time);
      refusals = new Set([...refusals].filter((at) => at >= time));
    },
    clear() {
      named.clear();
      windows.clear();
      refusals.clear();
      launchedAt = heldFrom = Number.NEGATIVE_INFINITY;
    },
  };
}

function sessionIn({ fields }: LogRecord): string | null {
  const { session } = fields;
  return typeof session === 'string' && session !== '' ? session : null;
}

/** Whether a voice connection was refused. `more` counts others that have no line of their own. */
function isRefusal({ event, fields }: LogRecord): boolean {
  return event === 'WS_REFUSED' && fields.on === 'voice' && fields.more === undefined;
}

function keyOfAttempt(attempt: Attempt): string {
  return attempt.session ?? pressKey(attempt);
}

/** The key of an attempt while it has no session. */
function pressKey({ window, startedAt }: Attempt): string {
  return `press-${window}${window === '' ? '' : '-'}${timeTag(startedAt)}`;
}

/** A time (ms since the epoch, with fractions) as a short word. */
function timeTag(time: number): string {
  return Math.round(time * 1000).toString(36);
}

function addNamed(named: Map<string, Named>, id: string, record: LogRecord): void {
  const { time, side, event } = record;
  let session = named.get(id);
  if (session === undefined) {
    session = {
      startedAt: time,
      lastAt: time,
      last: { time: Number.NEGATIVE_INFINITY, state: 'live' },
      open: new Set(),
      closed: new Set(),
    };
    named.set(id, session);
  }
  session.startedAt = Math.min(session.startedAt, time);
  session.lastAt = Math.max(session.lastAt, time);
  if (side !== 'server') return;
  if (event === 'WS_CONNECT') session.open.add(time);
  if (event === 'WS_DISCONNECT') session.closed.add(time);
  const state = stateAfter(record);
  if (state !== null && time >= session.last.time) session.last = { time, state };
}

/** How a session stands after an event of the server; null: the event says nothing about it. */
function stateAfter({ event, fields }: LogRecord): AttemptState | null {
  switch (event) {
    case 'WS_CONNECT':
    case 'WS_READY':
    case 'SESSION_LOST':
    case 'SESSION_RESUMED':
      return 'live';
    case 'WS_DISCONNECT':
      return fields.code === CLOSE.done || fields.code === CLOSE.goingAway ? 'ended' : 'failed';
    case 'SESSION_EXPIRED':
      return fields.why === 'its page is gone' ? 'ended' : 'failed';
    default:
      return null;
  }
}

/** Adds what a window knows about a session, or an attempt without one. */
function addAttempt(byKey: Map<string, SessionSummary>, named: ReadonlyMap<string, Named>, attempt: Attempt): void {
  const key = keyOfAttempt(attempt);
  const { startedAt, last } = attempt;
  const known = byKey.get(key);
  if (known === undefined) {
    const kind = attempt.session === null ? 'press' : 'session';
    const tag = attempt.session?.slice(0, TAG_LENGTH) ?? '';
    // Nothing came of a press that ended before a session began.
    const state = kind === 'press' && last.state === 'ended' ? 'failed' : last.state;
    byKey.set(key, { key, kind, tag, startedAt, lastAt: last.time, state });
    return;
  }
  known.startedAt = Math.min(known.startedAt, startedAt);
  known.lastAt = Math.max(known.lastAt, last.time);
  if (last.time >= (named.get(key)?.last.time ?? Number.NEGATIVE_INFINITY)) known.state = last.state;
}
