import type { LogEventName, LogLevel } from '../../shared/log-catalogue.ts';
import type { LogRecord, LogSide } from '../../shared/log-event.ts';
import type { Clock } from './session-steps.ts';

/** What the user had at a time. */
export type PhaseKind = 'connecting' | 'listening' | 'paused' | 'reconnecting' | 'stopping';

export interface SessionPhase {
  phase: PhaseKind;
  from: number;
  to: number;
}

/** Audio of about one second, as the server received it. */
export interface SessionAudio {
  from: number;
  to: number;
  /** Length of the sound that arrived, in seconds. Larger than the time after an outage. */
  received_s: number;
  /** Frames of 20 ms that did not arrive. */
  missing: number;
}

/** What a mark says. */
type MarkKind =
  | 'welcome_repeated'
  | 'refused'
  | 'lost'
  | 'retry'
  | 'resumed'
  | 'taken_over'
  | 'expired'
  | 'gap'
  | 'audio_kept'
  | 'problem'
  | 'warning'
  | 'microphone'
  | 'paused'
  | 'continued'
  | 'stopped'
  | 'saved'
  | 'server_stopped'
  | 'server_started'
  | 'slept';

/** An event that is more than a step of a connection. */
export interface SessionMark {
  mark: MarkKind;
  at: number;
  side: LogSide;
  level: LogLevel;
  event: LogEventName;
  fields: LogRecord['fields'];
}

const VIEWS: ReadonlySet<string> = new Set<PhaseKind>([
  'connecting',
  'listening',
  'paused',
  'reconnecting',
  'stopping',
]);

/**
 * What the window showed over time. Of a client whose events are not in the log, such as another program: what the
 * server knew.
 * @param records of one session, in order of time
 * @param end of the timeline
 */
export function sessionPhases(records: readonly LogRecord[], clock: Clock, end: number): SessionPhase[] {
  const isOwn = records.some(({ side, event }) => side === 'client' && event === 'VOICE_CHANGED');
  const phases: SessionPhase[] = [];
  let open: SessionPhase | null = null;
  const change = (phase: PhaseKind | null, at: number): void => {
    if (open !== null) {
      open.to = at;
      if (open.phase === phase) return;
      open = null;
    }
    if (phase === null) return;
    open = { phase, from: at, to: end };
    phases.push(open);
  };
  for (const record of records) {
    const next = isOwn ? viewAfter(record) : serverPhaseAfter(record);
    if (next !== undefined) change(next, clock(record));
  }
  return phases.filter(({ from, to }) => to > from);
}

/** @returns null: none; undefined: no change */
function viewAfter({ side, event, fields }: LogRecord): PhaseKind | null | undefined {
  if (side !== 'client' || event !== 'VOICE_CHANGED') return undefined;
  const state = String(fields.state);
  return VIEWS.has(state) ? (state as PhaseKind) : null;
}

function serverPhaseAfter({ side, event, fields }: LogRecord): PhaseKind | null | undefined {
  if (side !== 'server') return undefined;
  switch (event) {
    case 'WS_CONNECT':
      return fields.resumed === true ? undefined : 'connecting';
    case 'VOICE_STATE':
      return fields.state === 'listening' ? 'listening' : null;
    case 'SESSION_LOST':
      return 'reconnecting';
    case 'SESSION_RESUMED':
      return 'listening';
    case 'TURN_PAUSED':
      return 'paused';
    case 'TURN_CONTINUED':
      return 'listening';
    case 'SESSION_EXPIRED':
    case 'WS_NEVER_READY':
      return null;
    default:
      return undefined;
  }
}

/** The sound that the server received, second by second. @param records of one session, in order of time */
export function sessionAudio(records: readonly LogRecord[], clock: Clock): SessionAudio[] {
  const audio: SessionAudio[] = [];
  for (const record of records) {
    const { side, event, fields } = record;
    if (side !== 'server' || event !== 'AUDIO') continue;
    const to = clock(record);
    const received_s = numberIn(fields.seconds);
    const from = Math.max(to - Math.min(received_s, 1) * 1000, audio.at(-1)?.to ?? 0, 0);
    audio.push({ from: Math.min(from, to), to, received_s, missing: numberIn(fields.missing) });
  }
  return audio;
}

/** Both sides report some events. One of them tells the user more. */
const MARKS: Partial<Record<LogEventName, { mark: MarkKind; side?: LogSide }>> = {
  WELCOME_RETRY: { mark: 'welcome_repeated' },
  WS_REFUSED: { mark: 'refused' },
  SESSION_LOST: { mark: 'lost' },
  RECONNECTING: { mark: 'retry' },
  BREAKER_OPEN: { mark: 'retry' },
  SESSION_RESUMED: { mark: 'resumed' },
  SESSION_TAKEN_OVER: { mark: 'taken_over' },
  SESSION_EXPIRED: { mark: 'expired' },
  WS_FROZEN: { mark: 'warning' },
  AUDIO_GAP: { mark: 'gap' },
  AUDIO_LOST: { mark: 'gap' },
  CAPTURE_GAP: { mark: 'gap' },
  AUDIO_UNDELIVERED: { mark: 'audio_kept' },
  ERROR: { mark: 'problem' },
  MIC_FAILED: { mark: 'problem' },
  WARNING: { mark: 'warning' },
  RECORDING_DELAYED: { mark: 'warning' },
  MIC_CHANGED: { mark: 'microphone' },
  MIC_STATE: { mark: 'microphone', side: 'client' },
  TURN_PAUSED: { mark: 'paused' },
  TURN_CONTINUED: { mark: 'continued' },
  TURN_LIMIT: { mark: 'stopped' },
  RECORDING_SAVED: { mark: 'saved' },
  SERVER_STOPPED: { mark: 'server_stopped' },
  SERVER_FAILED: { mark: 'server_stopped' },
  SERVER_STARTED: { mark: 'server_started' },
  SERVER_RESTARTED: { mark: 'server_started' },
  WOKE: { mark: 'slept' },
};

/** The marks of a session. @param records of one session, in order of time */
export function sessionMarks(records: readonly LogRecord[], clock: Clock): SessionMark[] {
  const marks: SessionMark[] = [];
  for (const record of records) {
    const { side, level, event, fields } = record;
    const mark = markOf(record);
    if (mark !== null) marks.push({ mark, at: clock(record), side, level, event, fields });
  }
  return marks;
}

function markOf({ side, level, event, fields }: LogRecord): MarkKind | null {
  if (event === 'PRESS') return fields.doing === 'stop' ? 'stopped' : null;
  // The browser's own words about a problem that has a line of its own.
  if (level === 'debug') return null;
  // A microphone that works is no news.
  if (event === 'MIC_STATE' && fields.status === 'ok') return null;
  const found = Object.hasOwn(MARKS, event) ? MARKS[event] : undefined;
  return found === undefined || (found.side !== undefined && found.side !== side) ? null : found.mark;
}

function numberIn(value: LogRecord['fields'][string] | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(value, 0) : 0;
}
