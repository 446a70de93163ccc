import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { downloadFile } from './support/download-file.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// What a user does with recordings, by mouse and by keyboard alone.

const COUNT = 12;
/** Most presses of Tab until the list has the focus. */
const MAX_TABS = 20;

async function openWithRecordings(app: App): Promise<EarshotWindow> {
  addRecordings(app.dataDir, COUNT);
  const earshot = await app.open();
  await earshot.showRecordings();
  await expectCount(earshot.page, COUNT);
  return earshot;
}

const idOf = async (row: Locator) => (await row.getAttribute('data-recording-id')) ?? '';
const fileOf = (app: App, id: string, ext: string) => join(app.dataDir, 'recordings', `${id}.${ext}`);
const titleOf = (app: App, id: string) => JSON.parse(readFileSync(fileOf(app, id, 'json'), 'utf8')).title;
/** By the window's count, because only visible rows are rendered. */
const expectCount = (page: Page, count: number) =>
  expect(page.getByTestId('recordings-count')).toHaveText(`${count} recordings`);
const clock = (page: Page) => page.getByTestId('recording-clock');

test('by mouse, a recording is renamed, found, played from any point, deleted and restored', async ({ app }) => {
  const earshot = await openWithRecordings(app);
  const { page, recordingRows: rows, recordingDetail: detail } = earshot;
  const row = rows.last();
  const id = await idOf(row);

  await row.click();
  await page.getByTestId('recording-rename').click();
  await page.getByTestId('recording-title-field').fill('Ideas / plans 🎙️');
  await page.keyboard.press('Enter');
  await expect(row).toContainText('Ideas / plans 🎙️');
  expect(titleOf(app, id)).toBe('Ideas / plans 🎙️');

  await page.getByTestId('recordings-search').fill('plans ideas');
  await expect(rows).toHaveCount(1);
  await rows.click();
  const play = detail.getByTestId('details-play');
  await play.click();
  await expect(play).toHaveAttribute('data-status', 'playing');
  await page.getByTestId('recording-position').click();
  // The middle of 13 s.
  await expect(clock(page)).toContainText(/^0:0[6-9]/);
  await page.getByTestId('recording-speed').selectOption('0.5');
  await play.click();
  await expect(play).toHaveAttribute('data-status', 'paused');

  await page.getByTestId('recording-note').fill('Two\nlines');
  await page.getByTestId('recording-delete').click();
  await expect(rows).toHaveCount(0);
  expect(existsSync(fileOf(app, id, 'wav'))).toBe(false);
  await page.getByTestId('recordings-undo').click();
  await expect(rows).toHaveCount(1);
  expect(existsSync(fileOf(app, id, 'wav'))).toBe(true);
  expect(JSON.parse(readFileSync(fileOf(app, id, 'json'), 'utf8'))).toMatchObject({ note: 'Two\nlines' });
});

test('a note that is being typed is saved after a pause, and when the window is closed', async ({ app, shell }) => {
  const earshot = await openWithRecordings(app);
  const { page, recordingRows: rows } = earshot;
  const id = await idOf(rows.last());
  const note = page.getByTestId('recording-note');
  const saved = () => JSON.parse(readFileSync(fileOf(app, id, 'json'), 'utf8')).note;
  await rows.last().click();
  await note.fill('First');
  await expect(page.getByTestId('recording-note-state')).toHaveText('Saved');
  expect(saved()).toBe('First');
  await note.press('End');
  await note.pressSequentially(' and last');
  // As the user does: Playwright's `close` destroys a window of Electron.
  if (shell === 'tab') await page.close();
  else await app.electron().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(saved).toBe('First and last');
});

test('by keyboard alone, a recording is found, played, renamed, deleted and restored', async ({ app }) => {
  const earshot = await openWithRecordings(app);
  const { page, recordingRows: rows } = earshot;
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const list = page.getByTestId('recording-list');
  const hasFocus = (part: Locator) => part.evaluate((element) => element === document.activeElement);
  for (let tabs = 0; tabs < MAX_TABS && !(await hasFocus(list)); tabs++) await press('Tab');
  await expect(list).toBeFocused();

  await press('End');
  const row = rows.last();
  const id = await idOf(row);
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await press('F2');
  await page.keyboard.type('Named by keys');
  await press('Enter');
  await expect(row).toContainText('Named by keys');
  expect(titleOf(app, id)).toBe('Named by keys');

  await expect(list).toBeFocused();
  await press('Enter');
  await expect(row.getByTestId('recording-play')).toHaveAttribute('data-status', 'playing');
  await press('ArrowRight');
  await expect(clock(page)).toContainText(/^0:0[5-9]/);
  await press('Enter');
  await expect(row.getByTestId('recording-play')).toHaveAttribute('data-status', 'paused');

  await press('Shift+ArrowUp', 'Shift+ArrowUp');
  await expect(page.getByTestId('recordings-selected')).toContainText('3 selected');
  await press('Delete');
  await expectCount(page, COUNT - 3);
  expect(existsSync(fileOf(app, id, 'wav'))).toBe(false);
  await press('Control+z');
  await expectCount(page, COUNT);
  expect(titleOf(app, id)).toBe('Named by keys');
});

test('by its context menu a recording is renamed, exported and deleted, and undone', async ({ app, shell }) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  const list = page.getByTestId('recording-list');
  const menu = page.getByRole('menu');
  const row = rows.last();
  const id = await idOf(row);

  await row.click({ button: 'right' });
  await page.getByTestId('menu-rename').click();
  await expect(page.getByTestId('recording-title-field')).toBeFocused();
  await page.keyboard.type('Named by menu');
  await page.keyboard.press('Enter');
  await expect(row).toContainText('Named by menu');
  expect(titleOf(app, id)).toBe('Named by menu');
  await expect(list).toBeFocused();
  await expect(row, 'a menu selects nothing').toHaveAttribute('aria-selected', 'false');

  await page.keyboard.press('End');
  await page.keyboard.press('Shift+F10');
  await expect(menu).toHaveAttribute('aria-label', 'Named by menu');
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(list).toBeFocused();
  await expect(row).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('ContextMenu');
  await page.getByTestId('menu-export').press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('export-flac')).toBeFocused();
  const { path, name } = await downloadFile(app, shell, page, () => page.keyboard.press('Enter'));
  expect(name).toBe('Named by menu.flac');
  expect(readFileSync(path).subarray(0, 4).toString('latin1')).toBe('fLaC');
  await expect(menu).toHaveCount(0);
  await expect(list).toBeFocused();

  await page.keyboard.press('Shift+ArrowUp');
  await row.click({ button: 'right' });
  await expect(page.getByTestId('menu-delete')).toHaveText('Delete 2 recordings');
  await page.getByTestId('menu-delete').click();
  await expectCount(page, COUNT - 2);
  expect(existsSync(fileOf(app, id, 'wav'))).toBe(false);
  await page.keyboard.press('Home');

  await page.getByTestId('recordings-search').fill('nothing has this title');
  await expect(rows).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(rows, 'in a text field, the keys undo typing').not.toHaveCount(0);
  await expectCount(page, COUNT - 2);
  await page.getByTestId('recordings-sort').focus();
  await page.keyboard.press('Control+z');
  await expectCount(page, COUNT);
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(row).toBeInViewport();
  await expect(page.getByTestId('recordings-selected')).toContainText('2 selected');
  expect(titleOf(app, id)).toBe('Named by menu');
});

test('a part of a recording is saved as a new one, and the original stays', async ({ app }) => {
  const earshot = await openWithRecordings(app);
  const { page, recordingRows: rows, recordingDetail: detail } = earshot;
  const id = await idOf(rows.last());
  const before = readFileSync(fileOf(app, id, 'wav'));
  await rows.last().click();
  await page.getByTestId('recording-trim').click();
  await page.getByTestId('trim-start').fill('2');
  await page.getByTestId('trim-end').fill('5');
  await page.getByTestId('trim-save').click();
  await expectCount(page, COUNT + 1);
  await expect(detail).toHaveAttribute('data-recording-id', `${id}-2`);
  await expect(clock(page)).toContainText('0:03');
  expect(readFileSync(fileOf(app, id, 'wav')).equals(before)).toBe(true);
});

test('a recording whose WAV is damaged says so, does not play, and can be deleted', async ({ app }) => {
  const earshot = await openWithRecordings(app);
  const { page, recordingRows: rows } = earshot;
  const id = await idOf(rows.nth(2));
  writeFileSync(fileOf(app, id, 'wav'), 'this is no audio');
  await rows.nth(2).click();
  await expect(page.getByTestId('recording-damaged')).toContainText("can't read the audio of this recording");
  await page.getByTestId('details-play').click();
  await expect(page.getByTestId('recording-detail').getByRole('alert').last()).toContainText('could not be played');
  await expect(page.getByTestId('details-play')).not.toHaveAttribute('data-status', 'playing');
  await page.getByTestId('recording-delete').click();
  await expectCount(page, COUNT - 1);
});
