import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ShellName } from '../../testing/shell.ts';
import type { App } from './test.ts';

interface SavedFile {
  /** Where its bytes are. */
  path: string;
  /** The name that the person is offered. */
  name: string;
}

/** Waits until the file that a click saves is whole on disk. In Electron it answers the dialog that would ask where to. */
export async function downloadFile(
  app: App,
  shell: ShellName,
  page: Page,
  click: () => Promise<void>,
): Promise<SavedFile> {
  if (shell === 'tab') {
    const [download] = await Promise.all([page.waitForEvent('download'), click()]);
    return { path: await download.path(), name: download.suggestedFilename() };
  }
  const path = join(app.dataDir, 'saved');
  const saving = await app.electron().evaluateHandle(({ session }, path) => {
    const ended = new Promise<{ state: string; name: string }>((resolve) => {
      session.defaultSession.once('will-download', (_event, item) => {
        item.setSavePath(path);
        item.once('done', (_done, state) => resolve({ state, name: item.getFilename() }));
      });
    });
    return { ended };
  }, path);
  await click();
  const { state, name } = await saving.evaluate(({ ended }) => ended);
  if (state !== 'completed') throw new Error(`the download ended: ${state}`);
  return { path, name: basename(name) };
}
