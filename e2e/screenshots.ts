import { join } from 'node:path';
import { type BrowserContext, expect } from '@playwright/test';
import { ROOT } from './support/host-process.ts';
import { test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

const FOLDER = join(ROOT, 'docs/images');

/** Pictures of the real app for the README (tools/screenshots.ts). Not a test of anything. */
for (const theme of ['light', 'dark'] as const) {
  test(`pictures, ${theme}`, async ({ app }) => {
    app.allowErrors(/log: .* MIC_FAILED/);
    const earshot = await app.open({ permission: 'denied' });
    const context = earshot.page.context();
    await earshot.page.setViewportSize({ width: 1200, height: 720 });
    await earshot.page.emulateMedia({ colorScheme: theme });
    await picture(earshot, `idle-${theme}`);
    await earshot.press();
    await earshot.expectView('error');
    await picture(earshot, `error-${theme}`);
    await listen(earshot, context);
    await picture(earshot, `listening-${theme}`);
    await earshot.press();
    await earshot.expectView('idle');
    await expect(earshot.recording).toBeVisible();
    await picture(earshot, `saved-${theme}`);
  });
}

/** Until the voice is in full flow: the meter has something to show. */
async function listen(earshot: EarshotWindow, context: BrowserContext): Promise<void> {
  await context.grantPermissions(['microphone']);
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(2);
}

async function picture(earshot: EarshotWindow, name: string): Promise<void> {
  // Off the button, so that no picture shows it hovered or focused.
  await earshot.page.mouse.move(0, 0);
  await earshot.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await earshot.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}
