import { app, BrowserWindow } from 'electron';

/**
 * Maximum number of open windows: half the connections of the voice server. Each is a process of some 100 MB, so a
 * compromised page must not be able to open any number of them.
 */
export const MAX_WINDOWS = 16;

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
    last = window;
  });
  function current(): BrowserWindow | null {
    const open = BrowserWindow.getAllWindows();
    return BrowserWindow.getFocusedWindow() ?? open.find((window) => window === last) ?? open[0] ?? null;
  }
  return {
    current,
    get full() {
      return BrowserWindow.getAllWindows().length >= MAX_WINDOWS;
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
