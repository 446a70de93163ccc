import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/test.ts';

const NEWER = '{"schema_version":99,"theme":"solarised"}';

test('a change in one window is seen in the other at once, and a reset and its undo too', async ({ app }) => {
  const one = await app.open();
  const two = await one.openAnother();
  await one.openSettings('general');
  await one.page.getByRole('radio', { name: 'Dark' }).click();
  const theme = two.page.locator('html');
  await expect(theme).toHaveAttribute('data-theme', 'dark');
  await two.openSettings('general');
  await two.page.getByTestId('reset-theme').click();
  await expect(theme).not.toHaveAttribute('data-theme');
  await expect(one.page.getByRole('radio', { name: 'System' })).toBeChecked();
  await two.page.getByRole('button', { name: 'Undo' }).click();
  await expect(one.page.getByRole('radio', { name: 'Dark' })).toBeChecked();
});

test('with the keyboard alone: sections, search, and a reset', async ({ app }) => {
  const earshot = await app.open();
  const { page } = earshot;
  await page.setViewportSize({ width: 1_000, height: 760 });
  await page.getByTestId('settings').press('Enter');
  await expect(page.getByRole('tab', { name: 'General' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('tabpanel', { name: 'Microphone' })).toBeVisible();
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByTestId('settings-search')).toBeFocused();
  await page.keyboard.type('very short');
  const kept = page.getByRole('switch', { name: 'Keep very short recordings' });
  await expect(kept).toBeVisible();
  await kept.press('Space');
  await page.getByTestId('reset-short-recordings').press('Enter');
  await expect(kept).not.toBeChecked();
  await expect(kept).toBeFocused();
  await page.getByTestId('settings-search').press('Escape');
  await expect(page.getByRole('tabpanel')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeHidden();
});

test('a settings file from a later version is kept unchanged, and the first window says so once', async ({ app }) => {
  writeFileSync(join(app.dataDir, 'settings.json'), NEWER);
  const earshot = await app.open();
  const note = earshot.page.getByTestId('settings-file-note');
  await expect(note).toContainText('newer version of Earshot');
  const kept = readdirSync(app.dataDir).find((name) => name.startsWith('settings.json.newer-')) ?? '';
  await expect(note).toContainText(join(app.dataDir, kept));
  await note.getByRole('button', { name: 'Dismiss' }).click();
  await expect(note).toBeHidden();
  const another = await earshot.openAnother();
  await expect(another.page.getByTestId('settings-file-note')).toHaveCount(0);
  await another.openSettings('general');
  await another.page.getByRole('radio', { name: 'Dark' }).click();
  await expect(earshot.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(readFileSync(join(app.dataDir, kept), 'utf8')).toBe(NEWER);
});
