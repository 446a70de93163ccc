import { app, BrowserWindow } from 'electron';

/** Which of the windows a person means when they don't point at one. */
export interface Windows {
  /** The focused one, else the one used last, else any; null: there is none. */
  current(): BrowserWindow | null;
  /** Brings that one to the front, out of the task bar too. False: there is none. */
  show(): boolean;
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
