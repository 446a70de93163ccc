import type { LogRecord } from '../../shared/log-event.ts';
import {
  type SessionAudio,
  type SessionMark,
  type SessionPhase,
  sessionAudio,
  sessionMarks,
  sessionPhases,
} from './session-life.ts';
import { type Clock, type SessionConnection, sessionConnections } from './session-steps.ts';
import { type SessionSummaryFigures, summarise } from './session-summary.ts';

/**
 * What happened in one session, or in one press that never became a session. All times are in ms since `started_at`,
 * with three decimals. The window saves it as JSON; docs/log.md describes the format.
 */
export interface SessionTimeline {
  format: 'earshot-session';
  version: 1;
  /** The session's id; null for a press without a session, and for a refused connection. */
  session: string | null;
  /** ISO 8601, UTC. */
  started_at: string;
  duration_ms: number;
  summary: SessionSummaryFigures;
  connections: SessionConnection[];
  phases: SessionPhase[];
  audio: SessionAudio[];
  marks: SessionMark[];
}

/** The last time that a date can hold, in ms since the epoch (ECMA-262, time values). */
const MAX_DATE_MS = 8.64e15;

/**
 * The timeline of a session. Never throws: any event may be missing, repeated or out of order.
 * @param records the records of one key of the session index, and those of the servers in between, in any order
 * @returns null if there are no records
 */
export function sessionTimeline(records: readonly LogRecord[]): SessionTimeline | null {
  const sorted = [...records].sort((a, b) => a.time - b.time || a.seq - b.seq);
  const first = sorted.find((record) => !isOfServer(record));
  if (first === undefined) return null;
  const last = sorted.findLast((record) => !isOfServer(record)) ?? first;
  const start = first.time;
  const within = sorted.filter(({ time }) => time >= start && time <= last.time);
  const clock: Clock = ({ time }) => round(time - start);
  const connections = sessionConnections(within, clock);
  const end = clock(last);
  const phases = sessionPhases(within, clock, end);
  const marks = sessionMarks(within, clock);
  return {
    format: 'earshot-session',
    version: 1,
    session: sessionId(within),
    started_at: new Date(Math.min(Math.max(start, -MAX_DATE_MS), MAX_DATE_MS)).toISOString(),
    duration_ms: end,
    summary: summarise(within, connections, phases, clock),
    connections,
    phases,
    audio: sessionAudio(within, clock),
    marks,
  };
}

/** Whether a record is about the voice server itself, and so about each session at that time. */
export function isOfServer({ event }: Pick<LogRecord, 'event'>): boolean {
  return event.startsWith('SERVER_');
}

function sessionId(records: readonly LogRecord[]): string | null {
  for (const { fields } of records)
    if (typeof fields.session === 'string' && fields.session !== '') return fields.session;
  return null;
}

/** To a thousandth of a ms. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
