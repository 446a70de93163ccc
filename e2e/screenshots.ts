import { join } from 'node:path';
import { type BrowserContext, expect, type Page, type WebSocketRoute } from '@playwright/test';
import { ROOT } from './support/host-process.ts';
import { test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

/** Another folder to look at them first. */
const FOLDER = process.env.EARSHOT_PICTURES ?? join(ROOT, 'docs/images');
/** So many connections make a histogram worth a picture. */
const CONNECTIONS = 12;

/** Pictures of the real app for the README (tools/screenshots.ts). Not a test of anything. */
for (const theme of ['light', 'dark'] as const) {
  test(`pictures, ${theme}`, async ({ app }) => {
    app.allowErrors(/log: .* MIC_FAILED/);
    const earshot = await app.open({ permission: 'denied' });
    const { page } = earshot;
    await page.setViewportSize({ width: 1200, height: 720 });
    await page.emulateMedia({ colorScheme: theme });
    await picture(earshot, `idle-${theme}`);
    await earshot.press();
    await earshot.expectView('error');
    await picture(earshot, `error-${theme}`);

    const line = await voiceLine(page);
    await listen(earshot, page.context());
    await picture(earshot, `listening-${theme}`);
    await line.cut();
    await expect(earshot.status).toContainText('does not answer', { timeout: 30_000 });
    await picture(earshot, `reconnecting-${theme}`);
    line.mend();
    await page.getByTestId('retry-now').click();
    await earshot.expectView('listening');
    await earshot.press();
    await earshot.expectView('idle');
    await expect(earshot.recording).toBeVisible();
    await picture(earshot, `saved-${theme}`);
  });

  test(`health, ${theme}`, async ({ app }) => {
    const earshot = await app.open();
    const { page } = earshot;
    await page.setViewportSize({ width: 1200, height: 720 });
    await page.emulateMedia({ colorScheme: theme });
    for (let i = 0; i < CONNECTIONS; i++) {
      await earshot.press();
      await earshot.expectView('listening');
      await earshot.press();
      await earshot.expectView('idle');
    }
    await page.getByTestId('health').click();
    await expect(page.getByTestId('health-figures')).toContainText(`Last ${CONNECTIONS} connections`);
    await picture(earshot, `health-${theme}`);
  });
}

/** Until the voice is in full flow: the meter has something to show. */
async function listen(earshot: EarshotWindow, context: BrowserContext): Promise<void> {
  await context.grantPermissions(['microphone']);
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
}

/** The page's voice connections from now on: all of them can be cut, and none comes about until `mend`. */
async function voiceLine(page: Page): Promise<{ cut(): Promise<void>; mend(): void }> {
  const open = new Set<{ page: WebSocketRoute; server: WebSocketRoute }>();
  let whole = true;
  await page.routeWebSocket(/\/ws\/voice/, (socket) => {
    if (whole) open.add({ page: socket, server: socket.connectToServer() });
    else void socket.close({ code: 1011 });
  });
  return {
    async cut() {
      whole = false;
      for (const ends of open) {
        // First the page, so that it sends nothing into a closed connection; then the server, with a code that says nothing.
        await ends.page.close({ code: 1011 });
        await ends.server.close({ code: 4000 });
      }
      open.clear();
    },
    mend() {
      whole = true;
    },
  };
}

async function picture(earshot: EarshotWindow, name: string): Promise<void> {
  // Off the button, so that no picture shows it hovered or focused.
  await earshot.page.mouse.move(0, 0);
  await earshot.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await earshot.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}
