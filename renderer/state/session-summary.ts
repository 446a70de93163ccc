import type { LogRecord } from '../../shared/log-event.ts';
import { CLOSE } from '../../shared/protocol.ts';
import type { SessionPhase } from './session-life.ts';
import type { Clock, SessionConnection } from './session-steps.ts';

/**
 * How a session ended. `live`: it goes on. `user`: the mic was pressed. `limit`: the turn was as long as the settings
 * allow. `window_closed`: its page went away. `refused`: the server let it in at no attempt. `not_connected`: no
 * attempt succeeded. `expired`: it was not resumed in time. `taken_over`: a newer connection has it. `problem`: see
 * `problem`. `closed`: the connection was closed, with `code`.
 */
type SessionEnding =
  | 'live'
  | 'user'
  | 'limit'
  | 'window_closed'
  | 'refused'
  | 'not_connected'
  | 'expired'
  | 'taken_over'
  | 'problem'
  | 'closed';

export interface SessionSummaryFigures {
  /** From the press (or the request, if there is no press) to the welcome's arrival, in ms; null: never connected. */
  connected_ms: number | null;
  /** How often the first welcome had to be sent until it was answered; null: it was not sent. */
  welcomes: number | null;
  /** Attempts to connect that did not succeed. */
  failed_attempts: number;
  /** Time of listening, in ms, without outages. */
  listened_ms: number;
  /** How often a connection was lost, and how often the session was resumed. */
  lost: number;
  resumed: number;
  /** Time without a connection after the first one, in ms. */
  lost_ms: number;
  /** Sound that is missing in the recording, in seconds. */
  missing_s: number;
  ending: SessionEnding;
  /** The code of the problem that ended it; null: none. */
  problem: string | null;
  /** Why the server refused the last attempt that it refused; null: it refused none. */
  refusal: string | null;
  /** The close code with which the last connection ended; null: open, or not in the log. */
  code: number | null;
}

/** The figures of a timeline. @param records of one session, in order of time */
export function summarise(
  records: readonly LogRecord[],
  connections: readonly SessionConnection[],
  phases: readonly SessionPhase[],
  clock: Clock,
): SessionSummaryFigures {
  const first = connections.find(({ connected_at }) => connected_at !== null);
  const begun = connections[0]?.from ?? 0;
  const welcomes = first?.steps.filter(({ step }) => step === 'welcome_sent').length ?? 0;
  const problem = lastOf(
    records,
    ({ side, event }) => side === 'client' && (event === 'ERROR' || event === 'MIC_FAILED'),
  );
  const code = lastOf(records, ({ event }) => event === 'WS_DISCONNECT')?.fields.code;
  const refused = lastOf(records, ({ event }) => event === 'WS_REFUSED');
  const ending = endingOf(records, connections);
  return {
    connected_ms: first?.connected_at == null ? null : rounded(first.connected_at - begun),
    welcomes: welcomes === 0 ? null : welcomes,
    failed_attempts: connections.filter(({ result }) => result === 'failed' || result === 'refused').length,
    listened_ms: total(phases, 'listening'),
    lost: connections.filter(({ result }) => result === 'lost').length,
    resumed: records.filter(({ event }) => event === 'SESSION_RESUMED').length || count(records, 'WS_RESUMED'),
    lost_ms: lostTime(connections, clock(records.at(-1) ?? { time: 0 })),
    missing_s: missingSeconds(records),
    ending,
    problem: ending === 'problem' ? String(problem?.fields.type ?? '') : null,
    refusal: refused === undefined ? null : String(refused.fields.why ?? ''),
    code: typeof code === 'number' ? code : null,
  };
}

function endingOf(records: readonly LogRecord[], connections: readonly SessionConnection[]): SessionEnding {
  const anyConnected = connections.some(
    ({ connected_at, steps }) => connected_at !== null || steps.some(({ step }) => step === 'ready_received'),
  );
  const last = lastOf(records, isState);
  if (last?.event === 'VOICE_CHANGED' && last.fields.state === 'error') return 'problem';
  if (!anyConnected && connections.some(({ result }) => result === 'refused')) return 'refused';
  if (last === undefined) {
    // A session of another program has no events of a window.
    const closed = lastOf(
      records,
      ({ side, event }) => side === 'server' && (event === 'WS_DISCONNECT' || event === 'SESSION_LOST'),
    );
    if (closed?.event !== 'WS_DISCONNECT' || closed.fields.code === CLOSE.takenOver) return 'live';
    const { code } = closed.fields;
    if (!anyConnected) return 'not_connected';
    return code === CLOSE.goingAway ? 'window_closed' : 'closed';
  }
  if (last.event === 'VOICE_CHANGED' && last.fields.state !== 'idle') return 'live';
  if (last.event === 'SESSION_EXPIRED') return last.fields.why === 'its page is gone' ? 'window_closed' : 'expired';
  if (!anyConnected) return 'not_connected';
  if (lastOf(records, ({ event }) => event === 'TURN_LIMIT') !== undefined) return 'limit';
  return lastOf(records, ({ event }) => event === 'SESSION_TAKEN_OVER') !== undefined && !hasStop(records)
    ? 'taken_over'
    : 'user';
}

/** Whether a record says if the turn goes on: what the window shows, or the end of its session. */
function isState({ side, event }: LogRecord): boolean {
  return event === 'SESSION_EXPIRED' || (side === 'client' && event === 'VOICE_CHANGED');
}

function hasStop(records: readonly LogRecord[]): boolean {
  return records.some(({ event, fields }) => event === 'PRESS' && fields.doing === 'stop');
}

/** Time between the end of a connection that was connected, and the next one. */
function lostTime(connections: readonly SessionConnection[], end: number): number {
  let ms = 0;
  let lostAt: number | null = null;
  for (const { connected_at, ended_at, result } of connections) {
    if (connected_at !== null && lostAt !== null) {
      ms += Math.max(connected_at - lostAt, 0);
      lostAt = null;
    }
    if (result === 'lost') lostAt ??= ended_at;
  }
  return rounded(lostAt === null ? ms : ms + Math.max(end - lostAt, 0));
}

/** Seconds of sound that the server filled with silence, or that the window reported as lost. */
function missingSeconds(records: readonly LogRecord[]): number {
  const seconds = (name: LogRecord['event']) =>
    records.reduce(
      (sum, { event, fields }) => sum + (event === name ? Math.max(Number(fields.seconds) || 0, 0) : 0),
      0,
    );
  return rounded(Math.max(seconds('AUDIO_GAP'), seconds('AUDIO_LOST') + seconds('CAPTURE_GAP')));
}

function total(phases: readonly SessionPhase[], phase: SessionPhase['phase']): number {
  return rounded(phases.reduce((ms, { phase: kind, from, to }) => (kind === phase ? ms + to - from : ms), 0));
}

function count(records: readonly LogRecord[], name: LogRecord['event']): number {
  return records.filter(({ event }) => event === name).length;
}

function lastOf(records: readonly LogRecord[], matches: (record: LogRecord) => boolean): LogRecord | undefined {
  return records.findLast(matches);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
