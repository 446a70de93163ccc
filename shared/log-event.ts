import { z } from 'zod';

export const LogSide = z.enum(['server', 'client', 'app']);
export type LogSide = z.infer<typeof LogSide>;
export const LogLevel = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof LogLevel>;

/** Longest text of one record, in characters; a longer one ends in an ellipsis. */
export const MAX_TEXT = 300;

type Fields = Record<string, string | number | boolean>;
interface EventKind {
  level: LogLevel;
  icon: string;
  /** The words of the line; without it the line is `EVENT | key=value | …`. */
  words?: (fields: Fields) => string;
}

/** Every event that may stand in the log. A name that is not here can't be logged. */
export const CATALOGUE = {
  // The app
  APP_STARTED: { level: 'info', icon: '🚀' },
  APP_STOPPING: { level: 'info', icon: '🛑' },
  SITE_DATA_CLEARED: {
    level: 'info',
    icon: '🧹',
    words: () => 'A browser was asked to remove what it had kept for the page’s address: workers, caches, storage',
  },
  SETTINGS_CHANGED: { level: 'info', icon: '⚙️' },
  WINDOW_OPENED: { level: 'info', icon: '🪟' },
  WINDOW_CLOSED: { level: 'info', icon: '🪟' },
  AUDIO_RESTARTED: {
    level: 'warn',
    icon: '🔁',
    words: () => 'The audio process is started anew, since it found no sound device',
  },
  LOG_DROPPED: { level: 'warn', icon: '⚠️' },
  LOG_RESUMED: { level: 'info', icon: '📝' },
  RECORDING_REPAIRED: { level: 'warn', icon: '🩹' },
  HEALTH_WARNING: {
    level: 'warn',
    icon: '🌡️',
    words: (f) => `${f.percent} % of the last ${f.connections} connections needed another try of their welcome`,
  },
  HEALTH_RECOVERED: {
    level: 'info',
    icon: '🌡️',
    words: (f) => `Connections are healthy again: ${f.percent} % of the last ${f.connections} needed another try`,
  },
  // Both sides of a connection
  WS_SEND: { level: 'info', icon: '📤' },
  WS_RECV: { level: 'info', icon: '📥' },
  WS_DISCONNECT: { level: 'info', icon: '👋' },
  AUDIO: { level: 'info', icon: '🎙️' },
  ERROR: { level: 'error', icon: '❌' },
  WARNING: { level: 'warn', icon: '⚠️' },
  // The voice server
  SERVER_STARTED: { level: 'info', icon: '🟢' },
  SERVER_STOPPED: { level: 'info', icon: '⚪' },
  SERVER_FAILED: { level: 'warn', icon: '💥', words: (f) => `The ${f.server} server can't be reached: ${f.why}` },
  SERVER_RESTARTING: {
    level: 'warn',
    icon: '🔁',
    words: (f) => `The ${f.server} server is started again in ${Math.round(Number(f.ms) / 1000)} s (try ${f.tries})`,
  },
  SERVER_RESTARTED: {
    level: 'info',
    icon: '🟢',
    words: (f) => `The ${f.server} server runs again on port ${f.port} (try ${f.tries})`,
  },
  SERVER_GIVEN_UP: {
    level: 'error',
    icon: '❌',
    words: (f) =>
      `The ${f.server} server could not be started again in ${f.tries} tries. If it stays so, restart Earshot`,
  },
  WS_CONNECT: { level: 'info', icon: '🔌' },
  WS_REFUSED: { level: 'warn', icon: '⛔' },
  WS_READY: { level: 'info', icon: '🤝' },
  WS_NEVER_READY: { level: 'info', icon: '🚪' },
  WELCOME_RETRY: { level: 'warn', icon: '🔁' },
  WELCOME_ABORTED: { level: 'info', icon: '↩️' },
  SETTLE_DELAY: { level: 'info', icon: '🐢', words: (f) => `Settle delay before the welcome: ${f.ms} ms` },
  SESSION_LOST: { level: 'warn', icon: '⏸️' },
  SESSION_RESUMED: { level: 'info', icon: '▶️' },
  SESSION_TAKEN_OVER: { level: 'info', icon: '🤲' },
  SESSION_EXPIRED: { level: 'warn', icon: '⌛' },
  VOICE_STATE: { level: 'info', icon: '🔄' },
  AUDIO_GAP: { level: 'warn', icon: '🕳️' },
  AUDIO_DUPLICATE: { level: 'warn', icon: '👯' },
  RECORDING_STARTED: { level: 'info', icon: '⏺️' },
  RECORDING_DELAYED: { level: 'warn', icon: '⏳' },
  RECORDING_WRITTEN: { level: 'info', icon: '💾' },
  RECORDING_SAVED: { level: 'info', icon: '💾' },
  RECORDING_DISCARDED: { level: 'info', icon: '🗑️' },
  // The client
  PRESS: { level: 'info', icon: '👆', words: (f) => `Mic button pressed (${f.doing})` },
  WS_CONNECTING: { level: 'info', icon: '📡', words: (f) => `Connecting to ${f.url}` },
  WS_OPEN: { level: 'info', icon: '🔗', words: () => 'WebSocket connection opened' },
  WS_ERROR: { level: 'warn', icon: '⚠️', words: () => 'WebSocket error' },
  WS_CONNECTED: { level: 'info', icon: '🎯' },
  VOICE_CHANGED: { level: 'info', icon: '🔄', words: (f) => `Voice state changed: ${f.state}` },
  RECONNECTING: {
    level: 'warn',
    icon: '⏳',
    words: (f) => `Reconnecting in ${f.ms} ms (failure ${f.failures} in a row)`,
  },
  WS_RESUMED: { level: 'info', icon: '🎯' },
  WS_FROZEN: { level: 'warn', icon: '🧊' },
  BREAKER_OPEN: {
    level: 'warn',
    icon: '🔌',
    words: (f) => `No connection after ${f.failures} tries: the next one in ${Math.round(Number(f.ms) / 1000)} s`,
  },
  AUDIO_LOST: { level: 'warn', icon: '🕳️', words: (f) => `${f.seconds} s of audio are not in the recording` },
  AUDIO_UNDELIVERED: {
    level: 'warn',
    icon: '📦',
    words: (f) => `${f.seconds} s of audio could not be delivered, and are kept in the window`,
  },
  WOKE: { level: 'info', icon: '⏰', words: () => 'The computer slept, or its clock was set forward' },
  MIC_OPENED: { level: 'info', icon: '🎤' },
  MIC_STATE: { level: 'info', icon: '🎤' },
  MIC_CHANGED: {
    level: 'warn',
    icon: '🎤',
    words: (f) =>
      `Listening with ${f.label || "the system's default microphone"}${f.instead_of ? ` instead of ${f.instead_of}` : ''} (${f.why})`,
  },
  CAPTURE_GAP: {
    level: 'warn',
    icon: '🕳️',
    words: (f) => `${f.seconds} s were not recorded: ${f.why ?? "Earshot or the system's audio was held up"}`,
  },
  MIC_CLOSED: { level: 'info', icon: '🎤' },
  MIC_FAILED: { level: 'error', icon: '🎤' },
} as const satisfies Record<string, EventKind>;

export type LogEventName = keyof typeof CATALOGUE;
const LogEventName = z.enum(Object.keys(CATALOGUE) as [LogEventName, ...LogEventName[]]);

const FieldName = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);
/** Far beyond every figure that is logged. */
const FieldNumber = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const FieldValue = z.union([z.string().max(4096), FieldNumber, z.boolean()]);

/** What a source hands to the bus: names and values, no order and no composed text yet. */
export const LogDraft = z.object({
  /** Milliseconds since the epoch, with fractions: see `preciseNow`. */
  time: z.number().min(0).max(8.64e15),
  side: LogSide,
  event: LogEventName,
  /** Where it is not the catalogue's. */
  level: LogLevel.optional(),
  fields: z.record(FieldName, FieldValue).refine((fields) => Object.keys(fields).length <= 16, 'at most 16 fields'),
});
export type LogDraft = z.infer<typeof LogDraft>;

/** One line of the log, as the bus ordered and composed it. Safe to show, copy and write: one line, no control characters. */
export const LogRecord = z.object({
  /** Position in this launch's log, from 1, +1 a record. */
  seq: z.int().min(1),
  time: z.number(),
  side: LogSide,
  level: LogLevel,
  event: LogEventName,
  text: z.string(),
  session_id: z.string().optional(),
});
export type LogRecord = z.infer<typeof LogRecord>;

/** Where events go. `side` and `time` are the source's business; most callers use a `Log` made for their side. */
export type Log = (event: LogEventName, fields?: Fields, level?: LogLevel) => void;

// None of these may reach a line: control characters (C0, DEL, C1), line and paragraph separators, bidi marks, embeddings
// and isolates (Unicode Bidirectional Algorithm, UAX #9), lone surrogates, interlinear annotations, and whatever draws
// nothing (Default_Ignorable_Code_Point, UAX #44): zero-width characters, the byte order mark, tags.
// Joiners and variation selectors draw nothing either and stay: emoji and scripts need them.
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb](?<![\p{Join_Control}\p{Variation_Selector}])/gu;

const PLAIN = /^[\x20-\x7e]*$/;

/** Makes any text fit for one line of a log: unsafe characters become `·`, at most `max` characters. */
export function sanitise(text: string, max = MAX_TEXT): string {
  // Nearly every field: short and plain. The full pattern costs ten times as much.
  if (text.length <= max && PLAIN.test(text)) return text;
  // Cutting first keeps the work bounded. A pair of surrogates may become one `·`, so that only more than twice the limit is
  // sure to be over it afterwards, and to end in an ellipsis.
  return clip(text.slice(0, max * 2 + 1).replace(UNSAFE, '·'), max);
}

/** Cuts to `max` characters, the last of them an ellipsis, and never between the halves of one. */
function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Longest value in a line, so that one field can't push the others out. */
const MAX_VALUE = 200;

function cleanValue(value: Fields[string]): Fields[string] {
  return typeof value === 'string' ? sanitise(value, MAX_VALUE) : value;
}

/** The words of a line: `🔌 WS_CONNECT | session=… | user=…`, or the catalogue's own sentence. */
export function composeText(event: LogEventName, fields: Fields): string {
  const kind: EventKind = CATALOGUE[event];
  let text = `${kind.icon} `;
  if (kind.words) {
    text += kind.words(Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, cleanValue(value)])));
  } else {
    text += event;
    for (const key of Object.keys(fields))
      text += ` | ${sanitise(key, MAX_VALUE)}=${cleanValue(fields[key] as Fields[string])}`;
  }
  return clip(text, MAX_TEXT);
}

/** Longest `session_id` of a record, as long as the protocol's. */
const MAX_SESSION_ID = 64;

/** A draft in its final form: numbered, and with words that are safe to show. */
export function composeRecord(draft: LogDraft, seq: number): LogRecord {
  const { session } = draft.fields;
  return {
    seq,
    time: draft.time,
    side: draft.side,
    level: draft.level ?? CATALOGUE[draft.event].level,
    event: draft.event,
    text: composeText(draft.event, draft.fields),
    ...(typeof session === 'string' && session !== '' ? { session_id: sanitise(session, MAX_SESSION_ID) } : {}),
  };
}

/** The two clocks of a process, both in ms: the wall's, in whole ms since the epoch, and a steady one of any origin. */
export interface Clocks {
  wall(): number;
  steady(): number;
}

/**
 * Makes a clock that tells ms since the epoch with fractions, so that two events of one millisecond keep their order.
 * The fraction is the steady clock's, the millisecond the wall's: processes of one machine share the wall clock, while
 * their steady ones drift apart (NTP slews by up to 0.5 ms a second) and stop while the machine sleeps.
 */
export function createPreciseClock({ wall, steady }: Clocks): () => number {
  let offset = 0;
  return () => {
    const ms = wall();
    const at = steady();
    // The offset moves as little as brings the steady clock back into the wall's millisecond.
    offset = Math.min(Math.max(offset, ms - at), ms - at + LAST_MOMENT_MS);
    return at + offset;
  };
}

/** Just short of the next millisecond. */
const LAST_MOMENT_MS = 0.998;

/** Now, in ms since the epoch with fractions, as every process of this machine tells it. */
export const preciseNow = createPreciseClock({
  wall: () => Date.now(),
  steady: () => performance.timeOrigin + performance.now(),
});

/** A `Log` that stamps one side's events with the time and hands them to `sink`. */
export function logFor(side: LogSide, sink: (draft: LogDraft) => void): Log {
  return (event, fields = {}, level) => sink({ time: preciseNow(), side, event, fields, ...(level ? { level } : {}) });
}
