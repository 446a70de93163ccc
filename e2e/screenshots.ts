import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ROOT } from '../testing/host-process.ts';
import { test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';
import { prepareWindowStates, SIMULATED_ERRORS } from './support/window-states.ts';

/** EARSHOT_PICTURES names another folder, to review the images before they replace those of the docs. */
const FOLDER = process.env.EARSHOT_PICTURES ?? join(ROOT, 'docs/images');
/** Number of connections, to fill the histogram. */
const CONNECTIONS = 12;

/** The size of the window at its first start. */
const SIZE = { width: 960, height: 720 };

/** Not a test: takes the README's screenshots of the desktop app (tools/screenshots.ts). */
for (const theme of ['light', 'dark'] as const) {
  test(`pictures, ${theme}`, async ({ app }) => {
    test.slow();
    app.allowErrors(SIMULATED_ERRORS);
    const earshot = await app.open();
    const { page } = earshot;
    await page.setViewportSize(SIZE);
    await page.emulateMedia({ colorScheme: theme });
    await takeScreenshot(earshot, `idle-${theme}`);
    const enter = await prepareWindowStates(earshot);
    await enter('listening');
    // Wait until the speech has started and the meter shows a level.
    await earshot.expectListenedFor(2);
    await takeScreenshot(earshot, `listening-${theme}`);
    await earshot.press();
    await earshot.expectView('idle');
    await expect(earshot.recording).toBeVisible();
    await takeScreenshot(earshot, `saved-${theme}`);
    await enter('mic-denied');
    await takeScreenshot(earshot, `error-${theme}`);
    await enter('unreachable');
    await takeScreenshot(earshot, `reconnecting-${theme}`);
  });

  test(`health, ${theme}`, async ({ app }) => {
    const earshot = await app.open();
    const { page } = earshot;
    await page.setViewportSize(SIZE);
    await page.emulateMedia({ colorScheme: theme });
    for (let i = 0; i < CONNECTIONS; i++) {
      await earshot.press();
      await earshot.expectView('listening');
      await earshot.press();
      await earshot.expectView('idle');
    }
    await page.getByTestId('health').click();
    await expect(page.getByTestId('health-figures')).toContainText(`Last ${CONNECTIONS} connections`);
    await takeScreenshot(earshot, `health-${theme}`);
  });
}

async function takeScreenshot(earshot: EarshotWindow, name: string): Promise<void> {
  // Move the mouse and the focus away, so that no button looks hovered or focused.
  await earshot.page.mouse.move(0, 0);
  await earshot.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await earshot.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}
