import { BrowserWindow, type WebPreferences } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { START_URL } from './origin.ts';
import { windowBackground } from './theme.ts';
import type { WindowBounds } from './window-bounds.ts';

// The numbers are those of Electron's security checklist. Most are Electron's defaults: stated, so that they stay.
const PAGE: WebPreferences = {
  // Item 2: no Node in the page, its frames or its workers.
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  // Item 3: the page can't reach into the preload's world.
  contextIsolation: true,
  // Item 4: the operating system's sandbox; sandbox.ts holds it for every other page as well.
  sandbox: true,
  // Item 6 and item 8: the same-origin policy, and no content by insecure ways.
  webSecurity: true,
  allowRunningInsecureContent: false,
  // Item 9 and item 10: no experiments; `enableBlinkFeatures` is left out, so none of Blink's by name either.
  experimentalFeatures: false,
  // Item 11 and item 12: the tag does not exist; navigation.ts stops what would be attached all the same.
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  // A turn goes on while its window is covered or minimised; throttled timers would stretch its deadlines to 1 s.
  backgroundThrottling: false,
};

export interface WindowOptions {
  /** Absolute path of the built preload script. */
  preload: string;
  /** False: they can't be opened in this window, by nobody. */
  devTools: boolean;
  /** Where it goes. */
  place: WindowBounds;
  /** Null: the system has one for it. */
  icon: { icon: string } | null;
  log: Log;
  /** Called when the window has drawn its page for the first time. */
  onShown?: () => void;
}

/** Opens one more window on the page; it appears when there is something to see. Sizes in device-independent pixels. */
export function createWindow({ preload, devTools, place, icon, log, onShown }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Earshot',
    ...place.bounds,
    minWidth: 360,
    minHeight: 480,
    show: false,
    // No flash before the first paint.
    backgroundColor: windowBackground(),
    ...icon,
    webPreferences: { ...PAGE, preload, devTools },
  });
  const { id } = window;
  log('WINDOW_OPENED', { window: id });
  window.on('closed', () => log('WINDOW_CLOSED', { window: id }));
  window.once('ready-to-show', () => {
    // To maximise a window shows it: not before there is something to see.
    if (place.mode === 'maximized') window.maximize();
    window.show();
    if (place.mode === 'full_screen') window.setFullScreen(true);
    onShown?.();
  });
  window.loadURL(START_URL).catch((error: unknown) => {
    // A load that another one has taken the place of is no failure: that one shows the page.
    if (window.isDestroyed() || isReplaced(error)) return;
    log('ERROR', { type: 'window_load_failed', window: id, detail: describeError(error) });
    window.show();
  });
  return window;
}

/** Chromium's ERR_ABORTED, by the `code` that Electron gives its error. */
function isReplaced(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'ERR_ABORTED';
}
