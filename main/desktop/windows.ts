import { app, BrowserWindow, session } from 'electron';

/**
 * Maximum number of open windows: half the connections of the voice server. Each is a process of some 100 MB, so a
 * compromised page must not be able to open any number of them.
 */
export const MAX_WINDOWS = 16;

/** Whether this is a window with Earshot's page. The overlay is none: it has a session of its own. */
export function isAppWindow({ webContents }: Pick<BrowserWindow, 'webContents'>): boolean {
  return webContents.session === session.defaultSession;
}

/** The open windows with Earshot's page. */
export function appWindows(): BrowserWindow[] {
  // While a window closes, its page is destroyed first, and its session can't be read any more.
  const isGone = (window: BrowserWindow) => window.isDestroyed() || window.webContents.isDestroyed();
  return BrowserWindow.getAllWindows().filter((window) => !isGone(window) && isAppWindow(window));
}

/** Calls `use` for every window with Earshot's page: those that are open, and each that opens later. */
export function forEachAppWindow(use: (window: BrowserWindow) => void): void {
  for (const window of appWindows()) use(window);
  app.on('browser-window-created', (_event, window) => {
    if (isAppWindow(window)) use(window);
  });
}

/** Selects the window for actions that do not name one. */
export interface WindowTracker {
  /** The focused window, else the one used last, else any; null: none is open. */
  current(): BrowserWindow | null;
  /** Restores that window and brings it to the front. @returns false: none is open */
  show(): boolean;
  /** Whether `MAX_WINDOWS` windows are open. */
  readonly full: boolean;
}

/** Tracks which window had the focus last. Call before the first window opens. */
export function trackWindows(): WindowTracker {
  let last: BrowserWindow | null = null;
  app.on('browser-window-focus', (_event, window) => {
    if (isAppWindow(window)) last = window;
  });
  function current(): BrowserWindow | null {
    const open = appWindows();
    const focused = BrowserWindow.getFocusedWindow();
    return open.find((window) => window === focused) ?? open.find((window) => window === last) ?? open[0] ?? null;
  }
  return {
    current,
    get full() {
      return appWindows().length >= MAX_WINDOWS;
    },
    show() {
      const window = current();
      if (!window) return false;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      return true;
    },
  };
}
