import { app } from 'electron';
import { settlesWithin } from '../../shared/time-limit.ts';
import { type EndingProcess, endProcess } from '../host/end-process.ts';
import { startExitWatchdog } from '../host/exit-watchdog.ts';
import { appWindows } from './windows.ts';

/** How long the host may take to close sessions and finish files (ms): a slow disk must not block quitting. */
export const HOST_STOP_LIMIT_MS = 2_000;
/** Limit for the whole stop (ms): leaves a host that reached its own limit time to log what is unfinished. */
export const STOP_LIMIT_MS = 3_000;
/**
 * Limit from the start of a quit to the exit (ms): ten times what a quit takes, and enough to install a new AppImage.
 */
const EXIT_LIMIT_MS = 20_000;

export interface LifecycleOptions {
  openWindow: () => void;
  /** Stops the host. */
  stop: () => Promise<void>;
  platform?: NodeJS.Platform;
  /** Default: this process. */
  process?: EndingProcess;
}

/**
 * Kills the app when it does not exit in time, even if it quits before it has started. `endProcess` handles pending
 * disk requests of Node, but nothing in this process can end Chromium's own wait for its profile on the same disk. Call
 * this before anything else is set up.
 */
export function setupExitWatchdog(watchdog = startExitWatchdog()): void {
  let armed = false;
  const onQuit = () => {
    if (!armed) armed = watchdog.arm(EXIT_LIMIT_MS);
  };
  // `setupLifecycle` never cancels a quit, so `before-quit` always leads to an exit. `app.exit` emits only `quit`.
  app.on('before-quit', onQuit);
  app.on('quit', onQuit);
}

/** Quits when the last window closes, except on macOS, and stops the host before the app exits. */
export function setupLifecycle(options: LifecycleOptions): { isStopping: () => boolean } {
  const { openWindow, stop, platform = process.platform } = options;
  const endingProcess = options.process ?? process;

  app.on('window-all-closed', () => {
    if (platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (appWindows().length === 0) openWindow();
  });

  let stopping = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    // A second Ctrl+Q during a quit changes nothing.
    if (stopping) return;
    stopping = true;
    void settlesWithin(STOP_LIMIT_MS, stop()).then(() => endProcess(() => app.exit(0), endingProcess));
  });
  return { isStopping: () => stopping };
}
