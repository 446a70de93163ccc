import { app, type BrowserWindow, dialog, type WebContents } from 'electron';
import type { Log } from '../../shared/log-event.ts';

/** A page that dies again within this long (ms) of a reload is left alone: another one would not help. */
export const RELOAD_PAUSE_MS = 5_000;

export interface RecoveryOptions {
  log: Log;
  /** Whether the app is ending: nothing is brought back then, and nobody asked. */
  isStopping: () => boolean;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

/**
 * Brings back a page that died, and asks about one that hangs. The log lives in the host and loses nothing; a session goes
 * on when its page comes back in time, or its recording is finished. Before the first window.
 */
export function setupRecovery({ log, isStopping, now = () => performance.now() }: RecoveryOptions): void {
  const reloaded = new WeakMap<WebContents, number>();

  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (isStopping() || reason === 'clean-exit') return;
    const last = reloaded.get(contents);
    const reload = !contents.isDestroyed() && (last === undefined || now() - last > RELOAD_PAUSE_MS);
    log('ERROR', { type: 'window_process_gone', reason, exit_code: exitCode, reload });
    if (!reload) return;
    reloaded.set(contents, now());
    contents.reload();
  });

  // The graphics, the audio and the network service: Chromium starts them again by itself.
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (isStopping() || reason === 'clean-exit') return;
    log('ERROR', { type: 'process_gone', process: type, name: name ?? '', reason, exit_code: exitCode });
  });

  app.on('browser-window-created', (_event, window) => {
    /** Closes the question, which stands while this is set. */
    let question: AbortController | null = null;
    window.on('unresponsive', async () => {
      if (question || isStopping()) return;
      log('WARNING', { type: 'window_unresponsive', window: window.id });
      question = new AbortController();
      const reload = await asksForReload(window, question.signal);
      question = null;
      if (!reload || window.isDestroyed()) return;
      // A page that hangs hears no reload: it is ended, and what ends is brought back above, whenever the last time was.
      reloaded.delete(window.webContents);
      window.webContents.forcefullyCrashRenderer();
    });
    window.on('responsive', () => question?.abort());
  });
}

async function asksForReload(window: BrowserWindow, signal: AbortSignal): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: "Earshot's window does not respond",
    detail: 'Wait, or reload it. What was recorded is kept.',
    buttons: ['Wait', 'Reload'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    signal,
  });
  return response === 1;
}
