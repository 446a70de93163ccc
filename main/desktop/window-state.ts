import { join } from 'node:path';
import { BrowserWindow, type Rectangle, screen } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { readOwnFileSync, replaceFileSync } from '../files/own-files.ts';
import { frameOffset, restoreBounds, type WindowBounds, WindowState } from './window-bounds.ts';

// Electron has an option of its own for this, `windowStatePersistence`. It is experimental, wants a name of its own for
// each window, and writes outside of the data folder.

/**
 * A window manager frames a window at once, one that opens maximised or full screen as soon as it is normal. What moves it later than this (ms)
 * is a person.
 */
export const FRAMED_WITHIN_MS = 3_000;

/** A window's place takes about a hundred. */
const MAX_BYTES = 4096;

/** A drag or a resize tells each step; what it ends with is written when there was no further step for this long (ms). */
export const SETTLE_MS = 500;

export interface WindowStateKeeper {
  /** Where the next window goes. */
  place(lastUsed: BrowserWindow | null): WindowBounds;
  /** Remembers where this window goes from now on. */
  track(window: BrowserWindow): void;
  /** Writes at once what still waits: the app ends. */
  flush(): void;
}

interface Tracked {
  /** Where its frame is while neither maximised nor full screen; as asked for, until it says something else. */
  normal: Rectangle;
  /** How far what the window says of its place lies from its frame's; null: the frame has not shown yet. */
  frame: { x: number; y: number } | null;
  timer: NodeJS.Timeout | undefined;
}

interface WindowStateOptions {
  dir: string;
  log: Log;
  platform?: NodeJS.Platform;
}

/** Remembers in `<dir>/window.json`, readable by its owner alone, where the window changed last was left. */
export function createWindowState({ dir, log, platform = process.platform }: WindowStateOptions): WindowStateKeeper {
  const file = join(dir, 'window.json');
  const tracked = new Map<BrowserWindow, Tracked>();
  let failed = false;

  /** Where the frame of a window is, or will be again when it is neither maximised nor full screen any more. */
  function normalBounds(window: BrowserWindow, { normal, frame }: Tracked): Rectangle {
    if (window.isMinimized()) return normal;
    const inside = modeOf(window) === 'normal';
    const { x, y, ...size } = inside ? window.getBounds() : window.getNormalBounds();
    // Of a window that opened maximised, Electron may only know where it was asked to be, which is where its frame is.
    if (!inside && x === normal.x && y === normal.y) return { x, y, ...size };
    return { x: x - (frame?.x ?? 0), y: y - (frame?.y ?? 0), ...size };
  }

  function save(window: BrowserWindow): void {
    const known = tracked.get(window);
    if (!known) return;
    clearTimeout(known.timer);
    known.timer = undefined;
    // A minimised window does not say whether it was maximised before.
    if (window.isDestroyed() || window.isMinimized()) return;
    known.normal = normalBounds(window, known);
    const state: WindowState = { ...known.normal, mode: modeOf(window) };
    try {
      // Beside it, then in its place: a reader finds the former state or this one, never a half.
      replaceFileSync(file, `${JSON.stringify(state)}\n`, 0o600);
    } catch (error) {
      if (!failed) log('WARNING', { type: 'window_state_not_saved', detail: describeError(error) });
      failed = true;
    }
  }

  /** Finds out by how much the window seems to move when the window manager puts its frame around it. */
  function watchFrame(window: BrowserWindow, known: Tracked): void {
    const onMove = () => {
      known.frame = frameOffset(known.normal, window.getBounds());
      if (known.frame) window.off('move', onMove);
    };
    let timer: NodeJS.Timeout | undefined;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (modeOf(window) === 'normal') return window.off('move', onMove);
        // Some window managers put no frame around a window before it is normal.
        window.once('unmaximize', watch);
        window.once('leave-full-screen', watch);
      }, FRAMED_WITHIN_MS);
    };
    window.once('show', () => {
      window.on('move', onMove);
      watch();
    });
    window.once('closed', () => clearTimeout(timer));
  }

  return {
    place(lastUsed) {
      const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
      const others = BrowserWindow.getAllWindows().filter((window) => window !== lastUsed);
      const open = [...others, ...(lastUsed ? [lastUsed] : [])].map((window) => {
        const known = tracked.get(window);
        return known ? normalBounds(window, known) : window.getNormalBounds();
      });
      return restoreBounds(readState(file), areas, open);
    },
    track(window) {
      const known: Tracked = { normal: window.getBounds(), frame: null, timer: undefined };
      tracked.set(window, known);
      if (platform === 'linux') watchFrame(window, known);
      const changed = () => {
        clearTimeout(known.timer);
        known.timer = setTimeout(save, SETTLE_MS, window);
      };
      window.on('resize', changed);
      window.on('move', changed);
      window.on('maximize', changed);
      window.on('unmaximize', changed);
      window.on('enter-full-screen', changed);
      window.on('leave-full-screen', changed);
      window.on('close', () => save(window));
      window.on('closed', () => {
        clearTimeout(known.timer);
        tracked.delete(window);
      });
    },
    flush() {
      for (const [window, { timer }] of [...tracked]) if (timer) save(window);
    },
  };
}

function modeOf(window: BrowserWindow): WindowState['mode'] {
  if (window.isFullScreen()) return 'full_screen';
  return window.isMaximized() ? 'maximized' : 'normal';
}

/** @returns null where there is no file, or none that says where a window was */
function readState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readOwnFileSync(file, MAX_BYTES)));
  } catch {
    return null;
  }
}
