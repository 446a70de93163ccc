import { app, type WebContents } from 'electron';
import { isOwnUrl, START_URL } from './origin.ts';

// Electron's security checklist, item 11 and item 12: no webview, so none with unsafe options. Item 13: no navigation.
// Item 14: only the host opens windows; links are not opened in another program either.

/** Stops every page from navigating, redirecting, opening or embedding anything. Call before the first window opens. */
export function setupNavigation(): void {
  app.on('web-contents-created', (_event, contents) => denyNavigation(contents));
}

/** `loadURL` and `reload` emit none of these events, so only navigation started by the page is stopped. */
function denyNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  returnToStart(contents);
}

/**
 * Chromium allows navigation to `about:blank` without an event: loads Earshot's page again after that. Meanwhile ipc.ts
 * refuses every bridge call.
 */
function returnToStart(contents: WebContents): void {
  let wasOwn = false;
  contents.on('did-navigate', (_event, url) => {
    if (isOwnUrl(url)) wasOwn = true;
    else if (wasOwn) contents.loadURL(START_URL).catch(() => {});
  });
}
