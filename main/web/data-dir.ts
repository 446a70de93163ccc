import { posix, win32 } from 'node:path';

export interface DataDirEnvironment {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  home: string;
}

/**
 * The default data folder on this system: `$XDG_DATA_HOME/earshot` or `~/.local/share/earshot` (XDG Base Directory
 * Specification 0.8: a relative value is ignored), `~/Library/Application Support/Earshot`, `%APPDATA%\Earshot`.
 * @returns an absolute path; does not create the folder
 */
export function defaultDataDir({ platform, env, home }: DataDirEnvironment): string {
  if (platform === 'win32') {
    const roaming = env.APPDATA;
    const base = roaming && win32.isAbsolute(roaming) ? roaming : win32.join(home, 'AppData', 'Roaming');
    return win32.join(base, 'Earshot');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Earshot');
  const xdg = env.XDG_DATA_HOME;
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share'), 'earshot');
}
