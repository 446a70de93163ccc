import { BrowserWindow, type WebPreferences } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { text } from '../text/text.ts';
import { START_URL } from './origin.ts';
import { windowBackground } from './theme.ts';
import type { WindowBounds } from './window-bounds.ts';

// The item numbers are those of Electron's security checklist. Most values are Electron's defaults, stated in case the
// defaults change.
export const WEB_PREFERENCES: WebPreferences = {
  // Item 2: no Node in the page, its frames or its workers.
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  // Item 3: the page can't access the preload's JavaScript context.
  contextIsolation: true,
  // Item 4: the operating system's sandbox; sandbox.ts enables it for every page.
  sandbox: true,
  // Item 6 and item 8: the same-origin policy, and no insecure content.
  webSecurity: true,
  allowRunningInsecureContent: false,
  // Item 9 and item 10: no experimental features, and no `enableBlinkFeatures`.
  experimentalFeatures: false,
  // Item 11 and item 12: no webview tag; navigation.ts also prevents attaching one.
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  // A turn continues while its window is covered or minimised; throttled timers would delay its deadlines by up to 1 s.
  backgroundThrottling: false,
};

export interface WindowOptions {
  /** Absolute path of the built preload script. */
  preload: string;
  /** False: DevTools can't be opened in this window. */
  devTools: boolean;
  initial: WindowBounds;
  /** Null: the system uses the program's own icon. */
  icon: { icon: string } | null;
  log: Log;
  /** Called when the window has drawn its page for the first time. */
  onShown?: () => void;
}

/** Opens a window with Earshot's page. Shows it after the first paint. Sizes are in device-independent pixels. */
export function createWindow({ preload, devTools, initial, icon, log, onShown }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: text.app.name,
    ...initial.bounds,
    minWidth: 360,
    minHeight: 480,
    show: false,
    // Avoids a flash before the first paint.
    backgroundColor: windowBackground(),
    ...icon,
    webPreferences: { ...WEB_PREFERENCES, preload, devTools },
  });
  const { id } = window;
  log('WINDOW_OPENED', { window: id });
  window.on('closed', () => log('WINDOW_CLOSED', { window: id }));
  window.once('ready-to-show', () => {
    // `maximize` shows the window, so it must come after the first paint.
    if (initial.mode === 'maximized') window.maximize();
    window.show();
    if (initial.mode === 'full_screen') window.setFullScreen(true);
    onShown?.();
  });
  window.loadURL(START_URL).catch((error: unknown) => {
    // A load that was replaced by a newer one is not a failure: the newer one shows the page.
    if (window.isDestroyed() || isAborted(error)) return;
    log('ERROR', { type: 'window_load_failed', window: id, detail: describeError(error) });
    window.show();
  });
  return window;
}

/** Chromium's ERR_ABORTED, which Electron gives as the error's `code`. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'ERR_ABORTED';
}
