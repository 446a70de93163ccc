import { z } from 'zod';

export const LogSide = z.enum(['server', 'client', 'app']);
export type LogSide = z.infer<typeof LogSide>;
export const LogLevel = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof LogLevel>;

/** Maximum length of a record's text, in characters; longer texts end in an ellipsis. */
export const MAX_TEXT = 300;

type Fields = Record<string, string | number | boolean>;
interface EventKind {
  level: LogLevel;
  icon: string;
  /** Text of the line. Default: `EVENT | key=value | …`. */
  words?: (fields: Fields) => string;
}

/** All events of the log. Other names can't be logged. */
export const CATALOGUE = {
  // The app
  APP_STARTED: { level: 'info', icon: '🚀' },
  APP_STOPPING: { level: 'info', icon: '🛑' },
  SITE_DATA_CLEARED: {
    level: 'info',
    icon: '🧹',
    words: () => 'Asked a browser to clear the data of the page’s address: workers, caches, storage',
  },
  SETTINGS_CHANGED: { level: 'info', icon: '⚙️' },
  WINDOW_OPENED: { level: 'info', icon: '🪟' },
  WINDOW_CLOSED: { level: 'info', icon: '🪟' },
  AUDIO_RESTARTED: {
    level: 'warn',
    icon: '🔁',
    words: () => 'Restarting the audio process because it found no sound device',
  },
  LOG_DROPPED: { level: 'warn', icon: '⚠️' },
  LOG_RESUMED: { level: 'info', icon: '📝' },
  RECORDING_REPAIRED: { level: 'warn', icon: '🩹' },
  HEALTH_WARNING: {
    level: 'warn',
    icon: '🌡️',
    words: (f) => `${f.percent} % of the last ${f.connections} connections needed a repeated welcome`,
  },
  HEALTH_RECOVERED: {
    level: 'info',
    icon: '🌡️',
    words: (f) =>
      `Connections are healthy again: ${f.percent} % of the last ${f.connections} needed a repeated welcome`,
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
    words: (f) => `The ${f.server} server restarts in ${Math.round(Number(f.ms) / 1000)} s (attempt ${f.tries})`,
  },
  SERVER_RESTARTED: {
    level: 'info',
    icon: '🟢',
    words: (f) => `The ${f.server} server is running again on port ${f.port} (attempt ${f.tries})`,
  },
  SERVER_GIVEN_UP: {
    level: 'error',
    icon: '❌',
    words: (f) =>
      `The ${f.server} server could not be restarted in ${f.tries} attempts. If this persists, restart Earshot`,
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
    words: (f) => `No connection after ${f.failures} attempts: the next one in ${Math.round(Number(f.ms) / 1000)} s`,
  },
  AUDIO_LOST: { level: 'warn', icon: '🕳️', words: (f) => `${f.seconds} s of audio are not in the recording` },
  AUDIO_UNDELIVERED: {
    level: 'warn',
    icon: '📦',
    words: (f) => `${f.seconds} s of audio could not be delivered and are kept in the window`,
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
    words: (f) => `${f.seconds} s were not recorded: ${f.why ?? "Earshot or the system's audio was blocked"}`,
  },
  MIC_CLOSED: { level: 'info', icon: '🎤' },
  MIC_FAILED: { level: 'error', icon: '🎤' },
} as const satisfies Record<string, EventKind>;

export type LogEventName = keyof typeof CATALOGUE;
const LogEventName = z.enum(Object.keys(CATALOGUE) as [LogEventName, ...LogEventName[]]);

const FieldName = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);
/** Larger than any number that is logged. */
const FieldNumber = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const FieldValue = z.union([z.string().max(4096), FieldNumber, z.boolean()]);

/** An event as a source sends it to the bus: name and fields, without position and text. */
export const LogDraft = z.object({
  /** Milliseconds since the epoch, with fractions: see `preciseNow`. */
  time: z.number().min(0).max(8.64e15),
  side: LogSide,
  event: LogEventName,
  /** Overrides the catalogue's level. */
  level: LogLevel.optional(),
  fields: z.record(FieldName, FieldValue).refine((fields) => Object.keys(fields).length <= 16, 'at most 16 fields'),
});
export type LogDraft = z.infer<typeof LogDraft>;

/** One line of the log, ordered and composed by the bus. Safe to display and write: one line, no control characters. */
export const LogRecord = z.object({
  /** Position in this launch's log, from 1, +1 per record. */
  seq: z.int().min(1),
  time: z.number(),
  side: LogSide,
  level: LogLevel,
  event: LogEventName,
  text: z.string(),
  session_id: z.string().optional(),
});
export type LogRecord = z.infer<typeof LogRecord>;

/** Logs one event. `logFor` adds the side and the time. */
export type Log = (event: LogEventName, fields?: Fields, level?: LogLevel) => void;

// Characters that are not allowed in a line: control characters (C0, DEL, C1), line and paragraph separators, bidi
// marks, embeddings and isolates (Unicode Bidirectional Algorithm, UAX #9), lone surrogates, interlinear annotations,
// and invisible characters (Default_Ignorable_Code_Point, UAX #44): zero-width characters, the byte order mark, tags.
// Joiners and variation selectors are allowed, because emoji and scripts need them.
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb](?<![\p{Join_Control}\p{Variation_Selector}])/gu;

const PLAIN = /^[\x20-\x7e]*$/;

/** Makes a text safe for one line of the log: replaces unsafe characters by `·` and cuts it to `max` characters. */
export function sanitise(text: string, max = MAX_TEXT): string {
  // Fast path for short ASCII texts, which are nearly all fields. The full pattern takes ten times as long.
  if (text.length <= max && PLAIN.test(text)) return text;
  // Cut first to bound the work. A surrogate pair may become one `·`, so keep more than twice the limit; a longer text
  // then still exceeds `max` and ends in an ellipsis.
  return clip(text.slice(0, max * 2 + 1).replace(UNSAFE, '·'), max);
}

/** Cuts to `max` characters, ending in an ellipsis, without splitting a surrogate pair. */
function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Maximum length of a value in a line, so that one field can't displace the others. */
const MAX_VALUE = 200;

function cleanValue(value: Fields[string]): Fields[string] {
  return typeof value === 'string' ? sanitise(value, MAX_VALUE) : value;
}

/** Composes the text of a line: `🔌 WS_CONNECT | session=… | user=…`, or the catalogue's sentence. */
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

/** Maximum length of a record's `session_id`; the same as in the protocol. */
const MAX_SESSION_ID = 64;

/** Turns a draft into a record: adds the position and the text. */
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

/** The clocks of a process, in ms: wall clock in whole ms since the epoch, and a monotonic clock of any origin. */
export interface Clocks {
  wall(): number;
  steady(): number;
}

/**
 * Creates a clock in fractional ms since the epoch, so that two events within a millisecond keep their order.
 * The millisecond comes from the wall clock, the fraction from the monotonic clock: the processes of a machine share
 * the wall clock, while their monotonic clocks drift apart (NTP slews by up to 0.5 ms a second) and stop during sleep.
 */
export function createPreciseClock({ wall, steady }: Clocks): () => number {
  let offset = 0;
  return () => {
    const ms = wall();
    const at = steady();
    // Adjust the offset by the minimum that keeps the result within the wall clock's millisecond.
    offset = Math.min(Math.max(offset, ms - at), ms - at + LAST_MOMENT_MS);
    return at + offset;
  };
}

/** Just short of the next millisecond. */
const LAST_MOMENT_MS = 0.998;

/** The current time in fractional ms since the epoch, comparable between the processes of this machine. */
export const preciseNow = createPreciseClock({
  wall: () => Date.now(),
  steady: () => performance.timeOrigin + performance.now(),
});

/** Creates a `Log` that adds the side and the time to events and passes them to `sink`. */
export function logFor(side: LogSide, sink: (draft: LogDraft) => void): Log {
  return (event, fields = {}, level) => sink({ time: preciseNow(), side, event, fields, ...(level ? { level } : {}) });
}
