import { mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryName } from '../files/own-files.ts';
import { appImagePath } from './app-image-path.ts';
import { autostartEntry, isPlainPath, isSwitchedOn } from './autostart-entry.ts';

export interface AutostartOptions {
  env?: NodeJS.ProcessEnv;
  /** Absolute path of the program. */
  execPath?: string;
  /** Absolute path of the home folder. */
  home: string;
  /** Absolute path of a folder of Earshot's own, for a link to a program that an entry can't name. */
  linkFolder: string;
}

export interface Autostart {
  /** Whether the session starts the program. */
  isOn(): boolean;
  /** @throws the system's error, or one that says why no entry can be written */
  set(on: boolean): void;
}

const LINK_NAME = 'start-at-login';

/** Linux: the entry in the autostart folder, which desktops of the XDG kind read. An entry that is on is renewed at once. */
export function autostartFile(options: AutostartOptions): Autostart {
  const { env = process.env, execPath = process.execPath, home, linkFolder } = options;
  // The XDG Base Directory Specification wants an absolute path there, and any other ignored.
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(home, '.config');
  const folder = join(config, 'autostart');
  const file = join(folder, 'earshot.desktop');
  // What runs out of an AppImage lies in a mount that is gone at the next login.
  const program = appImagePath(env, execPath) ?? execPath;
  /** Desktops differ in how they read some characters of a path: a link of ours stands for such a program. */
  const link = isPlainPath(program) ? null : join(linkFolder, LINK_NAME);

  const read = () => orNull(() => readFileSync(file, 'utf8'));
  const isOn = (text = read()) => text !== null && isSwitchedOn(text);
  const isCurrent = (text: string | null) =>
    text === autostartEntry(link ?? program) && (link === null || orNull(() => readlinkSync(link)) === program);
  function write(): void {
    const entry = autostartEntry(link ?? program);
    if (link === null) {
      rmSync(join(linkFolder, LINK_NAME), { force: true });
    } else {
      const made = temporaryName(link);
      symlinkSync(program, made);
      renameSync(made, link);
    }
    writeFileSync(file, entry, { mode: 0o600 });
  }

  const found = read();
  try {
    // A newer AppImage has another name.
    if (isOn(found) && !isCurrent(found)) write();
  } catch {
    // Then the former entry stays, as the folder's owner wants it.
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

function orNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
