import { app, autoUpdater } from 'electron';
import { AppImageUpdater, MacUpdater, NsisUpdater } from 'electron-updater';
import { adaptUpdater } from './updater-adapter.ts';
import type { UpdaterLike } from './updates.ts';

// A separate chunk in the build (vite.config.ts), so that launches without update checks never load it.

/** electron-updater for the kinds of package that `whyNoUpdates` accepts. Call once per launch. */
export function electronUpdater(): UpdaterLike {
  return adaptUpdater(platformUpdater(), app, process.platform === 'darwin' ? autoUpdater : null);
}

/**
 * electron-updater's own `autoUpdater` depends, on Linux, on a file that electron-builder leaves behind when it makes a
 * .deb.
 */
function platformUpdater(): AppImageUpdater | MacUpdater | NsisUpdater {
  if (process.platform === 'darwin') return new MacUpdater();
  return process.platform === 'win32' ? new NsisUpdater() : new AppImageUpdater();
}
