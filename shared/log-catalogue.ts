import { z } from 'zod';

export const LogLevel = z.enum(['debug', 'info', 'warn', 'error']);
export type LogLevel = z.infer<typeof LogLevel>;

/** The fields of an event, by name. */
export type LogFields = Record<string, string | number | boolean>;

/** What is the same for all lines of an event. */
export interface EventKind {
  level: LogLevel;
  icon: string;
  /** Text of the line. Default: `EVENT | key=value | …`. */
  sentence?: (fields: LogFields) => string;
}

/** The event's name or its text, then its fields. */
const unknownLine = ({ event_name, text, ...fields }: LogFields): string =>
  [event_name, text, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)]
    .filter((part) => part !== undefined)
    .join(' | ');

/** All events of the log. Other names can't be logged. */
export const CATALOGUE = {
  // The app
  APP_STARTED: { level: 'info', icon: '🚀' },
  APP_STOPPING: { level: 'info', icon: '🛑' },
  SITE_DATA_CLEARED: {
    level: 'info',
    icon: '🧹',
    sentence: () => 'Asked a browser to clear the data of the page’s address: workers, caches, storage',
  },
  SETTINGS_CHANGED: { level: 'info', icon: '⚙️' },
  APP_COMMAND: { level: 'info', icon: '⌨️', sentence: (f) => `Command line: --${f.command}` },
  WINDOW_OPENED: { level: 'info', icon: '🪟' },
  WINDOW_CLOSED: { level: 'info', icon: '🪟' },
  AUDIO_RESTARTED: {
    level: 'warn',
    icon: '🔁',
    sentence: () => 'Restarting the audio process because it found no sound device',
  },
  LOG_DROPPED: { level: 'warn', icon: '⚠️' },
  LOG_RESUMED: { level: 'info', icon: '📝' },
  RECORDING_REPAIRED: { level: 'warn', icon: '🩹' },
  RECORDINGS_DELETED: { level: 'info', icon: '🗑️' },
  RECORDINGS_RESTORED: { level: 'info', icon: '↩️' },
  RECORDINGS_EXPIRED: {
    level: 'info',
    icon: '🗑️',
    sentence: (f) =>
      `Deleted ${f.recordings} recordings (${f.seconds} s, ${f.mb} MB) from ${f.oldest} to ${f.newest}, as the settings say`,
  },
  RECORDING_IMPORTED: { level: 'info', icon: '📥' },
  RECORDINGS_MOVED: { level: 'info', icon: '📁' },
  RECORDING_TRIMMED: { level: 'info', icon: '✂️' },
  HEALTH_WARNING: {
    level: 'warn',
    icon: '🌡️',
    sentence: (f) => `${f.percent} % of the last ${f.connections} connections needed a repeated welcome`,
  },
  HEALTH_RECOVERED: {
    level: 'info',
    icon: '🌡️',
    sentence: (f) =>
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
  SERVER_FAILED: { level: 'warn', icon: '💥', sentence: (f) => `The ${f.server} server can't be reached: ${f.why}` },
  SERVER_RESTARTING: {
    level: 'warn',
    icon: '🔁',
    sentence: (f) => `The ${f.server} server restarts in ${Math.round(Number(f.ms) / 1000)} s (attempt ${f.tries})`,
  },
  SERVER_RESTARTED: {
    level: 'info',
    icon: '🟢',
    sentence: (f) => `The ${f.server} server is running again on port ${f.port} (attempt ${f.tries})`,
  },
  SERVER_GIVEN_UP: {
    level: 'error',
    icon: '❌',
    sentence: (f) =>
      `The ${f.server} server could not be restarted in ${f.tries} attempts. If this persists, restart Earshot`,
  },
  WS_CONNECT: { level: 'info', icon: '🔌' },
  WS_REFUSED: { level: 'warn', icon: '⛔' },
  WS_READY: { level: 'info', icon: '🤝' },
  WS_NEVER_READY: { level: 'info', icon: '🚪' },
  WELCOME_RETRY: { level: 'warn', icon: '🔁' },
  WELCOME_ABORTED: { level: 'info', icon: '↩️' },
  SETTLE_DELAY: { level: 'info', icon: '🐢', sentence: (f) => `Settle delay before the welcome: ${f.ms} ms` },
  SESSION_LOST: { level: 'warn', icon: '⏸️' },
  SESSION_RESUMED: { level: 'info', icon: '▶️' },
  SESSION_TAKEN_OVER: { level: 'info', icon: '🤲' },
  SESSION_EXPIRED: { level: 'warn', icon: '⌛' },
  VOICE_STATE: { level: 'info', icon: '🔄' },
  TURN_PAUSED: { level: 'info', icon: '⏸️' },
  TURN_CONTINUED: { level: 'info', icon: '▶️', sentence: (f) => `The turn went on after a pause of ${f.seconds} s` },
  AUDIO_GAP: { level: 'warn', icon: '🕳️' },
  AUDIO_DUPLICATE: { level: 'warn', icon: '👯' },
  RECORDING_STARTED: { level: 'info', icon: '⏺️' },
  RECORDING_DELAYED: { level: 'warn', icon: '⏳' },
  RECORDING_WRITTEN: { level: 'info', icon: '💾' },
  RECORDING_SAVED: { level: 'info', icon: '💾' },
  RECORDING_DISCARDED: { level: 'info', icon: '🗑️' },
  // The client
  PRESS: { level: 'info', icon: '👆', sentence: (f) => `Mic button pressed (${f.doing})` },
  TURN_LIMIT: {
    level: 'info',
    icon: '⏱️',
    sentence: (f) => `The turn ended after ${f.minutes} min, the limit in the settings`,
  },
  WS_CONNECTING: { level: 'info', icon: '📡', sentence: (f) => `Connecting to ${f.url}` },
  WS_OPEN: { level: 'info', icon: '🔗', sentence: () => 'WebSocket connection opened' },
  WS_ERROR: { level: 'warn', icon: '⚠️', sentence: () => 'WebSocket error' },
  WS_CONNECTED: { level: 'info', icon: '🎯' },
  VOICE_CHANGED: { level: 'info', icon: '🔄', sentence: (f) => `Voice state changed: ${f.state}` },
  RECONNECTING: {
    level: 'warn',
    icon: '⏳',
    sentence: (f) => `Reconnecting in ${f.ms} ms (failure ${f.failures} in a row)`,
  },
  WS_RESUMED: { level: 'info', icon: '🎯' },
  WS_FROZEN: { level: 'warn', icon: '🧊' },
  BREAKER_OPEN: {
    level: 'warn',
    icon: '🔌',
    sentence: (f) => `No connection after ${f.failures} attempts: the next one in ${Math.round(Number(f.ms) / 1000)} s`,
  },
  AUDIO_LOST: { level: 'warn', icon: '🕳️', sentence: (f) => `${f.seconds} s of audio are not in the recording` },
  AUDIO_UNDELIVERED: {
    level: 'warn',
    icon: '📦',
    sentence: (f) => `${f.seconds} s of audio could not be delivered and are kept in the window`,
  },
  WOKE: { level: 'info', icon: '⏰', sentence: () => 'The computer slept, or its clock was set forward' },
  MIC_OPENED: { level: 'info', icon: '🎤' },
  MIC_STATE: { level: 'info', icon: '🎤' },
  MIC_CHANGED: {
    level: 'warn',
    icon: '🎤',
    sentence: (f) =>
      `Listening with ${f.label || "the system's default microphone"}${f.instead_of ? ` instead of ${f.instead_of}` : ''} (${f.why})`,
  },
  CAPTURE_GAP: {
    level: 'warn',
    icon: '🕳️',
    sentence: (f) => `${f.seconds} s were not recorded: ${f.why ?? "Earshot or the system's audio was blocked"}`,
  },
  MIC_CLOSED: { level: 'info', icon: '🎤' },
  MIC_FAILED: { level: 'error', icon: '🎤' },
  // Only in the window, never logged: a line of an imported file whose event this version does not know, or whose fields
  // can't be read. It has the name of the event in `event_name`, and its text in `text`.
  OTHER: { level: 'info', icon: '❔', sentence: unknownLine },
} as const satisfies Record<string, EventKind>;

export type LogEventName = keyof typeof CATALOGUE;
/** The events that can be logged. */
export type LoggedEventName = Exclude<LogEventName, 'OTHER'>;
