import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow, screen } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { placeWindow, type WindowPlace, WindowState } from './window-place.ts';

// Electron has an option of its own for this, `windowStatePersistence`. It is experimental, wants a name of its own for
// each window, and writes outside of the data folder.

/** A drag or a resize tells each step; what it ends with is written when there was no further step for this long (ms). */
export const SETTLE_MS = 500;

export interface WindowStateKeeper {
  /** Where the next window goes. */
  place(lastUsed: BrowserWindow | null): WindowPlace;
  /** Remembers where this window goes from now on. */
  track(window: BrowserWindow): void;
  /** Writes at once what still waits: the app ends. */
  flush(): void;
}

/** Remembers in `<dir>/window.json`, readable by its owner alone, where the window changed last was left. */
export function createWindowState({ dir, log }: { dir: string; log: Log }): WindowStateKeeper {
  const file = join(dir, 'window.json');
  const waiting = new Map<BrowserWindow, NodeJS.Timeout>();
  let failed = false;

  function save(window: BrowserWindow): void {
    clearTimeout(waiting.get(window));
    waiting.delete(window);
    // A minimised window does not say whether it was maximised before.
    if (window.isDestroyed() || window.isMinimized()) return;
    const mode = window.isFullScreen() ? 'full_screen' : window.isMaximized() ? 'maximized' : 'normal';
    const { x, y, width, height } = window.getNormalBounds();
    const state: WindowState = { x, y, width, height, mode };
    try {
      // Beside it, then in its place: a reader finds the former state or this one, never a half.
      writeFileSync(`${file}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      if (!failed) log('WARNING', { type: 'window_state_not_saved', detail: describeError(error) });
      failed = true;
    }
  }

  return {
    place(lastUsed) {
      const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
      const others = BrowserWindow.getAllWindows().filter((window) => window !== lastUsed);
      const open = [...others, ...(lastUsed ? [lastUsed] : [])].map((window) => window.getNormalBounds());
      return placeWindow(readState(file), areas, open);
    },
    track(window) {
      const changed = () => {
        clearTimeout(waiting.get(window));
        waiting.set(window, setTimeout(save, SETTLE_MS, window));
      };
      window.on('resize', changed);
      window.on('move', changed);
      window.on('maximize', changed);
      window.on('unmaximize', changed);
      window.on('enter-full-screen', changed);
      window.on('leave-full-screen', changed);
      window.on('close', () => save(window));
    },
    flush() {
      for (const window of [...waiting.keys()]) save(window);
    },
  };
}

/** @returns null where there is no file, or none that says where a window was */
function readState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
