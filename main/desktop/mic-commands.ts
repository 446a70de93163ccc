import type { WebContents } from 'electron';
import type { MicCommand } from '../../shared/desktop.ts';
import { notifyWindows, sendTo } from './ipc.ts';
import type { Windows } from './windows.ts';

/** A command that its page could not hear within this long (ms) is forgotten: nobody expects the microphone any more. */
export const COMMAND_TIMEOUT_MS = 10_000;

export interface MicCommands {
  /** `toggle` and `start` go to the window used last, or to a new one; `stop` goes to all. */
  send(command: MicCommand): void;
  /** The page in these contents listens from now on. */
  listens(contents: WebContents): void;
}

export interface MicCommandsOptions {
  windows: Pick<Windows, 'current'>;
  openWindow: () => void;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

/** Carries what a person asks for outside of the windows, by the global shortcut or in the tray, to a window. */
export function createMicCommands(options: MicCommandsOptions): MicCommands {
  const { windows, openWindow, now = () => performance.now() } = options;
  const known = new WeakSet<WebContents>();
  const listening = new WeakSet<WebContents>();
  const waiting = new WeakMap<WebContents, { command: MicCommand; since: number }>();

  return {
    send(command) {
      if (command === 'stop') return notifyWindows('onMicCommand', command);
      if (!windows.current()) openWindow();
      const contents = windows.current()?.webContents;
      if (!contents) return;
      if (listening.has(contents)) sendTo(contents, 'onMicCommand', command);
      // Two presses before the page is there mean one: the second is made because nothing was to be seen yet.
      else waiting.set(contents, { command, since: now() });
    },
    listens(contents) {
      if (listening.has(contents)) return;
      listening.add(contents);
      if (!known.has(contents)) {
        known.add(contents);
        const deaf = () => void listening.delete(contents);
        // Reloaded or gone: what would be sent before the next page listens would be lost.
        contents.on('did-start-loading', deaf);
        contents.on('render-process-gone', deaf);
      }
      const asked = waiting.get(contents);
      waiting.delete(contents);
      if (asked && now() - asked.since <= COMMAND_TIMEOUT_MS) sendTo(contents, 'onMicCommand', asked.command);
    },
  };
}
