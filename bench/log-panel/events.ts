import type { LogFields } from '../../shared/log-catalogue.ts';
import type { LogDraft } from '../../shared/log-event.ts';
import { preciseNow } from '../../shared/precise-clock.ts';

/** Events of one connection, as a window logs them. */
const CONNECTION: ReadonlyArray<readonly [LogDraft['event'], LogFields]> = [
  ['PRESS', { doing: 'start' }],
  ['WS_CONNECTING', { url: 'ws://127.0.0.1:43210/ws/voice?user_id=me' }],
  ['WS_OPEN', {}],
  ['WS_RECV', { event: 'connected', attempt: 1 }],
  ['WS_CONNECTED', { ms: 11.3 }],
  ['MIC_OPENED', { label: 'Built-in Audio Analog Stereo', ms: 83.4 }],
  ['VOICE_CHANGED', { state: 'listening' }],
  ['AUDIO', { frames: 50, through: 49, acknowledged: 44 }],
  ['AUDIO', { frames: 50, through: 99, acknowledged: 94 }],
  ['RECONNECTING', { ms: 250, failures: 1 }],
  ['WS_RESUMED', { through: 120 }],
  ['VOICE_CHANGED', { state: 'idle' }],
];

/** A word that one event in a hundred has. */
export const RARE_WORD = 'needle';

/** The `index`th event of a long log: connections with a session each, one after the other. */
export function eventAt(index: number): LogDraft {
  const connection = Math.floor(index / CONNECTION.length);
  const [event, fields] = CONNECTION[index % CONNECTION.length] ?? ['WARNING', {}];
  const rare = index % 100 === 0 ? { detail: RARE_WORD } : {};
  return {
    time: nextTime(),
    side: 'client',
    event,
    fields: { session: sessionOf(connection), ...fields, ...rare },
    window: 'benchlog',
  };
}

let lastTime = 0;

/** The time in ms, later than each before: a window's events are in order. */
function nextTime(): number {
  lastTime = Math.max(preciseNow(), lastTime + 0.001);
  return lastTime;
}

/** 16 characters that differ from connection to connection. */
function sessionOf(connection: number): string {
  return `${Math.imul(connection + 1, 0x9e3779b1) >>> 0}`.padStart(10, '0') + String(connection).padStart(6, '0');
}
