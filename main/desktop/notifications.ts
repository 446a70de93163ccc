import { app, BrowserWindow, Notification } from 'electron';
import type { BridgeNotify, BridgePayload } from '../../shared/bridge.ts';

/** Least time (ms) between two notifications. */
export const NOTIFY_INTERVAL_MS = 1_000;
/** As in electron-builder.yml: Windows shows notifications of programs whose start menu entry has this id. */
export const APP_ID = 'org.earshot.app';

/** Says who we are to Windows' notifications. Before `ready`. */
export function setupAppId(platform: NodeJS.Platform = process.platform): void {
  if (platform === 'win32') app.setAppUserModelId(APP_ID);
}

interface News {
  failed: boolean;
  title: string;
  body: string;
}

export interface NotificationsOptions {
  wanted: () => boolean;
  showWindow: () => void;
  /** Null: the system shows the program's. */
  icon?: { icon: string } | null;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

/**
 * Tells what became of a recording while no window is to be seen: that and how long, never whose or what was said.
 * @returns a carrier of bridge events
 */
export function createNotifications(options: NotificationsOptions): BridgeNotify {
  const { wanted, showWindow, icon = null, now = () => performance.now() } = options;
  let last: number | null = null;
  let waiting: News | null = null;
  /** The one that can be clicked: without a reference it is collected, and a click on it does nothing. */
  let shown: Notification | null = null;

  function show({ title, body }: News): void {
    last = now();
    shown = new Notification({ title, body, ...icon });
    shown.on('click', showWindow);
    shown.show();
  }

  function tell(news: News): void {
    if (!wanted() || windowIsSeen() || !Notification.isSupported()) return;
    const pause = last === null ? 0 : last + NOTIFY_INTERVAL_MS - now();
    if (pause <= 0 && !waiting) return show(news);
    // The newest goes on, but what was saved is not told in the place of what was not.
    const first = waiting === null;
    if (!waiting?.failed || news.failed) waiting = news;
    if (first) setTimeout(late, pause);
  }

  function late(): void {
    const news = waiting;
    waiting = null;
    if (news && wanted() && !windowIsSeen()) show(news);
  }

  return (event, payload) => {
    if (event === 'onRecordingFailed') {
      tell({ failed: true, title: 'A recording could not be kept', body: 'Open Earshot to see what to do.' });
    }
    if (event === 'onRecordingSaved') {
      const { duration_s } = payload as BridgePayload<'onRecordingSaved'>;
      tell({ failed: false, title: 'Recording saved', body: inWords(duration_s) });
    }
  };
}

function windowIsSeen(): boolean {
  return BrowserWindow.getAllWindows().some((window) => window.isVisible() && !window.isMinimized());
}

/** `4 s`, `3 min 5 s`. */
function inWords(duration_s: number): string {
  const seconds = Math.round(duration_s);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
