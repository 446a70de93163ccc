import { app, BrowserWindow, type WebContents } from 'electron';
import type { Log } from '../../shared/log-event.ts';

/** Longest wait (ms) for sessions to be closed and files to be finished; a quit must not hang on a full disk. */
export const STOP_LIMIT_MS = 2_000;
/** A page that dies again within this long (ms) of a reload is left alone: another one would not help. */
export const RELOAD_PAUSE_MS = 5_000;

export interface LifecycleOptions {
  openWindow: () => void;
  /** Ends the host in good order. */
  stop: () => Promise<void>;
  log: Log;
  platform?: NodeJS.Platform;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

/** When the app ends, and what brings a window back. */
export function setupLifecycle(options: LifecycleOptions): void {
  const { openWindow, stop, log, platform = process.platform, now = () => performance.now() } = options;

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

  const reloaded = new WeakMap<WebContents, number>();
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (stopping || reason === 'clean-exit') return;
    const last = reloaded.get(contents);
    const reload = !contents.isDestroyed() && (last === undefined || now() - last > RELOAD_PAUSE_MS);
    log('ERROR', { type: 'window_process_gone', reason, exit_code: exitCode, reload });
    if (!reload) return;
    reloaded.set(contents, now());
    contents.reload();
  });
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
