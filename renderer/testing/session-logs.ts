import { CATALOGUE, type LogEventName, type LogFields } from '../../shared/log-catalogue.ts';
import type { LogRecord, LogSide } from '../../shared/log-event.ts';

/** An event: ms since the start, side, name, fields. */
export type Line = readonly [number, LogSide, LogEventName, LogFields?];

/** When the logs begin, in ms since the epoch. */
export const LOG_START = Date.UTC(2026, 10, 28, 9);
/** The page of the logs, unless another is given. */
export const WINDOW = 'abcdefgh';
/** The session of the logs. */
export const SESSION = 'mneoYdYq6wqKFUqR';

/** Records of these events, numbered in their order. */
export function recordsOf(lines: readonly Line[], { from = LOG_START, window = WINDOW, seq = 1 } = {}): LogRecord[] {
  return lines.map(([ms, side, event, fields = {}], i) => ({
    seq: seq + i,
    time: from + ms,
    side,
    level: CATALOGUE[event].level,
    event,
    fields,
    ...(side === 'client' ? { window } : {}),
  }));
}

const session = SESSION;
const url = 'ws://127.0.0.1:46847/ws/voice?user_id=me';

/** From the press to listening, in 36 ms. */
const CONNECT: readonly Line[] = [
  [0, 'client', 'PRESS', { doing: 'start' }],
  [1, 'client', 'VOICE_CHANGED', { state: 'connecting' }],
  [2, 'client', 'WS_CONNECTING', { url }],
  [8, 'server', 'WS_CONNECT', { session, user: 'me' }],
  [8.5, 'server', 'WS_SEND', { session, event: 'connected', attempt: 1 }],
  [10, 'client', 'WS_OPEN'],
  [12, 'client', 'WS_RECV', { event: 'connected', session, attempt: 1 }],
  [12.5, 'client', 'WS_SEND', { event: 'ready', session }],
  [12.7, 'client', 'WS_CONNECTED', { session }],
  [13.5, 'server', 'WS_RECV', { session, event: 'ready' }],
  [14, 'server', 'WS_READY', { session, attempts: 1 }],
  [30, 'client', 'MIC_OPENED', { label: 'Built-in Audio', rate: 48_000 }],
  [31, 'client', 'WS_SEND', { event: 'start', session }],
  [33, 'server', 'WS_RECV', { session, event: 'start' }],
  [34, 'server', 'VOICE_STATE', { session, state: 'listening', turn: 1 }],
  [36, 'client', 'WS_RECV', { event: 'voice_state', session, state: 'listening' }],
  [36.5, 'client', 'VOICE_CHANGED', { state: 'listening' }],
];

const stopAt = (ms: number): Line[] => [
  [ms, 'client', 'PRESS', { doing: 'stop' }],
  [ms + 0.5, 'client', 'VOICE_CHANGED', { state: 'stopping' }],
  [ms + 2, 'client', 'MIC_CLOSED'],
  [ms + 3, 'client', 'WS_SEND', { event: 'stop', session }],
  [ms + 4, 'server', 'VOICE_STATE', { session, state: 'idle', turn: 1 }],
  [ms + 8, 'client', 'WS_DISCONNECT', { code: 1000 }],
  [ms + 9, 'client', 'VOICE_CHANGED', { state: 'idle' }],
  [ms + 10, 'server', 'WS_DISCONNECT', { session, code: 1000 }],
  [ms + 12, 'server', 'RECORDING_SAVED', { session, turn: 1, seconds: 2 }],
];

const second = (ms: number, frames = 50): Line => [
  ms,
  'server',
  'AUDIO',
  { session, frames, seconds: frames / 50, peak_dbfs: -12 },
];

/** A turn of two seconds without a fault. */
export const CLEAN: readonly Line[] = [...CONNECT, second(1_036), second(2_036), ...stopAt(2_040)];

/** The window did not get the first two welcomes. */
export const THIRD_WELCOME: readonly Line[] = [
  [0, 'client', 'PRESS', { doing: 'start' }],
  [1, 'client', 'VOICE_CHANGED', { state: 'connecting' }],
  [2, 'client', 'WS_CONNECTING', { url }],
  [3, 'client', 'MIC_OPENED', { label: 'Built-in Audio', rate: 48_000 }],
  [8, 'server', 'WS_CONNECT', { session, user: 'me' }],
  [8.5, 'server', 'WS_SEND', { session, event: 'connected', attempt: 1 }],
  [10, 'client', 'WS_OPEN'],
  [259, 'server', 'WELCOME_RETRY', { session, attempt: 1, why: 'no_ready' }],
  [309, 'server', 'WS_SEND', { session, event: 'connected', attempt: 2 }],
  [560, 'server', 'WELCOME_RETRY', { session, attempt: 2, why: 'no_ready' }],
  [660, 'server', 'WS_SEND', { session, event: 'connected', attempt: 3 }],
  [662, 'client', 'WS_RECV', { event: 'connected', session, attempt: 3 }],
  [662.5, 'client', 'WS_SEND', { event: 'ready', session }],
  [662.6, 'client', 'WS_SEND', { event: 'start', session }],
  [662.7, 'client', 'WS_CONNECTED', { session }],
  [664, 'server', 'WS_READY', { session, attempts: 3 }],
  [665, 'server', 'VOICE_STATE', { session, state: 'listening', turn: 1 }],
  [666, 'client', 'VOICE_CHANGED', { state: 'listening' }],
  ...stopAt(2_700),
];

/** The voice server restarts while the window listens, and the session is resumed. */
export const RESTART: readonly Line[] = [
  ...CONNECT,
  second(1_036),
  [1_500, 'server', 'WS_DISCONNECT', { session, code: 1001, reason: 'server going away' }],
  [1_500.2, 'server', 'SESSION_LOST', { session, state: 'listening', through: 72 }],
  [1_500.4, 'server', 'SERVER_STOPPED', { sessions: 1 }],
  [1_501, 'server', 'SERVER_STARTED', { host: '127.0.0.1', port: 36_575 }],
  [1_514, 'client', 'WS_DISCONNECT', { code: 1001, reason: 'server going away' }],
  [1_515, 'client', 'RECONNECTING', { ms: 0, failures: 1 }],
  [1_515.2, 'client', 'VOICE_CHANGED', { state: 'reconnecting' }],
  [1_520, 'client', 'WS_CONNECTING', { url: `${url}&session_id=${session}` }],
  [1_524, 'server', 'WS_CONNECT', { session, user: 'me', resumed: true }],
  [1_524.2, 'server', 'WS_SEND', { session, event: 'connected', attempt: 1 }],
  [1_525, 'client', 'WS_OPEN'],
  [1_526, 'client', 'WS_RECV', { event: 'connected', session, attempt: 1, resumed: true, received_through: 72 }],
  [1_526.2, 'client', 'WS_SEND', { event: 'ready', session }],
  [1_526.4, 'client', 'WS_RESUMED', { session, held_through: 72 }],
  [1_526.6, 'client', 'VOICE_CHANGED', { state: 'listening' }],
  [1_528, 'server', 'WS_READY', { session, attempts: 1 }],
  [1_528.5, 'server', 'SESSION_RESUMED', { session, ms: 28, through: 72 }],
  second(2_036),
  ...stopAt(2_040),
];

/** The server refuses the window because of its origin; the user gives up. */
export const REFUSED: readonly Line[] = [
  [0, 'client', 'PRESS', { doing: 'start' }],
  [1, 'client', 'VOICE_CHANGED', { state: 'connecting' }],
  [2, 'client', 'WS_CONNECTING', { url }],
  [5, 'server', 'WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }],
  [6, 'client', 'WS_ERROR'],
  [7, 'client', 'WS_DISCONNECT', { code: 1006 }],
  [8, 'client', 'RECONNECTING', { ms: 200, failures: 1 }],
  [30, 'client', 'MIC_OPENED', { label: 'Built-in Audio', rate: 48_000 }],
  [208, 'client', 'WS_CONNECTING', { url }],
  [211, 'server', 'WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }],
  [212, 'client', 'WS_DISCONNECT', { code: 1006 }],
  [213, 'client', 'RECONNECTING', { ms: 400, failures: 2 }],
  [400, 'client', 'PRESS', { doing: 'stop' }],
  [401, 'client', 'VOICE_CHANGED', { state: 'stopping' }],
  [402, 'client', 'MIC_CLOSED'],
  [403, 'client', 'VOICE_CHANGED', { state: 'idle' }],
];
