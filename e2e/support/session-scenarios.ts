import { type ElectronApplication, expect } from '@playwright/test';
import { installPageFaults } from './page-faults.ts';
import type { EarshotWindow } from './window.ts';

// Sessions that the log's view of a session tells apart. Each function begins in an idle window.

/** Reloads the window with faults that the scenarios can set. */
export async function prepareFaults(earshot: EarshotWindow): Promise<void> {
  await earshot.page.addInitScript(installPageFaults);
  await earshot.page.reload();
  await earshot.expectView('idle');
}

/** A turn of some seconds without a fault. */
export async function cleanTurn(earshot: EarshotWindow, seconds = 2): Promise<void> {
  await earshot.press();
  await earshot.expectListenedFor(seconds);
  await earshot.press();
  await earshot.expectView('idle');
}

/** A turn whose first two welcomes the window does not receive. Needs `prepareFaults`. */
export async function turnWithThirdWelcome(earshot: EarshotWindow): Promise<void> {
  await earshot.page.evaluate(() => {
    window.faults.welcomesLost = 2;
  });
  await cleanTurn(earshot, 1);
}

/** A turn during which the voice server restarts. @param restart restarts it */
export async function turnWithRestart(earshot: EarshotWindow, restart: () => Promise<unknown>): Promise<void> {
  await earshot.press();
  await earshot.expectListenedFor(2);
  await restart();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(4);
  await earshot.press();
  await earshot.expectView('idle');
}

/** Has the window's connections carry another page's origin, as a browser would write it. Desktop app only. */
export async function sendForeignOrigin(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ session }) => {
    session.defaultSession.webRequest.onBeforeSendHeaders({ urls: ['ws://*/*'] }, ({ requestHeaders }, callback) =>
      callback({ requestHeaders: { ...requestHeaders, Origin: 'https://example.org' } }),
    );
  });
}

/** Shows the session of the line that says that the window is connected. */
export async function openSession(earshot: EarshotWindow): Promise<void> {
  const { page } = earshot;
  await earshot.showLog();
  await earshot.showEveryLine();
  await earshot.logSearch.fill('ws_connected');
  await page.locator('[data-event="WS_CONNECTED"]').first().click();
  // A key, because narrow rows have no room for the tag of their session.
  await page.getByTestId('log-list').press('s');
  await earshot.logSearch.fill('');
  await expect(page.getByTestId('session-view')).toBeVisible();
}
