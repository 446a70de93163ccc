import type { AppUpdater } from 'electron-updater';
import type { UpdaterLike } from './updates.ts';

/** Sent instead of the machine id that electron-updater creates for staged roll-outs. */
const ANONYMOUS_ID = '00000000-0000-0000-0000-000000000000';

/** The part of Electron's `app` that quits it. */
interface Quitter {
  once(event: 'quit', listener: () => void): unknown;
  quit(): void;
}

/** The part of Electron's `autoUpdater` that is used on macOS (Squirrel.Mac). */
interface Squirrel {
  on(event: 'update-downloaded', listener: () => void): unknown;
  removeListener(event: 'update-downloaded', listener: () => void): unknown;
  /** Fetches the downloaded update from electron-updater's server on the loopback interface, and verifies it. */
  checkForUpdates(): void;
}

/**
 * Configures electron-updater: no automatic downloads or installs, no downgrades, no machine id.
 * @param squirrel null: not macOS
 */
export function adaptUpdater(updater: AppUpdater, app: Quitter, squirrel: Squirrel | null): UpdaterLike {
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  updater.requestHeaders = { 'x-user-staging-id': ANONYMOUS_ID };
  // Its log lines contain addresses and paths; failures are reported as errors.
  updater.logger = null;

  /** Whether Squirrel has fetched and verified the download. */
  let verified = false;

  function verify(squirrel: Squirrel): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        squirrel.removeListener('update-downloaded', onVerified);
        updater.removeListener('error', onError);
        finish();
      };
      const onVerified = () => settle(resolve);
      const onError = (error: Error) => settle(() => reject(error));
      squirrel.on('update-downloaded', onVerified);
      updater.on('error', onError);
      squirrel.checkForUpdates();
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

    async install(mayQuit) {
      if (squirrel !== null && !verified) {
        // `quitAndInstall` would do this itself and then quit the app, even during a turn. It must not be done before
        // the user's click: Squirrel installs a verified update at the next quit, even if the user quits for another
        // reason.
        await verify(squirrel);
        verified = true;
      }
      if (!mayQuit()) return;
      await new Promise<never>((_, reject) => {
        updater.once('error', reject);
        if (squirrel !== null) {
          updater.quitAndInstall();
          return;
        }
        // Elsewhere the installer would start before the app quits. `quit` is emitted last, after the host has stopped.
        // Its listener can't wait for anything, but the installer keeps running after the app has exited.
        app.once('quit', () => updater.quitAndInstall());
        app.quit();
      });
    },
  };
}
