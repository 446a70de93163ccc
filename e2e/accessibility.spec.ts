import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { SECTIONS } from '../renderer/features/settings/sections.ts';
import { addRecordings } from './support/add-recordings.ts';
import { expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';
import { prepareWindowStates, SIMULATED_ERRORS, type WindowState } from './support/window-states.ts';

const THEMES = ['light', 'dark'] as const;
/** Window sizes (CSS pixels): narrow, medium, wide. */
const SIZES = [
  [360, 720],
  [960, 720],
  [1280, 900],
] as const;

/** What axe finds in the window as it is shown, one line for each element. */
async function violations(page: Page, place: string): Promise<string[]> {
  // Legacy mode: axe otherwise opens a page of its own, which Electron can't do.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${place}: ${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Checks the window in both themes, at every size. */
async function checkEverywhere({ page }: EarshotWindow, place: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of THEMES) {
    // Without motion, no colour is between two others.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
      found.push(...(await violations(page, `${place}, ${colorScheme}, ${width}`)));
    }
  }
  return found;
}

const STATES: readonly WindowState[] = [
  'idle',
  'listening',
  'paused',
  'muted',
  'reconnecting',
  'stopping',
  'saved',
  'mic-denied',
];

test('axe finds nothing in the states of a turn, in both themes and at every size', async ({ app }) => {
  test.slow();
  app.allowErrors(SIMULATED_ERRORS);
  const earshot = await app.open();
  const enterState = await prepareWindowStates(earshot);
  for (const state of STATES) {
    await enterState(state);
    expect.soft(await checkEverywhere(earshot, state)).toEqual([]);
  }
});

test('axe finds nothing in recordings, log and dialogs, in both themes and at every size', async ({ app }) => {
  test.slow();
  addRecordings(app.dataDir, 12);
  const earshot = await app.open();
  const { page } = earshot;
  const check = async (place: string) => expect.soft(await checkEverywhere(earshot, place)).toEqual([]);
  await page.setViewportSize({ width: 960, height: 720 });
  await expect(earshot.recordingRows).not.toHaveCount(0);
  await check('recordings');
  await page.setViewportSize({ width: 960, height: 720 });
  await earshot.recordingRows.nth(1).click();
  await expect(earshot.recordingDetail).toBeVisible();
  await check('details of a recording');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByTestId('recording-delete').click();
  await expect(page.getByTestId('recordings-deleted')).toBeVisible();
  await check('after a deletion');
  await page.setViewportSize({ width: 1280, height: 900 });
  await earshot.showLog();
  await page.getByTestId('log-row').first().click();
  await check('log with a selected line');
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const section of SECTIONS) {
    if ((await page.getByTestId('settings').isVisible()) && !(await page.getByRole('dialog').isVisible())) {
      await page.getByTestId('settings').click();
    }
    const tab = page.getByTestId(`settings-${section}`);
    // The browser tab has fewer sections than the desktop app.
    if (!(await tab.isVisible())) continue;
    await tab.click();
    await check(`settings, ${section}`);
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  await page.keyboard.press('Escape');
  await page.getByTestId('health').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check('connection health');
});

test('axe finds what is wrong: a button without a name', async ({ app }) => {
  const { page } = await app.open();
  await page.evaluate(() => document.body.append(document.createElement('button')));
  expect(await violations(page, 'idle')).toEqual([expect.stringContaining('button-name')]);
});
