import { BrowserWindow, nativeTheme, type WebPreferences } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { START_URL } from './origin.ts';
import type { WindowPlace } from './window-place.ts';

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
  place: WindowPlace;
  log: Log;
  /** Called when the window has drawn its page for the first time. */
  onShown?: () => void;
}

/** Opens one more window on the page; it appears when there is something to see. Sizes in device-independent pixels. */
export function createWindow({ preload, devTools, place, log, onShown }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Earshot',
    ...place.bounds,
    minWidth: 360,
    minHeight: 480,
    show: false,
    // --bg of renderer/ui/tokens.css: no flash before the first paint.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141617' : '#fcfcfa',
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
    if (window.isDestroyed()) return;
    log('ERROR', { type: 'window_load_failed', window: id, detail: describeError(error) });
    window.show();
  });
  return window;
}
