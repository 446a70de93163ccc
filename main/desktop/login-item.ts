import { app } from 'electron';
import type { DesktopState } from '../../shared/desktop.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { type AutostartOptions, autostartFile } from './autostart-file.ts';

/** Start at login, as the system has it. */
export interface LoginItem {
  state(): DesktopState['login'];
  /** Requests a change; read the result from `state`. */
  change(on: boolean): void;
}

export interface LoginItemOptions extends AutostartOptions {
  /** False: the running program is Electron itself, which must not start at login. */
  packaged: boolean;
  log: Log;
  platform?: NodeJS.Platform;
}

/**
 * Starts Earshot at login. Changes the system's entry only when the setting changes: an entry that the user disabled in
 * the system's own settings stays disabled at the next start.
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
      // Windows: Task Manager and Settings disable an entry elsewhere and leave the registry value that `openAtLogin`
      // reads.
      return platform === 'win32' ? executableWillLaunchAtLogin : openAtLogin;
    },
    set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin }),
  };
}
