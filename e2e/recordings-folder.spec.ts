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
  await expect(page.locator('.recordings-empty')).toContainText('is not there');
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
