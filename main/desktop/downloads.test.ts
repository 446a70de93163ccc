import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DownloadItem, Session, WebContents } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DownloadReport } from '../../shared/recording-files.ts';
import { setupDownloads } from './downloads.ts';

const { dialog } = vi.hoisted(() => ({
  dialog: { answer: { canceled: true, filePaths: [] as string[] } },
}));
vi.mock('electron', () => ({
  BrowserWindow: { fromWebContents: () => ({}) },
  dialog: { showOpenDialog: async () => dialog.answer },
  ipcMain: {},
}));

const OWN = 'blob:earshot://app/1';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-downloads-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

class FakeItem extends EventEmitter {
  savePath = '';
  dialogOptions: { properties?: string[] } | null = null;
  cancelled = false;
  constructor(
    readonly url: string,
    readonly name: string,
  ) {
    super();
  }
  getURL = () => this.url;
  getFilename = () => this.name;
  getSavePath = () => this.savePath;
  getTotalBytes = () => 1_000;
  setSavePath = (path: string) => {
    this.savePath = path;
  };
  setSaveDialogOptions = (options: { properties?: string[] }) => {
    this.dialogOptions = options;
  };
  cancel = () => {
    this.cancelled = true;
  };
}

function setUp(freeBytes = async () => 1_000_000) {
  const session = new EventEmitter();
  const shown: string[] = [];
  const log = vi.fn();
  const downloads = setupDownloads(session as unknown as Session, {
    log,
    showFile: (path) => void shown.push(path),
    freeBytes,
  });
  function openPage() {
    const reports: DownloadReport[] = [];
    const contents = {
      isDestroyed: () => false,
      isCrashed: () => false,
      send: (_channel: string, report: DownloadReport) => void reports.push(report),
    } as unknown as WebContents;
    function begin(name = 'talk.flac', url = OWN) {
      const item = new FakeItem(url, name);
      const event = { preventDefault: vi.fn() };
      session.emit('will-download', event, item as unknown as DownloadItem, contents);
      return Object.assign(item, { event });
    }
    return { reports, begin, calls: downloads.callsOf(contents) };
  }
  return { openPage, shown, log };
}

test('the dialog asks before a file is replaced, and the page learns the name that the user chose', async () => {
  const { openPage } = setUp();
  const { begin, reports } = openPage();
  const item = begin();
  expect(item.dialogOptions?.properties).toContain('showOverwriteConfirmation');
  item.savePath = join(folder, 'mine.flac');
  item.emit('done', {}, 'completed');
  await vi.waitFor(() => expect(reports).toHaveLength(2));
  expect(reports.map(({ state, name, message }) => [state, name, message])).toEqual([
    ['saving', 'talk.flac', null],
    ['saved', 'mine.flac', null],
  ]);
});

test('in the chosen folder a file gets a name that no other has, once for each request', async () => {
  const { openPage } = setUp();
  const { begin, calls } = openPage();
  writeFileSync(join(folder, 'talk.flac'), 'of the user');
  expect(await calls.chooseSaveFolder()).toBe(false);
  dialog.answer = { canceled: false, filePaths: [folder] };
  expect(await calls.chooseSaveFolder()).toBe(true);
  await calls.saveNextToFolder();
  expect(begin().savePath).toBe(join(folder, 'talk (2).flac'));
  expect(begin().savePath).toBe('');
  expect(readdirSync(folder)).toEqual(['talk.flac']);
});

test.each([
  ['is full', async () => 0, /^The disk is full/],
  ['has room again for the part that was written and deleted', async () => 900, /^The disk is full/],
  ['can’t be written', async () => 1_000_000, /^The copy could not be written there/],
  [
    'is gone',
    async () => {
      throw new Error('ENOENT');
    },
    /^The copy could not be written there/,
  ],
])('a failure says why: the disk %s', async (_title, freeBytes, message) => {
  const { openPage, log } = setUp(freeBytes);
  const { begin, reports } = openPage();
  begin().emit('done', {}, 'interrupted');
  await vi.waitFor(() => expect(reports.at(-1)?.state).toBe('failed'));
  expect(reports.at(-1)?.message).toMatch(message);
  expect(log).toHaveBeenCalledWith('WARNING', expect.objectContaining({ type: 'download_failed' }));
});

test('a saved file is shown to the window that saved it only, and while it exists', async () => {
  const { openPage, shown } = setUp();
  const { begin, calls } = openPage();
  const other = openPage();
  const item = begin();
  item.savePath = join(folder, 'talk.flac');
  writeFileSync(item.savePath, '');
  expect(() => calls.showDownload({ download: 1 })).toThrow(/not there/);
  item.emit('done', {}, 'completed');
  await calls.showDownload({ download: 1 });
  expect(shown).toEqual([item.savePath]);
  expect(() => other.calls.showDownload({ download: 1 })).toThrow(/not there/);
  await other.calls.cancelDownload({ download: 1 });
  expect(item.cancelled).toBe(false);
  await calls.cancelDownload({ download: 1 });
  expect(item.cancelled).toBe(true);
  rmSync(item.savePath);
  expect(() => calls.showDownload({ download: 1 })).toThrow(/not there/);
});

test.each(['https://example.com/a.wav', 'blob:https://example.com/1', 'data:text/plain,x', 'file:///etc/passwd'])(
  'H34 a download of %s is refused',
  (url) => {
    const { openPage, log } = setUp();
    const { begin, reports } = openPage();
    expect(begin('a.wav', url).event.preventDefault).toHaveBeenCalledOnce();
    expect(reports).toEqual([]);
    expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', { type: 'download_refused' });
  },
);
