import type { LogRecord } from '../../shared/log-event.ts';
import { CLOSE } from '../../shared/protocol.ts';

/** Converts a record's time to ms since the start of the timeline. */
export type Clock = (record: Pick<LogRecord, 'time'>) => number;

/** The steps from a press to listening. Some are missing in a connection that fails, or that resumes a session. */
type StepName =
  | 'pressed'
  | 'microphone'
  | 'connecting'
  | 'refused'
  | 'accepted'
  | 'welcome_sent'
  | 'socket_open'
  | 'welcome_received'
  | 'ready_sent'
  | 'ready_received'
  | 'start_sent'
  | 'recording'
  | 'listening'
  | 'closed'
  | 'given_up';

export interface SessionStep {
  step: StepName;
  side: 'client' | 'server';
  /** When. */
  at: number;
  /** When the step began that this one waited for: the bar begins there. */
  from: number;
  /** `at - from`. */
  ms: number;
  /** Number of the welcome, from 1 to 3. */
  attempt?: number;
  /** Of a close: its code. Of a refusal: its HTTP status, and why. */
  code?: number;
  why?: string;
}

/** One attempt to connect, from the press or the retry to the end of the connection. */
export interface SessionConnection {
  /** From 1. */
  number: number;
  /** Whether it resumed the session of an earlier connection, or asked for that. */
  resume: boolean;
  /** In order of time. */
  steps: SessionStep[];
  /** First step. */
  from: number;
  /** When the window was connected; null: never. */
  connected_at: number | null;
  /** When it ended; null: it is open, or its end is not in the log. */
  ended_at: number | null;
  /** `open`, `closed` (as intended), `lost` (after it was connected), `refused`, or `failed` (never connected). */
  result: 'open' | 'closed' | 'lost' | 'refused' | 'failed';
}

/** What each step waits for, the most likely first. The bar of a step begins at the latest of these that precedes it. */
const WAITS_FOR: Record<StepName, readonly StepName[]> = {
  pressed: [],
  microphone: ['pressed'],
  connecting: ['pressed'],
  refused: ['connecting'],
  accepted: ['connecting'],
  welcome_sent: ['accepted', 'welcome_sent'],
  socket_open: ['connecting'],
  welcome_received: ['welcome_sent', 'socket_open'],
  ready_sent: ['welcome_received'],
  ready_received: ['ready_sent'],
  start_sent: ['ready_sent', 'microphone'],
  recording: ['start_sent'],
  listening: ['recording', 'ready_sent', 'microphone'],
  closed: ['connecting', 'refused', 'welcome_sent', 'welcome_received', 'socket_open'],
  given_up: ['connecting', 'welcome_sent', 'socket_open'],
};

/** The steps with which a connection begins. A second one begins the next connection. */
const FIRST_STEPS: ReadonlySet<StepName> = new Set<StepName>(['pressed', 'connecting', 'accepted', 'refused']);

/** The steps that the server logs. */
const OF_SERVER: ReadonlySet<StepName> = new Set<StepName>([
  'accepted',
  'refused',
  'welcome_sent',
  'ready_received',
  'recording',
]);

/** The step that a record stands for; null: none. */
function stepOf({ side, event, fields }: LogRecord): StepName | null {
  if (side === 'client') {
    if (event === 'PRESS') return fields.doing === 'stop' ? null : 'pressed';
    if (event === 'MIC_OPENED') return 'microphone';
    if (event === 'WS_CONNECTING') return 'connecting';
    if (event === 'WS_OPEN') return 'socket_open';
    if (event === 'WS_RECV') return fields.event === 'connected' ? 'welcome_received' : null;
    if (event === 'WS_SEND')
      return fields.event === 'ready' ? 'ready_sent' : fields.event === 'start' ? 'start_sent' : null;
    if (event === 'VOICE_CHANGED') return fields.state === 'listening' ? 'listening' : null;
    return null;
  }
  if (side !== 'server') return null;
  if (event === 'WS_CONNECT') return 'accepted';
  if (event === 'WS_REFUSED') return 'refused';
  if (event === 'WS_SEND') return fields.event === 'connected' ? 'welcome_sent' : null;
  if (event === 'WS_READY') return 'ready_received';
  if (event === 'VOICE_STATE') return fields.state === 'listening' ? 'recording' : null;
  return null;
}

/** The connections of a session, oldest first. @param records of one session, in order of time */
export function sessionConnections(records: readonly LogRecord[], clock: Clock): SessionConnection[] {
  const connections: SessionConnection[] = [];
  for (const record of records) {
    const at = clock(record);
    let connection = connections.at(-1);
    if (connection !== undefined) end(connection, record, at);
    const step = stepOf(record);
    if (step === null) continue;
    if (connection === undefined || beginsNext(connection, step)) {
      // What follows the end of a connection belongs to the next one, which begins with a request.
      if (connection !== undefined && !FIRST_STEPS.has(step)) continue;
      // Another turn on the same connection.
      if (connection?.ended_at === null && step === 'pressed') continue;
      connection = {
        number: connections.length + 1,
        resume: false,
        steps: [],
        from: at,
        connected_at: null,
        ended_at: null,
        result: 'open',
      };
      connections.push(connection);
    }
    if (isResume(record)) connection.resume = true;
    addStep(connection, step, record, at);
    if (step === 'welcome_received') connection.connected_at ??= at;
    if (step === 'refused') connection.result = 'refused';
  }
  return connections;
}

function isResume({ event, fields }: LogRecord): boolean {
  if (event === 'WS_CONNECTING') return /[?&]session_id=/.test(String(fields.url));
  return event === 'WS_CONNECT' && fields.resumed === true;
}

/** Whether a step is the first of a connection after `connection`. */
function beginsNext({ steps, ended_at }: SessionConnection, step: StepName): boolean {
  if (!FIRST_STEPS.has(step)) return ended_at !== null && step !== 'microphone';
  const has = (name: StepName) => steps.some((known) => known.step === name);
  if (ended_at !== null) return true;
  if (step === 'pressed') return has('connecting') || has('accepted');
  // The server's step follows the client's.
  return has(step) || (step === 'connecting' && (has('accepted') || has('refused')));
}

function addStep(connection: SessionConnection, step: StepName, { fields }: LogRecord, at: number): void {
  const { steps } = connection;
  const attempt = step === 'welcome_sent' || step === 'welcome_received' ? numberIn(fields.attempt) : undefined;
  if (steps.some((known) => known.step === step && known.attempt === attempt)) return;
  const waited = steps.filter((known) => WAITS_FOR[step].includes(known.step)).at(-1) ?? steps.at(-1);
  const from = Math.min(waited?.at ?? at, at);
  steps.push({
    step,
    side: OF_SERVER.has(step) ? 'server' : 'client',
    at,
    from,
    ms: Math.round((at - from) * 1000) / 1000,
    ...(attempt === undefined ? {} : { attempt }),
    ...(step === 'refused' ? refusal(fields) : {}),
    ...(step === 'closed' ? { code: numberIn(fields.code) ?? CLOSE.lost } : {}),
  });
}

function refusal({ status, why }: LogRecord['fields']): Pick<SessionStep, 'code' | 'why'> {
  const code = numberIn(status);
  return { ...(code === undefined ? {} : { code }), ...(why === undefined ? {} : { why: String(why) }) };
}

/** Ends a connection, if a record of the window says so. */
function end(connection: SessionConnection, record: LogRecord, at: number): void {
  const { side, event, fields } = record;
  if (connection.ended_at !== null) return;
  // The server's own view ends a connection of which the window's events are missing.
  const own = side === 'client' || !connection.steps.some((step) => step.side === 'client');
  const closed = event === 'WS_DISCONNECT' && own;
  // The window gives up a connection that stays silent, without a close.
  const givenUp = side === 'client' && (event === 'RECONNECTING' || event === 'BREAKER_OPEN' || event === 'WS_FROZEN');
  if (!closed && !givenUp) return;
  if (!connection.steps.some(({ step }) => step === 'connecting' || step === 'accepted' || step === 'refused')) return;
  connection.ended_at = at;
  const connected = connection.connected_at !== null || connection.steps.some(({ step }) => step === 'ready_received');
  if (connection.result !== 'refused')
    connection.result = closed && connected && fields.code === CLOSE.done ? 'closed' : connected ? 'lost' : 'failed';
  // The end of a connection that succeeded, or that was refused, is no step of the handshake.
  if (!connected && connection.result !== 'refused') addStep(connection, closed ? 'closed' : 'given_up', record, at);
}

function numberIn(value: LogRecord['fields'][string] | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
