import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { BrowserWindow, type DownloadItem, dialog, type Session, type WebContents } from 'electron';
import type { BridgeHandlers } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import type { DownloadReport } from '../../shared/recording-files.ts';
import { text } from '../text/text.ts';
import { sendTo } from './ipc.ts';
import { isOwnUrl } from './origin.ts';

/** Saved files that can be shown in the file manager, of all windows together. */
const MAX_REMEMBERED = 200;
/** Most tries to find a name that no file has. */
const MAX_NAMES = 10_000;

type DownloadCalls = Pick<BridgeHandlers, 'chooseSaveFolder' | 'saveNextToFolder' | 'cancelDownload' | 'showDownload'>;

/** The files that the windows save. */
export interface Downloads {
  /** The calls of one window. A window reaches its own downloads only. */
  callsOf(contents: WebContents): DownloadCalls;
}

interface Download {
  contents: WebContents;
  item: DownloadItem;
  /** Null until it is saved. */
  path: string | null;
}

export interface DownloadsOptions {
  log: Log;
  showFile: (path: string) => void;
  /** Free bytes of a folder's disk. Default: of the system. */
  freeBytes?: (folder: string) => Promise<number>;
}

/**
 * Lets the windows save files: the user chooses the place in the system's dialog, or once for several files. No existing
 * file is replaced unless the user confirms that in the dialog. Tells the window what became of its file, since Electron
 * shows neither a list of downloads nor an error. Anything that is not from Earshot's own page is refused.
 */
export function setupDownloads(session: Session, { log, showFile, freeBytes = freeOf }: DownloadsOptions): Downloads {
  const downloads = new Map<number, Download>();
  const folders = new WeakMap<WebContents, { folder: string; next: boolean }>();
  let last = 0;

  session.on('will-download', (event, item, contents) => {
    if (!isOwnDownload(item.getURL())) {
      event.preventDefault();
      log('WARNING', { type: 'download_refused' });
      return;
    }
    last += 1;
    const id = last;
    const download: Download = { contents, item, path: null };
    downloads.set(id, download);
    if (downloads.size > MAX_REMEMBERED) downloads.delete([...downloads.keys()][0] ?? 0);
    const chosen = folders.get(contents);
    if (chosen?.next) {
      chosen.next = false;
      item.setSavePath(freeName(chosen.folder, item.getFilename()));
    } else {
      // Without the property, Linux replaces an existing file without a question.
      item.setSaveDialogOptions({
        title: text.downloads.save,
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
    }
    const url = item.getURL();
    const report = (state: DownloadReport['state'], message: string | null = null) =>
      sendTo(contents, 'onDownload', {
        download: id,
        url,
        name: basename(item.getSavePath() || item.getFilename()),
        state,
        message,
      });
    report('saving');
    item.once('done', async (_event, state) => {
      if (state === 'completed') {
        download.path = item.getSavePath();
        report('saved');
      } else if (state === 'cancelled') report('cancelled');
      else {
        const folder = dirname(item.getSavePath());
        // The part that was written may be deleted by now, so all of the file has to fit.
        const isFull = await freeBytes(folder).then(
          (free) => free <= item.getTotalBytes(),
          () => false,
        );
        log('WARNING', { type: 'download_failed', disk_full: isFull });
        report('failed', isFull ? text.downloads.full : text.downloads.failed);
      }
    });
  });

  const ownDownload = (contents: WebContents, id: number) => {
    const found = downloads.get(id);
    return found?.contents === contents ? found : null;
  };

  return {
    callsOf: (contents) => ({
      async chooseSaveFolder() {
        const window = BrowserWindow.fromWebContents(contents);
        if (window === null) return false;
        const { canceled, filePaths } = await dialog.showOpenDialog(window, {
          title: text.downloads.chooseFolder,
          buttonLabel: text.downloads.chooseFolderButton,
          properties: ['openDirectory', 'createDirectory'],
        });
        const [folder] = filePaths;
        if (canceled || folder === undefined) return false;
        folders.set(contents, { folder, next: false });
        return true;
      },
      saveNextToFolder() {
        const chosen = folders.get(contents);
        if (chosen) chosen.next = true;
      },
      cancelDownload: ({ download }) => ownDownload(contents, download)?.item.cancel(),
      showDownload({ download }) {
        const path = ownDownload(contents, download)?.path;
        if (!path || !existsSync(path)) throw new EarshotError('no_such_file', text.downloads.gone);
        showFile(path);
      },
    }),
  };
}

/** A recording or a file of Earshot's own page. */
function isOwnDownload(url: string): boolean {
  return isOwnUrl(url.startsWith('blob:') ? url.slice('blob:'.length) : url);
}

/** A path in a folder that no file has: `talk.flac`, `talk (2).flac`, … */
function freeName(folder: string, name: string): string {
  const ending = extname(name);
  const stem = basename(name, ending);
  for (let n = 1; n < MAX_NAMES; n++) {
    const path = join(folder, n === 1 ? name : `${stem} (${n})${ending}`);
    if (!existsSync(path)) return path;
  }
  return join(folder, `${stem} (${Date.now()})${ending}`);
}

async function freeOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
