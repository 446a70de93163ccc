import { app, Notification } from 'electron';
import type { BridgeNotify, BridgePayload } from '../../shared/bridge.ts';
import { text } from '../text/text.ts';
import { appWindows } from './windows.ts';

/** Minimum time between two notifications (ms). */
export const NOTIFY_INTERVAL_MS = 1_000;
/**
 * The same id as in electron-builder.yml: Windows shows notifications only for programs whose start menu entry has it.
 */
export const APP_ID = 'org.earshot.app';

/** Sets the app's id for notifications on Windows. Call before `ready`. */
export function setupAppId(platform: NodeJS.Platform = process.platform): void {
  if (platform === 'win32') app.setAppUserModelId(APP_ID);
}

interface Message {
  /** The recording that was saved. */
  id?: string;
  failed: boolean;
  title: string;
  body: string;
}

export interface NotificationsOptions {
  isEnabled: () => boolean;
  showWindow: () => void;
  /** Null: the system shows the program's own icon. */
  icon?: { icon: string } | null;
  /** Monotonic clock (ms). */
  now?: () => number;
}

/**
 * Notifies the user of the result of a recording while no window is visible. A notification contains the length of the
 * recording, and nothing about its speaker or content.
 * @returns a subscriber of bridge events
 */
export function createNotifications(options: NotificationsOptions): BridgeNotify {
  const { isEnabled, showWindow, icon = null, now = () => performance.now() } = options;
  let last: number | null = null;
  let pending: Message | null = null;
  /** Keeps a reference: a notification that is garbage-collected ignores clicks. */
  let shown: { id: string | null; notification: Notification } | null = null;

  function show({ id, title, body }: Message): void {
    last = now();
    const notification = new Notification({ title, body, ...icon });
    shown = { id: id ?? null, notification };
    notification.on('click', showWindow);
    notification.show();
  }

  /** "Recording saved" must not stay when the recording is deleted, for example because its turn was cancelled. */
  function withdraw(ids: readonly string[]): void {
    if (pending?.id !== undefined && ids.includes(pending.id)) pending = null;
    if (shown?.id != null && ids.includes(shown.id)) shown.notification.close();
  }

  function notify(message: Message): void {
    if (!isEnabled() || isWindowVisible() || !Notification.isSupported()) return;
    const delay = last === null ? 0 : last + NOTIFY_INTERVAL_MS - now();
    if (delay <= 0 && !pending) return show(message);
    // The newest message wins, but a success never replaces a failure.
    const isFirst = pending === null;
    if (!pending?.failed || message.failed) pending = message;
    if (isFirst) setTimeout(showPending, delay);
  }

  function showPending(): void {
    const message = pending;
    pending = null;
    if (message && isEnabled() && !isWindowVisible()) show(message);
  }

  return (event, payload) => {
    if (event === 'onRecordingFailed') {
      notify({ failed: true, title: text.notifications.failed, body: text.notifications.failedBody });
    }
    if (event === 'onRecordingSaved') {
      const { id, duration_s } = payload as BridgePayload<'onRecordingSaved'>;
      notify({
        id,
        failed: false,
        title: text.notifications.saved,
        body: text.notifications.length({ seconds: Math.round(duration_s) }),
      });
    }
    if (event === 'onRecordingsRemoved') withdraw((payload as BridgePayload<'onRecordingsRemoved'>).ids);
  };
}

function isWindowVisible(): boolean {
  return appWindows().some((window) => window.isVisible() && !window.isMinimized());
}
