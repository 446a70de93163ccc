import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { App } from './test.ts';

/** Waits for the file that a click saves in a browser's tab. @returns its text */
export async function savedInTab(page: Page, click: () => Promise<void>): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  return readFileSync(await file.path(), 'utf8');
}

/** The same in the desktop app, without the system's dialog that asks where to. */
export async function savedInElectron(app: App, click: () => Promise<void>): Promise<string> {
  const electron = app.electron();
  const path = join(app.dataDir, 'saved');
  const saving = await electron.evaluateHandle(({ session }, path) => {
    const done = new Promise<string>((resolve) => {
      session.defaultSession.once('will-download', (_event, item) => {
        item.setSavePath(path);
        item.once('done', (_done, state) => resolve(state));
      });
    });
    return { done };
  }, path);
  await click();
  const state = await saving.evaluate(({ done }) => done);
  if (state !== 'completed') throw new Error(`the download ended: ${state}`);
  return readFileSync(path, 'utf8');
}
