import { join } from 'node:path';
import { app, type BrowserWindow, nativeImage } from 'electron';
import type { TalkState } from '../../shared/desktop.ts';
import { text } from '../text/text.ts';
import { appIcon } from './app-icon.ts';
import type { TalkReports } from './talk-reports.ts';
import { appWindows } from './windows.ts';

type Mark = 'none' | 'recording' | 'paused';

export interface TaskBarOptions {
  reports: TalkReports;
  /** Absolute path of the build folder. */
  dist: string;
  platform?: NodeJS.Platform;
}

/** What the task bar shows for a turn: nothing before sound has arrived. Pure. */
export function markOf(talk: TalkState): Mark {
  if (talk === 'off' || talk === 'waiting') return 'none';
  return talk === 'paused' || talk === 'muted' ? 'paused' : 'recording';
}

/**
 * Marks Earshot in the task bar while it records. Windows: a red mark over the window's button. macOS: a badge on the
 * Dock icon, for all windows together. Linux: a marked icon of the window, which X11 desktops show in the task bar and
 * when switching windows; on Wayland the desktop shows the icon of the program, and only the title says it.
 */
export function setupTaskBar({ reports, dist, platform = process.platform }: TaskBarOptions): void {
  const shown = new WeakMap<BrowserWindow, Mark>();
  const picture = (name: string) => join(dist, 'taskbar', `${name}.png`);

  function show(window: BrowserWindow, mark: Mark): void {
    if (window.isDestroyed() || (shown.get(window) ?? 'none') === mark) return;
    shown.set(window, mark);
    if (platform === 'win32') {
      if (mark === 'none') window.setOverlayIcon(null, '');
      else window.setOverlayIcon(nativeImage.createFromPath(picture(mark)), text.taskBar[mark]);
    } else if (platform === 'linux') {
      const own = appIcon(dist, platform)?.icon;
      if (mark !== 'none') window.setIcon(picture(`app-${mark}`));
      else if (own !== undefined) window.setIcon(own);
    }
  }

  reports.onChange(() => {
    const talks = reports.all();
    if (platform === 'darwin') {
      const marks = [...talks.values()].map(({ talk }) => markOf(talk));
      app.dock?.setBadge(marks.includes('recording') ? '●' : marks.includes('paused') ? '○' : '');
      return;
    }
    for (const window of appWindows()) {
      if (!window.isDestroyed()) show(window, markOf(talks.get(window.webContents)?.talk ?? 'off'));
    }
  });
}
