import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The user and group id of `nobody` on Linux. */
const NOBODY = 65_534;

/** Arguments of `spawn`. */
export interface Command {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** Whether programs must be started as an ordinary user: Chromium's sandbox refuses root. */
export function isRootOnLinux(platform: NodeJS.Platform = process.platform, uid = process.getuid?.()): boolean {
  return platform === 'linux' && uid === 0;
}

/** As root, makes the user of `asOrdinaryUser` the owner of a folder. */
export async function giveToOrdinaryUser(folder: string, isRoot = isRootOnLinux()): Promise<void> {
  if (isRoot) await chown(folder, NOBODY, NOBODY);
}

/** Creates a home folder with the folders of a session, for `asOrdinaryUser`. */
export async function makeHome(home: string): Promise<void> {
  for (const folder of [home, join(home, '.local'), ...Object.values(homeFolders(home))]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await giveToOrdinaryUser(folder);
  }
}

/**
 * Changes a command to use another home folder and, as root, to run as a user without privileges. The latter uses
 * `setpriv` of util-linux, which replaces itself, so the process keeps its id.
 * @param home a folder created by `makeHome`
 */
export function asOrdinaryUser(command: Command, home: string, isRoot = isRootOnLinux()): Command {
  const env = { ...command.env, HOME: home, ...homeFolders(home) };
  if (!isRoot) return { ...command, env };
  const identity = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--inh-caps=-all'];
  return { program: 'setpriv', args: [...identity, '--', command.program, ...command.args], env };
}

/** The folders of the XDG Base Directory Specification. */
function homeFolders(home: string) {
  return {
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_RUNTIME_DIR: join(home, '.run'),
  };
}
