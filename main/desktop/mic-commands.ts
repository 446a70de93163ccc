import type { WebContents } from 'electron';
import type { TurnReport } from '../../shared/bridge.ts';
import type { MicCommand } from '../../shared/desktop.ts';
import { notifyWindows, sendTo } from './ipc.ts';
import type { WindowTracker } from './windows.ts';

/** A command that its page could not receive within this time (ms) is dropped: the user no longer expects it. */
export const COMMAND_TIMEOUT_MS = 10_000;

export interface MicCommands {
  /**
   * `stop`, `cancel`, `pause` and `continue` go to all windows. `toggle`, `toggle_pause` and `toggle_mute` go to the window that
   * listens, so that a press never starts a second recording beside the first. Without one, and for `start`, the window
   * used last gets the command, or a new one.
   */
  send(command: MicCommand): void;
  /** Call when a page reports its turn. */
  setTurn(contents: WebContents, turn: TurnReport): void;
  /** Call when the page in these contents has subscribed to commands. */
  onSubscribed(contents: WebContents): void;
}

export interface MicCommandsOptions {
  windows: Pick<WindowTracker, 'current'>;
  openWindow: () => void;
  /** Monotonic clock (ms). */
  now?: () => number;
}

const FOR_ALL: ReadonlySet<MicCommand> = new Set(['stop', 'cancel', 'pause', 'continue']);
/** Without a turn these change nothing, so no window is opened for them. */
const FOR_A_TURN: ReadonlySet<MicCommand> = new Set(['toggle_pause', 'toggle_mute']);

/** Sends the commands of the global shortcut, the tray, the menu and the command line to a window. */
export function createMicCommands(options: MicCommandsOptions): MicCommands {
  const { windows, openWindow, now = () => performance.now() } = options;
  const tracked = new WeakSet<WebContents>();
  const subscribed = new WeakSet<WebContents>();
  /** Pages whose turn listens, in the order in which it began. */
  const listening = new Set<WebContents>();
  const pending = new WeakMap<WebContents, { command: MicCommand; since: number }>();

  function targetOf(command: MicCommand): WebContents | undefined {
    const current = windows.current()?.webContents;
    if (command === 'start' || (current && listening.has(current))) return current;
    return [...listening].find((contents) => !contents.isDestroyed()) ?? current;
  }

  return {
    send(command) {
      if (FOR_ALL.has(command)) return notifyWindows('onMicCommand', command);
      if (!windows.current() && !FOR_A_TURN.has(command)) openWindow();
      const contents = targetOf(command);
      if (!contents) return;
      if (subscribed.has(contents)) sendTo(contents, 'onMicCommand', command);
      // Two presses before the page has loaded count as one: the user repeated the press because nothing was visible
      // yet.
      else pending.set(contents, { command, since: now() });
    },
    setTurn(contents, turn) {
      if (turn === 'listening') listening.add(contents);
      else listening.delete(contents);
    },
    onSubscribed(contents) {
      if (subscribed.has(contents)) return;
      subscribed.add(contents);
      if (!tracked.has(contents)) {
        tracked.add(contents);
        const onPageGone = () => {
          subscribed.delete(contents);
          listening.delete(contents);
        };
        // Commands sent before the next page subscribes would be lost.
        contents.on('did-start-loading', onPageGone);
        contents.on('render-process-gone', onPageGone);
        contents.on('destroyed', onPageGone);
      }
      const request = pending.get(contents);
      pending.delete(contents);
      if (request && now() - request.since <= COMMAND_TIMEOUT_MS) sendTo(contents, 'onMicCommand', request.command);
    },
  };
}
