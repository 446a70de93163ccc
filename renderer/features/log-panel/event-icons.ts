import type { LogEventName, LogLevel } from '../../../shared/log-event.ts';
import type { IconName } from '../../ui/icons.tsx';

const EVENT_ICONS = {
  APP_STARTED: 'power',
  APP_STOPPING: 'power',
  SETTINGS_CHANGED: 'settings',
  WINDOW_OPENED: 'window',
  WINDOW_CLOSED: 'window',
  LOG_DROPPED: 'gap',
  LOG_RESUMED: 'check',
  RECORDING_REPAIRED: 'repair',
  HEALTH_WARNING: 'pulse',
  HEALTH_RECOVERED: 'pulse',
  WS_SEND: 'arrowUp',
  WS_RECV: 'arrowDown',
  WS_DISCONNECT: 'unplug',
  AUDIO: 'wave',
  ERROR: 'error',
  WARNING: 'alert',
  SERVER_STARTED: 'server',
  SERVER_STOPPED: 'server',
  WS_CONNECT: 'plug',
  WS_REFUSED: 'close',
  WS_READY: 'check',
  WELCOME_RETRY: 'retry',
  WELCOME_ABORTED: 'close',
  WS_NEVER_READY: 'close',
  SETTLE_DELAY: 'clock',
  SESSION_LOST: 'unplug',
  SESSION_RESUMED: 'link',
  SESSION_TAKEN_OVER: 'swap',
  SESSION_EXPIRED: 'clock',
  VOICE_STATE: 'swap',
  AUDIO_GAP: 'gap',
  AUDIO_DUPLICATE: 'copy',
  RECORDING_STARTED: 'record',
  RECORDING_DELAYED: 'clock',
  RECORDING_WRITTEN: 'download',
  RECORDING_SAVED: 'download',
  PRESS: 'press',
  WS_CONNECTING: 'plug',
  WS_OPEN: 'link',
  WS_ERROR: 'alert',
  WS_CONNECTED: 'check',
  VOICE_CHANGED: 'swap',
  RECONNECTING: 'clock',
  WS_RESUMED: 'link',
  WS_FROZEN: 'clock',
  BREAKER_OPEN: 'unplug',
  AUDIO_LOST: 'gap',
  CAPTURE_GAP: 'gap',
  WOKE: 'power',
  MIC_OPENED: 'mic',
  MIC_CLOSED: 'micOff',
  MIC_FAILED: 'micOff',
} as const satisfies Record<LogEventName, IconName>;

/** The icon of a log line: what happened, or the shape of a warning or an error, which must not be told by colour alone. */
export function iconOf(event: LogEventName, level: LogLevel): IconName {
  if (level === 'error') return 'error';
  if (level === 'warn') return 'alert';
  return EVENT_ICONS[event];
}
