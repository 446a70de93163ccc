import { join } from 'node:path';
import { type BrowserWindow, type Rectangle, screen } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { readOwnedFileSync, replaceFileSync } from '../files/owned-files.ts';
import { frameOffset, restoreBounds, type WindowBounds, WindowState } from './window-bounds.ts';
import { appWindows } from './windows.ts';

// Electron's option `windowStatePersistence` is experimental, needs a different name for each window, and writes
// outside of the data folder.

/**
 * A window manager adds its frame within this time (ms) after a window is shown or, if it opened maximised or full
 * screen, after it becomes normal. Later moves come from the user.
 */
export const FRAME_DETECTION_MS = 3_000;

/** Limit for window.json, which has about 100 bytes. */
const MAX_BYTES = 4096;

/** Delay between the last move or resize event and the write (ms). */
export const SETTLE_MS = 500;

export interface WindowStateKeeper {
  /** Chooses the bounds of the next window. */
  nextBounds(lastUsed: BrowserWindow | null): WindowBounds;
  /** Saves this window's bounds whenever they change. */
  track(window: BrowserWindow): void;
  /** Writes pending changes now. Call when the app quits. */
  flush(): void;
}

interface Tracked {
  /**
   * Bounds of the frame while neither maximised nor full screen; the requested ones until the window reports others.
   */
  normal: Rectangle;
  /** Offset of the reported position from the frame's position; null: not known yet. */
  frame: { x: number; y: number } | null;
  timer: NodeJS.Timeout | undefined;
}

interface WindowStateOptions {
  dir: string;
  log: Log;
  platform?: NodeJS.Platform;
}

/** Saves the bounds of the most recently changed window in `<dir>/window.json`, readable by its owner only. */
export function createWindowState({ dir, log, platform = process.platform }: WindowStateOptions): WindowStateKeeper {
  const file = join(dir, 'window.json');
  const tracked = new Map<BrowserWindow, Tracked>();
  let failed = false;

  /** Bounds of a window's frame when neither maximised nor full screen. */
  function normalBounds(window: BrowserWindow, { normal, frame }: Tracked): Rectangle {
    if (window.isMinimized()) return normal;
    const isNormal = modeOf(window) === 'normal';
    const { x, y, ...size } = isNormal ? window.getBounds() : window.getNormalBounds();
    // For a window that opened maximised, Electron may only know the requested position, which is that of the frame.
    if (!isNormal && x === normal.x && y === normal.y) return { x, y, ...size };
    return { x: x - (frame?.x ?? 0), y: y - (frame?.y ?? 0), ...size };
  }

  function save(window: BrowserWindow): void {
    const record = tracked.get(window);
    if (!record) return;
    clearTimeout(record.timer);
    record.timer = undefined;
    // A minimised window does not report whether it was maximised before.
    if (window.isDestroyed() || window.isMinimized()) return;
    record.normal = normalBounds(window, record);
    const state: WindowState = { ...record.normal, mode: modeOf(window) };
    try {
      // Replaced atomically: a reader never sees a partial file.
      replaceFileSync(file, `${JSON.stringify(state)}\n`, 0o600);
    } catch (error) {
      if (!failed) log('WARNING', { type: 'window_state_not_saved', detail: describeError(error) });
      failed = true;
    }
  }

  /** Measures how far the reported position moves when the window manager adds the frame. */
  function watchFrame(window: BrowserWindow, record: Tracked): void {
    const onMove = () => {
      record.frame = frameOffset(record.normal, window.getBounds());
      if (record.frame) window.off('move', onMove);
    };
    let timer: NodeJS.Timeout | undefined;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (modeOf(window) === 'normal') return window.off('move', onMove);
        // Some window managers put no frame around a window before it is normal.
        window.once('unmaximize', watch);
        window.once('leave-full-screen', watch);
      }, FRAME_DETECTION_MS);
    };
    window.once('show', () => {
      window.on('move', onMove);
      watch();
    });
    window.once('closed', () => clearTimeout(timer));
  }

  return {
    nextBounds(lastUsed) {
      const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
      const others = appWindows().filter((window) => window !== lastUsed);
      const open = [...others, ...(lastUsed ? [lastUsed] : [])].map((window) => {
        const record = tracked.get(window);
        return record ? normalBounds(window, record) : window.getNormalBounds();
      });
      return restoreBounds(readState(file), areas, open);
    },
    track(window) {
      const record: Tracked = { normal: window.getBounds(), frame: null, timer: undefined };
      tracked.set(window, record);
      if (platform === 'linux') watchFrame(window, record);
      const onChange = () => {
        clearTimeout(record.timer);
        record.timer = setTimeout(save, SETTLE_MS, window);
      };
      window.on('resize', onChange);
      window.on('move', onChange);
      window.on('maximize', onChange);
      window.on('unmaximize', onChange);
      window.on('enter-full-screen', onChange);
      window.on('leave-full-screen', onChange);
      window.on('close', () => save(window));
      window.on('closed', () => {
        clearTimeout(record.timer);
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

/** @returns null if the file is missing or invalid */
function readState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readOwnedFileSync(file, MAX_BYTES)));
  } catch {
    return null;
  }
}
