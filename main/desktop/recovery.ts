import { app, BrowserWindow, dialog, type MessageBoxOptions, type WebContents } from 'electron';
import type { Log } from '../../shared/log-event.ts';
import { text } from '../text/text.ts';
import { AUDIO_PROCESS } from './audio-process.ts';
import { forEachAppWindow, isAppWindow } from './windows.ts';

/** If a page crashes again within this time after a reload (ms), the user decides: another reload might not help. */
export const RELOAD_PAUSE_MS = 5_000;

export interface RecoveryOptions {
  log: Log;
  /** Whether the app is stopping: no reloads and no questions then. */
  isStopping: () => boolean;
  /** Whether Earshot itself ended the audio process. */
  wasAudioEnded: () => boolean;
  /** Monotonic clock (ms). */
  now?: () => number;
}

/**
 * Reloads a crashed page, and asks the user about a page that soon crashes again or hangs. The log is kept by the host
 * and loses nothing. A crash ends the page's turn: its recording is finished, and the reloaded page shows what was
 * saved.
 */
export function setupRecovery(options: RecoveryOptions): void {
  const { log, isStopping, wasAudioEnded, now = () => performance.now() } = options;
  const reloaded = new WeakMap<WebContents, number>();
  /** Pages whose window currently shows the question about repeated crashes. */
  const asking = new WeakSet<WebContents>();

  function reload(contents: WebContents): void {
    reloaded.set(contents, now());
    contents.reload();
  }

  async function askWhatToDo(contents: WebContents): Promise<void> {
    const window = BrowserWindow.fromWebContents(contents);
    if (!window || asking.has(contents)) return;
    asking.add(contents);
    // The window is still hidden if the page crashed before its first paint.
    if (!window.isVisible()) window.show();
    const answer = await ask(window, repeatedCrashQuestion());
    asking.delete(contents);
    if (window.isDestroyed() || isStopping()) return;
    if (answer === text.recovery.reload) reload(contents);
    else window.close();
  }

  function recover(contents: WebContents, facts: { reason: string; exit_code?: number }): void {
    const last = reloaded.get(contents);
    const isRepeated = last !== undefined && now() - last <= RELOAD_PAUSE_MS;
    const exists = !contents.isDestroyed();
    log('ERROR', { type: 'window_process_gone', ...facts, reload: exists && !isRepeated });
    if (!exists) return;
    if (isRepeated) void askWhatToDo(contents);
    else reload(contents);
  }

  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    // The overlay is opened again when it is needed.
    if (isStopping() || reason === 'clean-exit' || !isAppWindow({ webContents: contents })) return;
    recover(contents, { reason, exit_code: exitCode });
  });

  // GPU, audio and network process: Chromium restarts them itself.
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (isStopping() || reason === 'clean-exit') return;
    if (name === AUDIO_PROCESS && wasAudioEnded()) return;
    log('ERROR', { type: 'process_gone', process: type, name: name ?? '', reason, exit_code: exitCode });
  });

  forEachAppWindow((window) => {
    // The first window is opened before the host runs: its page may have crashed before this.
    if (window.webContents.isCrashed()) recover(window.webContents, { reason: 'unknown' });
    /** Closes the open question; null: none is open. */
    let question: AbortController | null = null;
    window.on('unresponsive', async () => {
      if (question || isStopping()) return;
      log('WARNING', { type: 'window_unresponsive', window: window.id });
      question = new AbortController();
      const answer = await ask(window, hangQuestion(), question.signal);
      question = null;
      if (answer !== text.recovery.reload || window.isDestroyed()) return;
      // A hanging page can't reload: end its process. The handler above then reloads it, regardless of the last reload.
      reloaded.delete(window.webContents);
      window.webContents.forcefullyCrashRenderer();
    });
    window.on('responsive', () => question?.abort());
  });
}

interface Question extends Pick<MessageBoxOptions, 'message' | 'detail' | 'defaultId' | 'cancelId'> {
  buttons: readonly string[];
}

const hangQuestion = (): Question => ({
  ...text.recovery.hangs,
  buttons: [text.recovery.wait, text.recovery.reload],
  defaultId: 0,
  cancelId: 0,
});

const repeatedCrashQuestion = (): Question => ({
  ...text.recovery.stoppedTwice,
  buttons: [text.recovery.reload, text.recovery.close],
  defaultId: 0,
  cancelId: 1,
});

/** @returns the button that was pressed */
async function ask(window: BrowserWindow, question: Question, signal?: AbortSignal): Promise<string | undefined> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: text.app.name,
    ...question,
    buttons: [...question.buttons],
    noLink: true,
    ...(signal ? { signal } : {}),
  });
  return question.buttons[response];
}
