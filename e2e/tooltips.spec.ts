import type { Locator, Page } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { expect, test } from './support/test.ts';

/** Fails unless the tooltip is shown, whole, inside the window, above what is around it. */
async function expectTooltip(page: Page, words: string | RegExp): Promise<void> {
  // One that is closing stays for its animation.
  const tooltip = page.locator('.tooltip[data-open]');
  await expect(tooltip).toHaveText(words);
  await expect(tooltip).toBeInViewport({ ratio: 1 });
  const isOnTop = await tooltip.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
  expect(isOnTop, 'nothing covers the tooltip').toBe(true);
}

/** Moves the keyboard's focus to an element, as Tab would. */
async function focusByKey(page: Page, element: Locator): Promise<void> {
  await element.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(element).toBeFocused();
}

test('a tooltip appears on hover and on the focus of the keyboard, closes with Escape, and moves nothing', async ({
  app,
}) => {
  const { page } = await app.open();
  await page.setViewportSize({ width: 1280, height: 800 });
  // Until then, the list may still get its buttons.
  await expect(page.getByTestId('recordings-empty')).toBeVisible();
  const settings = page.getByTestId('settings');
  const positions = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('button')].map((button) => button.getBoundingClientRect().toJSON()),
    );
  const before = await positions();
  await settings.hover();
  await expectTooltip(page, 'Settings');
  expect(await positions()).toEqual(before);
  await page.mouse.move(640, 790);
  await expect(page.getByTestId('tooltip')).toHaveCount(0);

  await focusByKey(page, settings);
  await expectTooltip(page, 'Settings');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('tooltip')).toHaveCount(0);
  await expect(settings).toBeFocused();

  // The keys stand in the tooltip of what has a shortcut.
  await page.getByTestId('log-fold').hover();
  await expectTooltip(page, /^Show the log (Alt\+|⌥)L$/);
});

test('a tooltip of a dialog is drawn over the dialog, and Escape closes both', async ({ app }) => {
  const { page } = await app.open();
  await page.getByTestId('health').click();
  const close = page.getByRole('dialog').getByRole('button', { name: 'Close' });
  await close.hover();
  await expectTooltip(page, 'Close');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  // The focus is on the button that opened it.
  await expectTooltip(page, 'Connection health');
});

test('no button with an icon alone has a title, and each shows its name as a tooltip inside a narrow window', async ({
  app,
}) => {
  addRecordings(app.dataDir, 3);
  const earshot = await app.open();
  const { page } = earshot;
  await earshot.skipFirstSteps();
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByTestId('tab-recordings').click();
  await earshot.recordingRows.first().click();
  await expect(earshot.recordingDetail).toBeVisible();
  const names: string[] = [];
  for (const button of await page.locator('.icon-button:visible').all()) {
    await button.scrollIntoViewIfNeeded();
    await expect(button).not.toHaveAttribute('title');
    const name = (await button.getAttribute('aria-description')) ?? (await button.getAttribute('aria-label')) ?? '';
    expect(name).not.toBe('');
    await button.hover();
    await expectTooltip(page, name);
    names.push(name);
  }
  expect(names.length).toBeGreaterThan(5);
});
