import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * electron-builder's hook after the runtime lies where the package will be. A runtime of one's own (`electronDist`)
 * still has Electron's welcome app in it, which electron-builder takes out of a downloaded one only.
 * @param {Pick<import('electron-builder').AfterExtractContext, 'electronPlatformName' | 'appOutDir'>} context
 */
export async function afterExtract({ electronPlatformName, appOutDir }) {
  // The bundle gets its own name later.
  const resources = electronPlatformName === 'darwin' ? 'Electron.app/Contents/Resources' : 'resources';
  await rm(join(appOutDir, resources, 'default_app.asar'), { recursive: true, force: true });
}
