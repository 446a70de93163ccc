import { FRAME_MS } from '../../../shared/audio-format.ts';
import type { LogEventName, LogFields } from '../../../shared/log-catalogue.ts';
import { closeCodeMeaning } from '../../state/plain-line.ts';
import { formatCount, formatMs, formatSeconds } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { levelText } from './audio-totals.ts';

/** One field of an event, as it is shown. */
export interface Field {
  /** As it was logged. */
  name: string;
  /** With its unit or its meaning. */
  value: string;
  /** As it was logged, where `value` says something else; otherwise null. */
  raw: string | null;
}

type Value = LogFields[string];
type Format = (value: Value) => string | null;

/** What matters most of an event. Its other fields follow in the order logged. */
const FIRST: Partial<Record<LogEventName, readonly string[]>> = {
  AUDIO: ['peak_dbfs', 'frames', 'seconds', 'missing', 'duplicates'],
  AUDIO_GAP: ['seconds', 'frames'],
  AUDIO_DUPLICATE: ['seq'],
  ERROR: ['type', 'code', 'detail'],
  WARNING: ['type', 'code', 'detail'],
  WS_CONNECT: ['user', 'resumed'],
  WS_RECV: ['event', 'state', 'resumed', 'code'],
  WS_SEND: ['event', 'attempt'],
  WS_REFUSED: ['why', 'status', 'on', 'more'],
  WS_DISCONNECT: ['code', 'reason'],
  WS_NEVER_READY: ['code'],
  WELCOME_RETRY: ['attempt', 'why'],
  WELCOME_ABORTED: ['attempts', 'why', 'code'],
  SESSION_LOST: ['state', 'through'],
  SESSION_RESUMED: ['ms', 'through'],
  VOICE_STATE: ['state', 'turn'],
  MIC_OPENED: ['label', 'rate'],
  MIC_STATE: ['status', 'label'],
  RECORDING_SAVED: ['seconds', 'recording'],
  RECORDING_WRITTEN: ['seconds', 'recording'],
  RECORDING_IMPORTED: ['seconds', 'recording'],
  RECORDING_TRIMMED: ['seconds', 'recording'],
  RECORDING_REPAIRED: ['seconds', 'recording'],
  SERVER_STARTED: ['port', 'host'],
};

/** Formats a number; anything else stays as it was logged. */
const number =
  (format: (value: number) => string): Format =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) ? format(value) : null;

const frames = number((count) =>
  text.log.frames({ frames: formatCount(count), length: formatSeconds((count * FRAME_MS) / 1000) }),
);

/** How fields are shown, by their name. Others are shown as they were logged. */
const FORMATS: Readonly<Record<string, Format>> = {
  code: number((code) => `${code} (${closeCodeMeaning(code)})`),
  peak_dbfs(value) {
    if (value === 'silence') return levelText(null);
    return typeof value === 'number' ? levelText(value) : null;
  },
  ms: number(formatMs),
  seconds: number(formatSeconds),
  minutes: number((minutes) => `${formatCount(minutes)}\u00a0min`),
  mb: number((mb) => `${mb}\u00a0MB`),
  unread_mb: number((mb) => `${mb}\u00a0MB`),
  percent: number((percent) => `${percent}\u00a0%`),
  rate: number((hertz) => `${hertz / 1000}\u00a0kHz`),
  frames,
  missing: frames,
  label: (value) => (value === '' ? text.log.defaultMicrophone : null),
  names: (value) => (typeof value === 'string' ? value.replaceAll(',', ', ') : null),
};

/**
 * The fields of an event, the most important first, without the session, which is shown apart.
 * @param fields as logged
 */
export function fieldsToShow(event: string, fields: LogFields): Field[] {
  const first = (FIRST[event as LogEventName] ?? []).filter((name) => Object.hasOwn(fields, name));
  const others = Object.keys(fields).filter((name) => name !== 'session' && !first.includes(name));
  return [...first, ...others].map((name) => {
    const logged = fields[name] as Value;
    const plain = String(logged);
    const value = (Object.hasOwn(FORMATS, name) ? FORMATS[name]?.(logged) : null) ?? plain;
    return { name, value, raw: value === plain ? null : plain };
  });
}
