import { app, BrowserWindow, dialog, powerMonitor, type WebContents } from 'electron';
import type { TurnReport } from '../../shared/bridge.ts';

export interface CloseConfirmationOptions {
  /** Whether the app is ending: nobody is asked then. */
  isStopping: () => boolean;
}

/**
 * Asks before a person closes a window whose page is in a turn, or quits the app from the menu or the tray. Nobody is asked by
 * a signal, by the system's end or by an update: they wait for no answer, and the turn ends in good order.
 */
export interface CloseConfirmation {
  /** The page in these contents tells where its turn stands. */
  note(contents: WebContents, turn: TurnReport): void;
  /** Quits the app, at once or when the person agrees. */
  quit(): void;
}

type Question = { message: string; detail: string; stay: string };

const QUESTIONS: Record<Exclude<TurnReport, 'none'>, Question> = {
  listening: {
    message: 'Earshot is listening',
    detail: 'Listening stops, and what was recorded until now is kept.',
    stay: 'Keep Listening',
  },
  undelivered: {
    message: 'Earshot has not saved all of what you said',
    detail: 'What has not reached the disk yet is lost with the window. Wait until it says that it is saved.',
    stay: 'Wait',
  },
};

/** Before the first window. */
export function setupCloseConfirmation({ isStopping }: CloseConfirmationOptions): CloseConfirmation {
  /** Where the turn of each page stands that is in one. */
  const turns = new Map<WebContents, Exclude<TurnReport, 'none'>>();
  /** Windows whose close was agreed to. */
  const agreed = new WeakSet<BrowserWindow>();
  const asking = new Set<BrowserWindow>();

  /** Asks at a window, once at a time. @returns whether it was agreed to */
  async function ask(window: BrowserWindow, turn: Exclude<TurnReport, 'none'>, leave: string): Promise<boolean> {
    if (asking.has(window)) return false;
    asking.add(window);
    // Out of the task bar and to the front: a question that nobody sees looks like an app that does not quit.
    if (window.isMinimized()) window.restore();
    window.show();
    const { message, detail, stay } = QUESTIONS[turn];
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: 'Earshot',
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

  app.on('browser-window-created', (_event, window) => {
    const { webContents } = window;
    const forget = () => void turns.delete(webContents);
    // Reloaded, gone or closed: its page is in no turn any more.
    webContents.on('did-start-loading', forget);
    webContents.on('render-process-gone', forget);
    window.on('closed', forget);
    window.on('close', (event) => {
      const turn = turns.get(webContents);
      if (turn === undefined || isStopping() || agreed.has(window)) return;
      event.preventDefault();
      void ask(window, turn, 'Close Window').then((leaves) => {
        if (!leaves || window.isDestroyed()) return;
        agreed.add(window);
        window.close();
      });
    });
    // Windows says it to windows alone, and raises no `before-quit`.
    window.on('session-end', () => app.quit());
  });
  // Linux and macOS: in time, rather than by the signals that may follow.
  powerMonitor.on('shutdown', () => app.quit());

  return {
    note(contents, turn) {
      if (turn === 'none' || contents.isDestroyed()) turns.delete(contents);
      else turns.set(contents, turn);
    },
    quit() {
      // One that listens says most of why the app should stay.
      const [contents, turn] = [...turns].find(([, turn]) => turn === 'listening') ?? [...turns][0] ?? [];
      const window = contents ? BrowserWindow.fromWebContents(contents) : null;
      if (turn === undefined || window === null) return app.quit();
      void ask(window, turn, 'Quit').then((leaves) => {
        if (leaves) app.quit();
      });
    },
  };
}
