import { BrowserWindow, type Rectangle, type Session } from 'electron';
import { text } from '../text/text.ts';
import { ORIGIN } from './origin.ts';
import { windowBackground } from './theme.ts';
import { WEB_PREFERENCES } from './window.ts';

export const OVERLAY_URL = `${ORIGIN}/overlay.html`;

export interface OverlayWindowOptions {
  /** Absolute path of the overlay's built preload script. */
  preload: string;
  session: Session;
  devTools: boolean;
  bounds: Rectangle;
  platform: NodeJS.Platform;
}

/**
 * Opens the overlay without giving it the focus: only a click does. It stays above other windows, on every workspace
 * where the system allows it, and is in no task bar.
 */
export function openOverlayWindow(options: OverlayWindowOptions): BrowserWindow {
  const { preload, session, devTools, bounds, platform } = options;
  const window = new BrowserWindow({
    title: text.app.name,
    ...bounds,
    frame: false,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    skipTaskbar: true,
    alwaysOnTop: true,
    show: false,
    hasShadow: true,
    acceptFirstMouse: true,
    // macOS: a panel does not activate the app. Linux: window managers keep utilities out of the list of windows.
    ...(platform === 'darwin' ? { type: 'panel' } : platform === 'linux' ? { type: 'toolbar' } : {}),
    backgroundColor: windowBackground(),
    webPreferences: { ...WEB_PREFERENCES, backgroundThrottling: true, preload, devTools, session },
  });
  window.once('ready-to-show', () => {
    window.showInactive();
    // After it is shown: X11 window managers ignore both for a window that they do not manage yet.
    window.setAlwaysOnTop(true, 'floating');
    // Windows has no such call for virtual desktops.
    if (platform !== 'win32') window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
  });
  return window;
}
