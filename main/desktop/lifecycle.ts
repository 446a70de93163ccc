import { app, BrowserWindow } from 'electron';
import { type EndingProcess, endProcess } from '../host/end-process.ts';
import { startExitWatchdog } from '../host/exit-watchdog.ts';

/** The host gets so long (ms) to close sessions and finish files; a quit must not hang on a full disk. */
export const HOST_STOP_LIMIT_MS = 2_000;
/** Longest wait (ms) for all of it: a host that runs out of time says in the log what is not finished. */
export const STOP_LIMIT_MS = 3_000;
/** From the first sign of the end on (ms). Ten times what a quit takes, and enough to put a new AppImage in place. */
const EXIT_LIMIT_MS = 20_000;

export interface LifecycleOptions {
  openWindow: () => void;
  /** Ends the host in good order. */
  stop: () => Promise<void>;
  platform?: NodeJS.Platform;
  /** Default: this one. */
  process?: EndingProcess;
}

/**
 * Bounds the end of the app from outside, also where it ends before it has begun. `endProcess` knows of the requests that Node has put
 * to the disk; what Chromium waits for, for its own profile on the same disk, nobody in this process could end. Call it first.
 */
export function setupExitWatchdog(watchdog = startExitWatchdog()): void {
  let armed = false;
  const onEnd = () => {
    if (!armed) armed = watchdog.arm(EXIT_LIMIT_MS);
  };
  // Where `before-quit` is raised the app ends: `setupLifecycle` below takes no quit back. `app.exit` raises only the other.
  app.on('before-quit', onEnd);
  app.on('quit', onEnd);
}

/** When the app ends, and what opens a window where none is left. */
export function setupLifecycle(options: LifecycleOptions): { isStopping: () => boolean } {
  const { openWindow, stop, platform = process.platform } = options;
  const own = options.process ?? process;

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
    void atMost(STOP_LIMIT_MS, stop()).then(() => endProcess(() => app.exit(0), own));
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
