import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { DesktopState } from '../../shared/desktop.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { autostartEntry, isSwitchedOn } from './autostart-entry.ts';
import { ownAppImage } from './own-app-image.ts';

/** What the system itself says of the start at login. */
export interface LoginItem {
  state(): DesktopState['login'];
  /** Changes it; what came of it is in `state`. */
  change(on: boolean): void;
}

export interface LoginItemOptions {
  /** False: the program that runs is Electron itself, which nobody wants at login. */
  packaged: boolean;
  log: Log;
  platform?: NodeJS.Platform;
  env?: NodeJS.ProcessEnv;
  /** Absolute path of the program. */
  execPath?: string;
  /** Absolute path of the home folder. */
  home: string;
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

interface Item {
  isOn(): boolean;
  set(on: boolean): void;
}

function systemItem(platform: 'darwin' | 'win32'): Item {
  return {
    isOn() {
      const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings();
      // Windows: the Task Manager and the settings leave the entry that `openAtLogin` looks at, and switch it off elsewhere.
      return platform === 'win32' ? executableWillLaunchAtLogin : openAtLogin;
    },
    set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin }),
  };
}

/** Linux: an entry in the autostart folder, which desktops of the XDG kind read. */
function autostartFile({ env = process.env, execPath = process.execPath, home }: LoginItemOptions): Item {
  // The XDG Base Directory Specification wants an absolute path there, and any other ignored.
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(home, '.config');
  const folder = join(config, 'autostart');
  const file = join(folder, 'earshot.desktop');
  // What runs out of an AppImage lies in a mount that is gone at the next login.
  const entry = autostartEntry(ownAppImage(env, execPath) ?? execPath);
  const read = () => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return null;
    }
  };
  const write = () => writeFileSync(file, entry, { mode: 0o600 });

  const found = read();
  const isOn = (text = read()) => text !== null && isSwitchedOn(text);
  if (found !== entry && isOn(found)) {
    // A newer AppImage has another name.
    try {
      write();
    } catch {
      // Then the former entry stays, as the folder's owner wants it.
    }
  }
  return {
    isOn,
    set(on) {
      if (!on) return rmSync(file, { force: true });
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      write();
    },
  };
}
