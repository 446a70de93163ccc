import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * electron-builder's hook after it has copied the runtime. A custom runtime (`electronDist`) still contains Electron's
 * default app, which electron-builder removes from downloaded runtimes only.
 * @param {Pick<import('electron-builder').AfterExtractContext, 'electronPlatformName' | 'appOutDir'>} context
 */
export async function afterExtract({ electronPlatformName, appOutDir }) {
  // The bundle is renamed later.
  const resources = electronPlatformName === 'darwin' ? 'Electron.app/Contents/Resources' : 'resources';
  await rm(join(appOutDir, resources, 'default_app.asar'), { recursive: true, force: true });
}
