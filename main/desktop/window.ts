import { BrowserWindow, nativeTheme, type WebPreferences } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { START_URL } from './origin.ts';

// Electron's security checklist, items 2 (no Node in the page), 3 (context isolation), 4 (sandbox), 6 (web security),
// 8 (no insecure content), 9 and 10 (no experiments). Most are Electron's defaults: stated, so that they stay.
const PAGE: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  // A turn goes on while its window is covered or minimised; throttled timers would stretch its deadlines to 1 s.
  backgroundThrottling: false,
};

export interface WindowOptions {
  /** Absolute path of the built preload script. */
  preload: string;
  log: Log;
  /** Called when the window has drawn its page for the first time. */
  onShown?: () => void;
}

/** Opens one more window on the page; it appears when there is something to see. Sizes in device-independent pixels. */
export function createWindow({ preload, log, onShown }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Earshot',
    width: 960,
    height: 720,
    minWidth: 360,
    minHeight: 480,
    show: false,
    // --bg of renderer/ui/tokens.css: no flash before the first paint.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141617' : '#fcfcfa',
    autoHideMenuBar: true,
    webPreferences: { ...PAGE, preload },
  });
  const { id } = window;
  log('WINDOW_OPENED', { window: id });
  window.on('closed', () => log('WINDOW_CLOSED', { window: id }));
  window.once('ready-to-show', () => {
    window.show();
    onShown?.();
  });
  window.loadURL(START_URL).catch((error: unknown) => {
    if (window.isDestroyed()) return;
    log('ERROR', { type: 'window_load_failed', window: id, detail: describeError(error) });
    window.show();
  });
  return window;
}

/** Brings a window to the front, the focused one where there is one. False: there is none. */
export function focusWindow(): boolean {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  if (!window) return false;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  return true;
}
