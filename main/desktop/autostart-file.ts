import { mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryName } from '../files/owned-files.ts';
import { appImagePath } from './app-image-path.ts';
import { autostartEntry, isEntryEnabled, isPlainPath } from './autostart-entry.ts';

export interface AutostartOptions {
  env?: NodeJS.ProcessEnv;
  /** Absolute path of the program. */
  execPath?: string;
  /** Absolute path of the home folder. */
  home: string;
  /** Absolute path of a folder owned by Earshot, for a link to a program whose path is not portable in an entry. */
  linkFolder: string;
}

export interface Autostart {
  /** Whether the program starts at login. */
  isOn(): boolean;
  /** @throws the system's error, or an Error when the program's path can't be written to an entry */
  set(on: boolean): void;
}

const LINK_NAME = 'start-at-login';

/** Linux: the entry in the XDG autostart folder. An enabled entry that is out of date is rewritten immediately. */
export function autostartFile(options: AutostartOptions): Autostart {
  const { env = process.env, execPath = process.execPath, home, linkFolder } = options;
  // The XDG Base Directory Specification says to ignore relative paths.
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(home, '.config');
  const folder = join(config, 'autostart');
  const file = join(folder, 'earshot.desktop');
  // In an AppImage `execPath` is inside a mount that will not exist at the next login.
  const program = appImagePath(env, execPath) ?? execPath;
  /** Replaces a path that some desktops would misread; null: not needed. */
  const link = isPlainPath(program) ? null : join(linkFolder, LINK_NAME);

  const read = () => nullOnError(() => readFileSync(file, 'utf8'));
  const isOn = (text = read()) => text !== null && isEntryEnabled(text);
  const isCurrent = (text: string | null) =>
    text === autostartEntry(link ?? program) && (link === null || nullOnError(() => readlinkSync(link)) === program);
  function write(): void {
    const entry = autostartEntry(link ?? program);
    if (link === null) {
      rmSync(join(linkFolder, LINK_NAME), { force: true });
    } else {
      const temporary = temporaryName(link);
      symlinkSync(program, temporary);
      renameSync(temporary, link);
    }
    writeFileSync(file, entry, { mode: 0o600 });
  }

  const existing = read();
  try {
    // An updated AppImage may have another name.
    if (isOn(existing) && !isCurrent(existing)) write();
  } catch {
    // Not writable: the old entry stays.
  }
  return {
    isOn,
    set(on) {
      if (!on) {
        rmSync(file, { force: true });
        rmSync(join(linkFolder, LINK_NAME), { force: true });
        return;
      }
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      write();
    },
  };
}

function nullOnError(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
