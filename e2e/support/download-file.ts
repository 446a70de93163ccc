import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ShellName } from '../../testing/shell.ts';
import type { App } from './app.ts';

interface DownloadedFile {
  /** Where the test can read it. */
  path: string;
  /** The file name that the user is offered. */
  name: string;
}

/** Clicks, and waits until the download that follows is complete. In Electron it replaces the system's save dialog. */
export async function downloadFile(
  app: App,
  shell: ShellName,
  page: Page,
  click: () => Promise<void>,
): Promise<DownloadedFile> {
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

/** Downloads a file as `downloadFile` does. @returns its text */
export async function downloadText(
  app: App,
  shell: ShellName,
  page: Page,
  click: () => Promise<void>,
): Promise<string> {
  return readFileSync((await downloadFile(app, shell, page, click)).path, 'utf8');
}
