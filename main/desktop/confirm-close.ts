import { app, BrowserWindow, dialog, powerMonitor, type WebContents } from 'electron';
import type { TurnReport } from '../../shared/bridge.ts';
import { text } from '../text/text.ts';
import { forEachAppWindow } from './windows.ts';

export interface CloseConfirmationOptions {
  /** Whether the app is stopping: no questions then. */
  isStopping: () => boolean;
}

/**
 * Asks for confirmation before the user closes a window during a turn, or quits the app from the menu or the tray
 * during one. Signals, system shutdown and updates do not ask, because they would not wait for an answer; the turn is
 * then ended and saved as usual.
 */
export interface CloseConfirmation {
  /** Records the state of the turn of a page. */
  setTurn(contents: WebContents, turn: TurnReport): void;
  /** Quits the app, after confirmation if a turn is open. */
  quit(): void;
}

export function setupCloseConfirmation({ isStopping }: CloseConfirmationOptions): CloseConfirmation {
  /** The open turn of each page that has one. */
  const turns = new Map<WebContents, Exclude<TurnReport, 'none'>>();
  /** Windows whose closing was confirmed. */
  const confirmed = new WeakSet<BrowserWindow>();
  const asking = new Set<BrowserWindow>();

  /** Asks one question at a time per window. @returns whether the user confirmed */
  async function confirm(window: BrowserWindow, turn: Exclude<TurnReport, 'none'>, leave: string): Promise<boolean> {
    if (asking.has(window)) return false;
    asking.add(window);
    // Bring the window to the front: an app with a hidden question would seem not to quit.
    if (window.isMinimized()) window.restore();
    window.show();
    const { message, detail, stay } = text.confirmClose[turn];
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: text.app.name,
      message,
      detail,
      buttons: [stay, leave],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    asking.delete(window);
    return response === 1;
  }

  forEachAppWindow((window) => {
    const { webContents } = window;
    const forget = () => void turns.delete(webContents);
    // A page that reloads, crashes or closes has no turn any more.
    webContents.on('did-start-loading', forget);
    webContents.on('render-process-gone', forget);
    window.on('closed', forget);
    window.on('close', (event) => {
      const turn = turns.get(webContents);
      if (turn === undefined || isStopping() || confirmed.has(window)) return;
      event.preventDefault();
      void confirm(window, turn, text.confirmClose.closeWindow).then((isConfirmed) => {
        if (!isConfirmed || window.isDestroyed()) return;
        confirmed.add(window);
        window.close();
      });
    });
    // On Windows a session end is reported to windows only, without `before-quit`.
    window.on('session-end', () => app.quit());
  });
  // Linux and macOS: quit before the signals that may follow.
  powerMonitor.on('shutdown', () => app.quit());

  return {
    setTurn(contents, turn) {
      if (turn === 'none' || contents.isDestroyed()) turns.delete(contents);
      else turns.set(contents, turn);
    },
    quit() {
      // Prefer a page that is listening.
      const [contents, turn] = [...turns].find(([, turn]) => turn === 'listening') ?? [...turns][0] ?? [];
      const window = contents ? BrowserWindow.fromWebContents(contents) : null;
      if (turn === undefined || window === null) return app.quit();
      void confirm(window, turn, text.confirmClose.quit).then((isConfirmed) => {
        if (isConfirmed) app.quit();
      });
    },
  };
}
