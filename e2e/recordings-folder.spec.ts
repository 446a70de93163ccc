import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { expect, test } from './support/test.ts';

/** From now on the system's dialog for folders answers with this one. */
async function answerDialog(electron: ElectronApplication, folder: string): Promise<void> {
  await electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [path] })) as typeof dialog.showOpenDialog;
  }, folder);
}

const wavs = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.wav'));

test('the recordings move to a chosen folder, and back after a start without its drive', async ({ app }) => {
  addRecordings(app.dataDir, 3);
  const home = join(app.dataDir, 'recordings');
  const drive = join(app.dataDir, '..', `${app.dataDir.split('/').at(-1)}-drive`);
  mkdirSync(drive, { mode: 0o700 });
  let { page } = await app.open();
  await expect(page.getByTestId('recording-row')).toHaveCount(3);
  await answerDialog(app.electron(), drive);

  await page.getByTestId('settings').click();
  await page.getByRole('tab', { name: 'Recordings' }).click();
  const path = () => page.getByTestId('recordings-folder-path');
  /** The path is the new one as soon as the copies are complete; the move ends once they have their names. */
  const expectMovedTo = async (folder: string) => {
    await expect(path()).toHaveText(folder);
    await expect(page.getByTestId('recordings-folder-move')).toHaveCount(0);
  };
  await expect(path()).toHaveText(home);
  await page.getByTestId('recordings-folder-choose').click();
  await expectMovedTo(drive);
  expect(wavs(drive)).toHaveLength(3);
  expect(existsSync(home)).toBe(false);

  await page.getByTestId('recordings-folder-choose').click();
  await expect(page.getByTestId('recordings-folder-error')).toContainText('already in');
  await page.screenshot({ path: test.info().outputPath('folder.png') });

  await app.electron().close();
  renameSync(drive, `${drive}-unplugged`);
  ({ page } = await app.open());
  const missing = page.getByTestId('recordings-folder-missing');
  await expect(missing).toContainText(drive);
  await missing.getByRole('button', { name: 'Try again' }).click();
  await expect(missing).toContainText('is not there');
  await page.screenshot({ path: test.info().outputPath('missing-in-list.png') });
  await page.getByTestId('settings').click();
  await page.getByRole('tab', { name: 'Recordings' }).click();
  await expect(page.getByTestId('recordings-folder')).toContainText('Connect its drive');
  await page.screenshot({ path: test.info().outputPath('missing.png') });
  expect(existsSync(drive)).toBe(false);

  renameSync(`${drive}-unplugged`, drive);
  await page.getByRole('button', { name: 'Try again' }).last().click();
  await expect(page.getByTestId('recordings-folder-open')).toBeVisible();
  await page.getByRole('button', { name: 'Use the default folder' }).click();
  await expectMovedTo(home);
  expect(wavs(home)).toHaveLength(3);
  expect(wavs(drive)).toEqual([]);
});

test('a folder that disappears while the app runs is said in the list, and is used again when it is back', async ({
  app,
}) => {
  test.setTimeout(90_000);
  addRecordings(app.dataDir, 2);
  const drive = join(app.dataDir, '..', `${app.dataDir.split('/').at(-1)}-drive`);
  const other = `${drive}-2`;
  for (const folder of [drive, other]) mkdirSync(folder, { mode: 0o700 });
  const { page } = await app.open();
  const rows = page.getByTestId('recording-row');
  await expect(rows).toHaveCount(2);
  await answerDialog(app.electron(), drive);
  await page.getByTestId('settings').click();
  await page.getByRole('tab', { name: 'Recordings' }).click();
  await page.getByTestId('recordings-folder-choose').click();
  await expect(page.getByTestId('recordings-folder-path')).toHaveText(drive);
  await expect(page.getByTestId('recordings-folder-move')).toHaveCount(0);
  await page.keyboard.press('Escape');

  renameSync(drive, `${drive}-unplugged`);
  const missing = page.getByTestId('recordings-folder-missing');
  // The folder is checked every ten seconds.
  await expect(missing).toContainText('is not there', { timeout: 20_000 });
  await expect(rows, 'what is known stays in the list').toHaveCount(2);
  await page.screenshot({ path: test.info().outputPath('disappeared.png') });
  expect(existsSync(drive), 'it is never created').toBe(false);
  renameSync(`${drive}-unplugged`, drive);
  await missing.getByRole('button', { name: 'Try again' }).click();
  await expect(missing).toHaveCount(0);
  await expect(rows).toHaveCount(2);

  renameSync(drive, `${drive}-unplugged`);
  await expect(missing).toBeVisible({ timeout: 20_000 });
  await answerDialog(app.electron(), other);
  await missing.getByRole('button', { name: 'Choose another folder…' }).click();
  await expect(page.getByTestId('recordings-empty')).toBeVisible();
  await expect(missing).toHaveCount(0);
  expect(wavs(`${drive}-unplugged`), 'what is on the drive stays there').toHaveLength(2);
});
