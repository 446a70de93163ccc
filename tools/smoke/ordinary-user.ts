import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** `nobody` of Linux systems: owns nothing. */
const NOBODY = 65_534;

/** A program to start: what `spawn` takes. */
export interface Command {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** Whether programs have to be handed to an ordinary user: Chromium's sandbox refuses to run as root. */
export function isRootOnLinux(platform: NodeJS.Platform = process.platform, uid = process.getuid?.()): boolean {
  return platform === 'linux' && uid === 0;
}

/**
 * Gives a folder to the user that programs are started as by `asOrdinaryUser`. As any other user it is theirs already.
 */
export async function giveToOrdinaryUser(folder: string, isRoot = isRootOnLinux()): Promise<void> {
  if (isRoot) await chown(folder, NOBODY, NOBODY);
}

/** Makes a home folder with what a session has in it, for `asOrdinaryUser`. */
export async function makeHome(home: string): Promise<void> {
  for (const folder of [home, join(home, '.local'), ...Object.values(homeFolders(home))]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await giveToOrdinaryUser(folder);
  }
}

/**
 * The command as root would hand it to a user without privileges (`setpriv` of util-linux, which replaces itself, so
 * that the process keeps its id); for everybody else as it is. In both cases with a home of its own.
 * @param home a folder that `makeHome` has made
 */
export function asOrdinaryUser(command: Command, home: string, isRoot = isRootOnLinux()): Command {
  const env = { ...command.env, HOME: home, ...homeFolders(home) };
  if (!isRoot) return { ...command, env };
  const identity = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--inh-caps=-all'];
  return { program: 'setpriv', args: [...identity, '--', command.program, ...command.args], env };
}

/** Where the programs of a session keep their files, by the XDG Base Directory Specification. */
function homeFolders(home: string) {
  return {
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_RUNTIME_DIR: join(home, '.run'),
  };
}
