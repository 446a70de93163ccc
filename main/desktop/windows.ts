import { app, BrowserWindow } from 'electron';

/**
 * Windows at once. Each is a process of some 100 MB, and half as many as the voice server has connections: a person has a few,
 * and a page that was taken over can't take the machine's memory by asking for more.
 */
export const MAX_WINDOWS = 16;

/** Which of the windows a person means when they don't point at one. */
export interface Windows {
  /** The focused one, else the one used last, else any; null: there is none. */
  current(): BrowserWindow | null;
  /** Brings that one to the front, out of the task bar too. False: there is none. */
  show(): boolean;
  /** There are as many as there may be. */
  readonly full: boolean;
}

/** Follows the focus from window to window. Before the first window. */
export function trackWindows(): Windows {
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
