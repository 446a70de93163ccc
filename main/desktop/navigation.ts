import { app, type WebContents } from 'electron';
import { isOwnUrl, START_URL } from './origin.ts';

// Electron's security checklist, item 11 and item 12: no webview, so none with options. Item 13: no navigation.
// Item 14: no window but those that the host opens; a link is not handed to the system either.

/** Holds every page where it was loaded: it can't leave, redirect, open or embed anything. Before the first window. */
export function setupNavigation(): void {
  app.on('web-contents-created', (_event, contents) => holdInPlace(contents));
}

/** Loading by `loadURL` and reloading by `reload` raise none of these events: only what the page starts is stopped. */
function holdInPlace(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  bringBack(contents);
}

/**
 * Chromium goes to `about:blank` without asking anybody: a page of ours that went there is loaded again. That the bridge
 * answers nothing there is held by ipc.ts.
 */
function bringBack(contents: WebContents): void {
  let wasOurs = false;
  contents.on('did-navigate', (_event, url) => {
    if (isOwnUrl(url)) wasOurs = true;
    else if (wasOurs) contents.loadURL(START_URL).catch(() => {});
  });
}
