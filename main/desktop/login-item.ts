import { app } from 'electron';
import type { DesktopState } from '../../shared/desktop.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { type AutostartOptions, autostartFile } from './autostart-file.ts';

/** What the system itself says of the start at login. */
export interface LoginItem {
  state(): DesktopState['login'];
  /** Changes it; what came of it is in `state`. */
  change(on: boolean): void;
}

export interface LoginItemOptions extends AutostartOptions {
  /** False: the program that runs is Electron itself, which nobody wants at login. */
  packaged: boolean;
  log: Log;
  platform?: NodeJS.Platform;
}

/**
 * Starts Earshot when its person logs in. Changed only when they change the setting: who switches it off in the system's
 * own settings is not overruled at the next start.
 */
export function createLoginItem(options: LoginItemOptions): LoginItem {
  const { packaged, log, platform = process.platform } = options;
  if (!packaged) return { state: () => 'unsupported', change: () => {} };
  const item = platform === 'darwin' || platform === 'win32' ? systemItem(platform) : autostartFile(options);
  return {
    state: () => (item.isOn() ? 'on' : 'off'),
    change(on) {
      try {
        item.set(on);
      } catch (error) {
        log('WARNING', { type: 'login_item_not_changed', detail: describeError(error) });
      }
    },
  };
}

function systemItem(platform: 'darwin' | 'win32'): ReturnType<typeof autostartFile> {
  return {
    isOn() {
      const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings();
      // Windows: the Task Manager and the settings leave the entry that `openAtLogin` looks at, and switch it off elsewhere.
      return platform === 'win32' ? executableWillLaunchAtLogin : openAtLogin;
    },
    set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin }),
  };
}
