import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { test } from './support/test.ts';
import { prepareWindowStates, SIMULATED_ERRORS, WINDOW_STATES } from './support/window-states.ts';

/** The output folder, set by `npm run screenshots -- --every-state`. */
const FOLDER = process.env.EARSHOT_PICTURES ?? 'test-results/every-state';
const SIZES = [
  [360, 480],
  [480, 640],
  [700, 800],
  [960, 720],
  [1280, 900],
  [1600, 1000],
] as const;
/** Preferences of users' systems, as CSS media features. */
const MEDIA = {
  light: { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference' },
  dark: { colorScheme: 'dark', forcedColors: 'none', reducedMotion: 'no-preference' },
  still: { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' },
  forced: { colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'no-preference' },
} as const;

/** Not a test: takes a screenshot of every state of the window with every media setting at every size, for review. */
test('every state of a turn', async ({ app }) => {
  test.setTimeout(600_000);
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const enter = await prepareWindowStates(earshot);
  for (const state of WINDOW_STATES) {
    await enter(state);
    await takeScreenshots(earshot.page, state);
  }
});

test('lists, dialogs and the log', async ({ app }) => {
  test.setTimeout(600_000);
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.showLog();
  await takeScreenshots(
    page,
    'log-empty',
    async () => void (await page.getByTestId('log-clear').dispatchEvent('click')),
  );
  await earshot.press();
  await earshot.expectListenedFor(2);
  await earshot.press();
  await expect(earshot.recording).toBeVisible();
  addRecordings(app.dataDir, 8);

  await page.setViewportSize({ width: 960, height: 720 });
  await earshot.showRecordings();
  await earshot.recordingRows.nth(1).click();
  await takeScreenshots(page, 'recordings', async () => {
    const tab = page.getByTestId('tab-recordings');
    if (await tab.isVisible()) await tab.click();
  });

  await page.setViewportSize({ width: 960, height: 720 });
  await earshot.showLog();
  await page.getByTestId('log-row').last().click();
  await page.getByTestId('log-expand').last().click();
  await takeScreenshots(page, 'log-open', async () => {
    const tab = page.getByTestId('tab-log');
    if (await tab.isVisible()) await tab.click();
  });
  await page.setViewportSize({ width: 960, height: 720 });

  for (const dialog of ['settings', 'health']) {
    await page.getByTestId(dialog).click();
    await takeScreenshots(page, dialog);
    await page.keyboard.press('Escape');
  }
});

/** Takes a screenshot for each media setting and size: `<name>-<media>-<width>x<height>.png`. */
async function takeScreenshots(page: Page, name: string, before: () => Promise<void> = async () => {}): Promise<void> {
  await page.mouse.move(0, 0);
  for (const [mediaName, media] of Object.entries(MEDIA)) {
    await page.emulateMedia(media);
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await before();
      // The log renders its rows one frame after a resize.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      await page.screenshot({
        path: join(FOLDER, `${name}-${mediaName}-${width}x${height}.png`),
        animations: 'disabled',
      });
    }
  }
}
