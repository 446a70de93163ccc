import type { WebContents } from 'electron';
import type { MicCommand } from '../../shared/desktop.ts';
import { notifyWindows, sendTo } from './ipc.ts';
import type { WindowTracker } from './windows.ts';

/** A command that its page could not receive within this time (ms) is dropped: the user no longer expects it. */
export const COMMAND_TIMEOUT_MS = 10_000;

export interface MicCommands {
  /** `toggle` and `start` go to the window used last, or to a new one; `stop` and `cancel` go to all. */
  send(command: MicCommand): void;
  /** Call when the page in these contents has subscribed to commands. */
  onSubscribed(contents: WebContents): void;
}

export interface MicCommandsOptions {
  windows: Pick<WindowTracker, 'current'>;
  openWindow: () => void;
  /** Monotonic clock (ms). */
  now?: () => number;
}

/** Sends the commands of the global shortcut, the tray and the command line to a window. */
export function createMicCommands(options: MicCommandsOptions): MicCommands {
  const { windows, openWindow, now = () => performance.now() } = options;
  const tracked = new WeakSet<WebContents>();
  const subscribed = new WeakSet<WebContents>();
  const pending = new WeakMap<WebContents, { command: MicCommand; since: number }>();

  return {
    send(command) {
      if (command === 'stop' || command === 'cancel') return notifyWindows('onMicCommand', command);
      if (!windows.current()) openWindow();
      const contents = windows.current()?.webContents;
      if (!contents) return;
      if (subscribed.has(contents)) sendTo(contents, 'onMicCommand', command);
      // Two presses before the page has loaded count as one: the user repeated the press because nothing was visible
      // yet.
      else pending.set(contents, { command, since: now() });
    },
    onSubscribed(contents) {
      if (subscribed.has(contents)) return;
      subscribed.add(contents);
      if (!tracked.has(contents)) {
        tracked.add(contents);
        const onPageGone = () => void subscribed.delete(contents);
        // Commands sent before the next page subscribes would be lost.
        contents.on('did-start-loading', onPageGone);
        contents.on('render-process-gone', onPageGone);
      }
      const request = pending.get(contents);
      pending.delete(contents);
      if (request && now() - request.since <= COMMAND_TIMEOUT_MS) sendTo(contents, 'onMicCommand', request.command);
    },
  };
}
