import type { AppUpdater } from 'electron-updater';
import type { UpdaterLike } from './updates.ts';

/** Stands where electron-updater would send an id of this machine, which it makes for staged roll-outs. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** As much of Electron's `app` as ends it. */
interface Quitter {
  once(event: 'quit', listener: () => void): unknown;
  quit(): void;
}

/** As much of Electron's `autoUpdater` on macOS: Squirrel.Mac. */
interface Squirrel {
  on(event: 'update-downloaded', listener: () => void): unknown;
  removeListener(event: 'update-downloaded', listener: () => void): unknown;
  /** Fetches what electron-updater has downloaded, from its server on the loopback interface, and verifies it. */
  checkForUpdates(): void;
}

/**
 * Holds electron-updater to our rules: nothing is fetched or installed by itself, no version goes back, nobody is counted.
 * @param squirrel null: this is not macOS
 */
export function adaptUpdater(updater: AppUpdater, app: Quitter, squirrel: Squirrel | null): UpdaterLike {
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  updater.requestHeaders = { 'x-user-staging-id': NOBODY };
  // Its lines name addresses and paths; what matters comes as an error.
  updater.logger = null;

  /** Squirrel has the download and has verified it. */
  let verified = false;

  function verify(by: Squirrel): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        by.removeListener('update-downloaded', onVerified);
        updater.removeListener('error', onError);
        end();
      };
      const onVerified = () => settle(resolve);
      const onError = (error: Error) => settle(() => reject(error));
      by.on('update-downloaded', onVerified);
      updater.on('error', onError);
      by.checkForUpdates();
    });
  }

  return {
    async check() {
      const result = await updater.checkForUpdates();
      return result?.isUpdateAvailable ? result.updateInfo.version : null;
    },

    async download(onPercent) {
      verified = false;
      const onProgress = ({ percent }: { percent: number }) => onPercent(percent);
      updater.on('download-progress', onProgress);
      try {
        await updater.downloadUpdate();
      } finally {
        updater.removeListener('download-progress', onProgress);
      }
    },

    async install(mayEnd) {
      if (squirrel !== null && !verified) {
        // electron-updater would do this in `quitAndInstall`, and end the app whenever it is done, in the midst of a turn
        // too. Not before the click: what Squirrel has verified is installed when the app ends, however that comes.
        await verify(squirrel);
        verified = true;
      }
      if (!mayEnd()) return;
      await new Promise<never>((_, reject) => {
        updater.once('error', reject);
        if (squirrel !== null) {
          updater.quitAndInstall();
          return;
        }
        // Elsewhere the installer would start before the app quits. `quit` comes last, after the host has stopped, and
        // nothing may be awaited in it: a started installer goes on by itself.
        app.once('quit', () => updater.quitAndInstall());
        app.quit();
      });
    },
  };
}
