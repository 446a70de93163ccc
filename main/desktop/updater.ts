import { app, autoUpdater } from 'electron';
import { AppImageUpdater, MacUpdater, NsisUpdater } from 'electron-updater';
import { adaptUpdater } from './updater-adapter.ts';
import type { UpdaterLike } from './updates.ts';

// A file of its own in the build (vite.config.ts): a launch that may not look for updates never reads it.

/** electron-updater for the kinds of package that `whyNoUpdates` lets through. Once in a launch. */
export function electronUpdater(): UpdaterLike {
  return adaptUpdater(forThisSystem(), app, process.platform === 'darwin' ? autoUpdater : null);
}

/** Not `autoUpdater`, which on Linux goes by a file that electron-builder leaves beside the app while it makes a .deb. */
function forThisSystem(): AppImageUpdater | MacUpdater | NsisUpdater {
  if (process.platform === 'darwin') return new MacUpdater();
  return process.platform === 'win32' ? new NsisUpdater() : new AppImageUpdater();
}
