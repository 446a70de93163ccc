import { app, BrowserWindow, dialog, type MessageBoxOptions, type WebContents } from 'electron';
import type { Log } from '../../shared/log-event.ts';
import { AUDIO_PROCESS } from './audio-process.ts';

/** A page that dies again within this long (ms) of a reload is asked about: another one might not help. */
export const RELOAD_PAUSE_MS = 5_000;

export interface RecoveryOptions {
  log: Log;
  /** Whether the app is ending: nothing is brought back then, and nobody asked. */
  isStopping: () => boolean;
  /** Whether Earshot itself has ended the audio process. */
  wasAudioEnded: () => boolean;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

/**
 * Brings back a page that died, and asks about one that died again at once or that hangs. The log lives in the host and
 * loses nothing; a turn ends with its page, its recording is finished, and the page that comes back says what was saved.
 * Before the first window.
 */
export function setupRecovery(options: RecoveryOptions): void {
  const { log, isStopping, wasAudioEnded, now = () => performance.now() } = options;
  const reloaded = new WeakMap<WebContents, number>();
  /** Those whose window asks what to do about a page that died again. */
  const asking = new WeakSet<WebContents>();

  function reload(contents: WebContents): void {
    reloaded.set(contents, now());
    contents.reload();
  }

  async function askWhatToDo(contents: WebContents): Promise<void> {
    const window = BrowserWindow.fromWebContents(contents);
    if (!window || asking.has(contents)) return;
    asking.add(contents);
    // One that died before it drew anything was never shown.
    if (!window.isVisible()) window.show();
    const answer = await ask(window, STOPPED_TWICE);
    asking.delete(contents);
    if (window.isDestroyed() || isStopping()) return;
    if (answer === 'Reload') reload(contents);
    else window.close();
  }

  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (isStopping() || reason === 'clean-exit') return;
    const last = reloaded.get(contents);
    const again = last !== undefined && now() - last <= RELOAD_PAUSE_MS;
    const there = !contents.isDestroyed();
    log('ERROR', { type: 'window_process_gone', reason, exit_code: exitCode, reload: there && !again });
    if (!there) return;
    if (again) void askWhatToDo(contents);
    else reload(contents);
  });

  // The graphics, the audio and the network service: Chromium starts them again by itself.
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (isStopping() || reason === 'clean-exit') return;
    if (name === AUDIO_PROCESS && wasAudioEnded()) return;
    log('ERROR', { type: 'process_gone', process: type, name: name ?? '', reason, exit_code: exitCode });
  });

  app.on('browser-window-created', (_event, window) => {
    /** Closes the question, which stands while this is set. */
    let question: AbortController | null = null;
    window.on('unresponsive', async () => {
      if (question || isStopping()) return;
      log('WARNING', { type: 'window_unresponsive', window: window.id });
      question = new AbortController();
      const answer = await ask(window, HANGS, question.signal);
      question = null;
      if (answer !== 'Reload' || window.isDestroyed()) return;
      // A page that hangs hears no reload: it is ended, and what ends is brought back above, whenever the last time was.
      reloaded.delete(window.webContents);
      window.webContents.forcefullyCrashRenderer();
    });
    window.on('responsive', () => question?.abort());
  });
}

interface Question extends Pick<MessageBoxOptions, 'message' | 'detail' | 'defaultId' | 'cancelId'> {
  buttons: readonly string[];
}

const HANGS: Question = {
  message: "Earshot's window does not respond",
  detail: 'Wait, or reload it. What was recorded is kept.',
  buttons: ['Wait', 'Reload'],
  defaultId: 0,
  cancelId: 0,
};

const STOPPED_TWICE: Question = {
  message: "Earshot's window stopped twice",
  detail: 'Reload it, or close it. What was recorded is kept.',
  buttons: ['Reload', 'Close'],
  defaultId: 0,
  cancelId: 1,
};

/** @returns the button that was pressed */
async function ask(window: BrowserWindow, question: Question, signal?: AbortSignal): Promise<string | undefined> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'Earshot',
    ...question,
    buttons: [...question.buttons],
    noLink: true,
    ...(signal ? { signal } : {}),
  });
  return question.buttons[response];
}
