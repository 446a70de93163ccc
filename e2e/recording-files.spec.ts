import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { addRecordings } from './support/add-recordings.ts';
import { downloadFile } from './support/download-file.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// What a user does with recordings as files: save, export, import, share.

const COUNT = 4;
const FIXTURES = join(import.meta.dirname, '../testing/fixtures/audio');
const NARROW = { width: 360, height: 640 };

async function openWithRecordings(app: App): Promise<EarshotWindow> {
  addRecordings(app.dataDir, COUNT);
  const earshot = await app.open();
  await earshot.showRecordings();
  await expectCount(earshot.page, COUNT);
  return earshot;
}

const expectCount = (page: Page, count: number) =>
  expect(page.getByTestId('recordings-count')).toHaveText(`${count} recordings`);
const idOf = async (row: Locator) => (await row.getAttribute('data-recording-id')) ?? '';
const wavOf = (app: App, id: string) => join(app.dataDir, 'recordings', `${id}.wav`);
const tasks = (page: Page, state: string) => page.locator(`[data-testid="file-task"][data-state="${state}"]`);
const fixture = (name: string) => ({ name, mimeType: 'audio/flac', buffer: readFileSync(join(FIXTURES, 'tone.flac')) });

/** Mounts a disk in memory with about this many bytes. @returns whether this user may do that */
function mountSmallDisk(folder: string, bytes: number): boolean {
  const options = `size=${Math.ceil(bytes / 1024)}k,mode=700`;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0;
}

/** Records the paths that the desktop app gives to the file manager, in place of opening it. */
const fileManager = (app: App) =>
  app.electron().evaluateHandle(({ shell }) => {
    const shown: string[] = [];
    shell.showItemInFolder = (path) => void shown.push(path);
    return shown;
  });

test('a copy has the title as its name and the bytes of the recording', async ({ app, shell }) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  const id = await idOf(rows.first());
  await rows.first().click();
  await page.keyboard.press('F2');
  await page.keyboard.type('Ideas / plans 🎙️');
  await page.keyboard.press('Enter');
  await expect(rows.first()).toContainText('Ideas / plans 🎙️');
  const { path, name } = await downloadFile(app, shell, page, () => page.getByTestId('recording-save-copy').click());
  expect(name).toBe('Ideas - plans 🎙️.wav');
  expect(readFileSync(path).equals(readFileSync(wavOf(app, id)))).toBe(true);
});

test('a title of more than 300 letters is kept as far as it fits, and its copy has a name that fits a file system', async ({
  app,
  shell,
}) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  const id = await idOf(rows.first());
  const title = `${'Long/'.repeat(20)}${'🎤'.repeat(20)}${'x'.repeat(200)}`;
  await rows.first().click();
  await page.keyboard.press('F2');
  await page.keyboard.insertText(title);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('recording-title-field')).toHaveCount(0);
  const saved = JSON.parse(readFileSync(join(app.dataDir, 'recordings', `${id}.json`), 'utf8'));
  expect(saved.title).toBe(title.slice(0, 300));
  const { name } = await downloadFile(app, shell, page, () => page.getByTestId('recording-save-copy').click());
  expect(name).toBe(`${'Long-'.repeat(20)}${'🎤'.repeat(5)}.wav`);
  await expect(page.getByTestId('recording-detail')).toBeVisible();
  const { width, scrolled } = await page.evaluate(() => ({ width: innerWidth, scrolled: document.body.scrollWidth }));
  expect(scrolled, 'the title widens nothing').toBeLessThanOrEqual(width);
});

test('a full disk is said when a copy is saved, and the recording stays', async ({ app, shell }) => {
  test.skip(shell === 'tab', 'a browser saves its downloads by itself');
  const { page, recordingRows: rows } = await openWithRecordings(app);
  const wav = wavOf(app, await idOf(rows.last()));
  const before = readFileSync(wav);
  const folder = join(app.dataDir, 'full');
  mkdirSync(folder);
  // Most of the copy fits.
  test.skip(!mountSmallDisk(folder, 0.8 * before.length), 'this user may not mount a small disk (tmpfs)');
  try {
    await app.electron().evaluate(
      ({ session }, path) => {
        session.defaultSession.once('will-download', (_event, item) => item.setSavePath(path));
      },
      join(folder, 'copy.wav'),
    );
    await rows.last().click();
    await page.getByTestId('recording-save-copy').click();
    await expect(tasks(page, 'failed')).toContainText('The disk is full');
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    execFileSync('umount', ['--lazy', folder]);
  }
  expect(readFileSync(wav).equals(before)).toBe(true);
});

test('by keyboard alone, a recording is exported as FLAC, and the focus returns to the button', async ({
  app,
  shell,
}) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  await rows.first().click();
  const button = page.getByTestId('recording-export').or(page.getByTestId('recording-more'));
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('export-flac')).toBeFocused();
  const { path } = await downloadFile(app, shell, page, () => page.keyboard.press('Enter'));
  expect(readFileSync(path).subarray(0, 4).toString('latin1')).toBe('fLaC');
  await expect(button).toBeFocused();
  await expect(page.getByTestId('file-tasks-done')).not.toBeEmpty();
  if (shell === 'tab') return;
  const shown = await fileManager(app);
  await page.getByTestId('file-task-show').click();
  await expect.poll(() => shown.jsonValue()).toEqual([path]);
});

test('the file of a recording is shown in its folder, or its path is copied in a tab', async ({ app, shell }) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  const id = await idOf(rows.first());
  await rows.first().click();
  // In the menu where there is no room.
  const more = page.getByTestId('recording-more');
  const show = async () => {
    if (await more.isVisible()) await more.click();
    await page.getByTestId('recording-show').click();
  };
  if (shell === 'tab') {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await show();
    await expect(page.getByTestId('recording-shown')).toContainText(wavOf(app, id));
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(wavOf(app, id));
    return;
  }
  const shown = await fileManager(app);
  await show();
  await expect.poll(() => shown.jsonValue()).toEqual([wavOf(app, id)]);
});

test('several recordings are saved, and no file of the user is replaced', async ({ app, shell }) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  await rows.first().click();
  await rows.nth(2).click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('recordings-selected')).toContainText('3 selected');
  const ids = await Promise.all([0, 1, 2].map((n) => idOf(rows.nth(n))));
  if (shell === 'tab') {
    const names: string[] = [];
    page.on('download', (download) => names.push(download.suggestedFilename()));
    await page.getByTestId('recordings-save-copies').click();
    await expect.poll(() => new Set(names).size).toBe(3);
    return;
  }
  const folder = join(app.dataDir, 'chosen');
  mkdirSync(folder);
  const choose = (canceled: boolean) =>
    app.electron().evaluate(
      ({ dialog }, [canceled, folder]) => {
        dialog.showOpenDialog = async () => ({ canceled, filePaths: canceled ? [] : [folder] });
      },
      [canceled, folder] as const,
    );
  await choose(true);
  await page.getByTestId('recordings-save-copies').click();
  await choose(false);
  for (const round of [1, 2]) {
    await page.getByTestId('recordings-save-copies').click();
    await expect(page.getByTestId('file-tasks')).toContainText('3 files were saved.');
    await expect.poll(() => readdirSync(folder).length).toBe(round * 3);
    if (round === 1) for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'of the user');
  }
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  expect(files.filter((file) => file.toString() === 'of the user')).toHaveLength(3);
  for (const id of ids) expect(files.some((file) => file.equals(readFileSync(wavOf(app, id))))).toBe(true);
});

test('files are imported and selected; one that is no audio says so, and the others go on', async ({ app }) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  await page.getByTestId('recordings-search').fill('nothing has this title');
  await expect(rows).toHaveCount(0);
  await page
    .getByTestId('import-files')
    .setInputFiles([
      fixture('one.flac'),
      { name: 'letter.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('This is a letter. '.repeat(200)) },
      fixture(`${'x'.repeat(290)}🎤.flac`),
    ]);
  await expectCount(page, COUNT + 2);
  await expect(page.getByTestId('recordings-selected')).toContainText('2 selected');
  await expect(page.getByTestId('recording-imported')).toHaveCount(2);
  await expect(rows.filter({ hasText: 'one' }).first()).toHaveAttribute('aria-selected', 'true');
  await expect(tasks(page, 'failed')).toHaveCount(1);
  await expect(tasks(page, 'failed')).toContainText('This is not an audio file that Earshot can read.');
  await page.getByTestId('file-task-dismiss').click();
  await expect(page.getByTestId('file-tasks')).toBeHidden();
});

test('files that are dropped on the recordings are imported, and a drop elsewhere does nothing', async ({ app }) => {
  const { page } = await openWithRecordings(app);
  const { buffer } = fixture('dropped.flac');
  const data = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], 'dropped.flac'));
    return transfer;
  }, buffer.toString('base64'));
  const drag = (target: string, event: string) => page.dispatchEvent(target, event, { dataTransfer: data });
  await drag('.app-header', 'dragenter');
  await expect(page.getByTestId('drop-target')).toBeVisible();
  await drag('.app-header', 'drop');
  await expect(page.getByTestId('drop-target')).toBeHidden();
  await drag('#recordings', 'dragenter');
  await drag('#recordings', 'drop');
  await expectCount(page, COUNT + 1);
  await expect(page.getByTestId('recording-imported')).toHaveCount(1);
});

test('a drag of a row gives other programs the files of all selected recordings; in a tab, the address of one', async ({
  app,
  shell,
}) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  await rows.first().click();
  await rows.nth(1).click({ modifiers: ['Shift'] });
  const ids = await Promise.all([0, 1].map((n) => idOf(rows.nth(n))));
  const data = await page.evaluateHandle(() => new DataTransfer());
  if (shell === 'tab') {
    await rows.first().dispatchEvent('pointerdown');
    await expect
      .poll(async () => {
        await rows.first().dispatchEvent('dragstart', { dataTransfer: data });
        return data.evaluate((transfer) => transfer.getData('DownloadURL'));
      })
      .toMatch(/^audio\/wav:Recording [-\d]+ [-\d]+\.wav:http:/);
    const address = (await data.evaluate((transfer) => transfer.getData('DownloadURL'))).replace(/^.*?\.wav:/, '');
    expect(address).toContain(`/${ids[0]}.wav`);
    return;
  }
  const dragged = await app.electron().evaluateHandle(({ webContents }) => {
    const calls: (string[] | undefined)[] = [];
    for (const contents of webContents.getAllWebContents()) {
      contents.startDrag = ({ files, icon }) =>
        void calls.push(typeof icon === 'string' || icon.isEmpty() ? undefined : files);
    }
    return calls;
  });
  await rows.first().dispatchEvent('dragstart', { dataTransfer: data });
  await expect.poll(() => dragged.jsonValue()).toEqual([ids.map((id) => wavOf(app, id))]);
});

test('in a narrow window, deleting and closing keep the focus in the recordings', async ({ app }) => {
  const { page, recordingRows: rows, recordingDetail: detail } = await openWithRecordings(app);
  await page.setViewportSize(NARROW);
  await page.getByTestId('tab-recordings').click();
  await rows.first().click();
  await expect(detail).toBeVisible();
  const first = await detail.getAttribute('data-recording-id');
  await page.getByTestId('recording-delete').focus();
  await page.keyboard.press('Enter');
  await expect(detail).not.toHaveAttribute('data-recording-id', first ?? '');
  await expect(detail).toBeFocused();
  await expect(page.getByTestId('recordings-undo')).toBeVisible();
  await page.keyboard.press('Delete');
  await expectCount(page, COUNT - 2);
  await expect(detail).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('recording-list')).toBeFocused();
});

test('a recording that can’t be read says so when it is exported, and can be tried again', async ({ app, shell }) => {
  const { page, recordingRows: rows } = await openWithRecordings(app);
  const path = wavOf(app, await idOf(rows.first()));
  await rows.first().click();
  const content = readFileSync(path);
  writeFileSync(path, 'this is no audio');
  const more = page.getByTestId('recording-more');
  await page.getByTestId('recording-export').or(more).click();
  await page.getByTestId('export-flac').click();
  await expect(tasks(page, 'failed')).toHaveCount(1);
  await expect(tasks(page, 'failed')).toContainText(/[A-Z].*\./);
  writeFileSync(path, content);
  const saved = await downloadFile(app, shell, page, () => page.getByTestId('file-task-retry').click());
  expect(readFileSync(saved.path).subarray(0, 4).toString('latin1')).toBe('fLaC');
  await expect(tasks(page, 'failed')).toHaveCount(0);
});
