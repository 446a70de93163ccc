import { app, BrowserWindow } from 'electron';

/** Longest wait (ms) for sessions to be closed and files to be finished; a quit must not hang on a full disk. */
export const STOP_LIMIT_MS = 2_000;

export interface LifecycleOptions {
  openWindow: () => void;
  /** Ends the host in good order. */
  stop: () => Promise<void>;
  platform?: NodeJS.Platform;
}

/** When the app ends, and what opens a window where none is left. */
export function setupLifecycle(options: LifecycleOptions): { isStopping: () => boolean } {
  const { openWindow, stop, platform = process.platform } = options;

  app.on('window-all-closed', () => {
    if (platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });

  let stopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    // A second Ctrl+Q while the first is under way: same quit.
    if (stopping) return;
    stopping = true;
    void atMost(STOP_LIMIT_MS, stop()).then(() => app.exit(0));
  });
  return { isStopping: () => stopping };
}

/** Settles with `work`, well or badly, or after `ms`. Never rejects. */
function atMost(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
