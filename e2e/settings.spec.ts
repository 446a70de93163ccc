import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRecordings } from './support/add-recordings.ts';
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

test('a change of the language is seen at once in every window, in the title, the list, the log and the menu', async ({
  app,
  shell,
}) => {
  addRecordings(app.dataDir, 2);
  const one = await app.open();
  const two = await one.openAnother();
  await two.page.setViewportSize({ width: 1_280, height: 800 });
  await expect(two.recordingRows.first()).toBeVisible();
  await two.press();
  await two.expectView('listening');
  const elapsed = await two.seconds();
  await one.page.keyboard.press('Escape');
  await one.openSettings('general');
  await one.page.getByTestId('language').selectOption('de');
  for (const { page } of [one, two]) await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(one.page.getByRole('dialog', { name: 'Einstellungen' })).toBeVisible();
  await expect(one.page.getByTestId('language')).toHaveValue('de');
  await expect(two.status).toContainText('Aufnahme läuft');
  await expect(two.page).toHaveTitle(/Aufnahme/);
  await expect(two.page.getByTestId('recording-list')).toContainText('Heute');
  await expect(two.recordingRows.getByTestId('recording-flaws').first()).toContainText('fehlen');
  // The turn goes on.
  await two.expectListenedFor(elapsed + 1);
  if (shell === 'electron') {
    const menu = () =>
      app.electron().evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label)[0]);
    await expect.poll(menu).toBe('&Datei');
  }
  await two.press();
  await two.expectView('idle');
  await one.page.reload();
  await one.expectView('idle');
  await expect(one.status).toContainText('Bereit');
  await one.openSettings('general');
  await one.page.getByTestId('language').selectOption('system');
  await expect(two.page.locator('html')).toHaveAttribute('lang', 'en');
});

test('the colour of the browser’s bars follows the chosen theme, and the system’s theme if none was chosen', async ({
  app,
}) => {
  const earshot = await app.open();
  const { page } = earshot;
  /** The colour that applies, as a browser chooses it: the first whose query matches. */
  const colour = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].find(
          ({ media }) => media === '' || matchMedia(media).matches,
        )?.content,
    );
  const background = () =>
    page.evaluate(() => {
      const parts = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [];
      return `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
    });
  const dark = '#141617';
  const light = '#fcfcfa';
  await earshot.openSettings('general');
  for (const [system, choice, expected] of [
    ['dark', 'System', dark],
    ['light', 'System', light],
    ['light', 'Dark', dark],
    ['dark', 'Light', light],
    ['dark', 'System', dark],
  ] as const) {
    await page.emulateMedia({ colorScheme: system });
    await page.getByRole('radio', { name: choice }).click();
    await expect.poll(colour, `${choice}, on a ${system} system`).toBe(expected);
    await expect.poll(background).toBe(expected);
  }
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
