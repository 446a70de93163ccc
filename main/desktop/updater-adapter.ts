import type { AppUpdater } from 'electron-updater';
import type { UpdaterLike } from './updates.ts';

/** Stands where electron-updater would send an id of this machine, which it makes for staged roll-outs. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** As much of Electron's `app` as ends it. */
interface Quitter {
  once(event: 'quit', listener: () => void): unknown;
  quit(): void;
}

/** Holds electron-updater to our rules: nothing is fetched or installed by itself, no version goes back, nobody is counted. */
export function adaptUpdater(updater: AppUpdater, app: Quitter, platform: NodeJS.Platform): UpdaterLike {
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  updater.requestHeaders = { 'x-user-staging-id': NOBODY };
  // Its lines name addresses and paths; what matters comes as an error.
  updater.logger = null;

  return {
    async check() {
      const result = await updater.checkForUpdates();
      return result?.isUpdateAvailable ? result.updateInfo.version : null;
    },

    async download(onPercent) {
      const onProgress = ({ percent }: { percent: number }) => onPercent(percent);
      updater.on('download-progress', onProgress);
      try {
        await updater.downloadUpdate();
      } finally {
        updater.removeListener('download-progress', onProgress);
      }
    },

    install(onError) {
      updater.once('error', onError);
      if (platform === 'darwin') {
        // Squirrel.Mac verifies the download, then quits the app, and replaces it once it has ended.
        updater.quitAndInstall();
        return;
      }
      // Elsewhere the installer would start before the app quits. `quit` comes last, after the host has stopped, and
      // nothing may be awaited in it: a started installer goes on by itself.
      app.once('quit', () => updater.quitAndInstall());
      app.quit();
    },
  };
}
