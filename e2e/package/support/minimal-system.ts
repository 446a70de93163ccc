import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '../../../tools/smoke/ordinary-user.ts';

// A minimal Debian or Ubuntu in a folder: only the package manager and the dependencies of one package. mmdebstrap makes
// it from this machine's package sources and apt settings.

/** Time limit (ms) of a command, including the download of the system. */
const TIMEOUT_MS = 600_000;
/** Part of the name of the cached archive. Increase it after a change to how the archive is made. */
const ARCHIVE_VERSION = 1;
/** The name of the system's unprivileged user. */
export const USER = 'ada';

/**
 * Shell script that runs a command in the system: `<root folder> <program> [arguments]`. It must be started in a mount
 * namespace of its own, in which it makes the folder the root. It uses pivot_root, because Linux denies user namespaces
 * in a chroot, and Chromium's sandbox needs them. `exec` keeps the process id.
 */
const RUN_IN_ROOT = `
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
shift
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs tmpfs run
if [ -d /tmp/.X11-unix ]; then mkdir -p tmp/.X11-unix; mount --bind /tmp/.X11-unix tmp/.X11-unix; fi
mkdir -p .old-root
pivot_root . .old-root
umount -l /.old-root
rmdir /.old-root
cd /
exec "$@"
`;

export interface MinimalSystem {
  /** The root folder. */
  root: string;
  /**
   * The command that runs a program in the system, by default as root.
   * @param programAndArgs the program, then its arguments
   */
  command(programAndArgs: readonly string[], options?: { user?: typeof USER; env?: NodeJS.ProcessEnv }): Command;
  /** Runs a program in the system as root. @returns its stdout @throws if it fails, with its output */
  run(...programAndArgs: string[]): Promise<string>;
  /** All paths in the system, sorted, without those in mounted file systems. */
  paths(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Why no such system can be made on this machine, as the reason to skip a test; null: it can. */
export async function minimalSystemUnavailable(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'only root can make a system to install the .deb on';
  if (!existsSync('/usr/bin/mmdebstrap')) return 'needs mmdebstrap (on Debian: apt-get install mmdebstrap)';
  try {
    await promisify(execFile)('unshare', ['--mount', 'mount', '--make-rprivate', '/']);
    return null;
  } catch {
    return 'this system does not let root mount (a container without CAP_SYS_ADMIN)';
  }
}

/**
 * Makes a system with a package's dependencies. The first run takes a minute; the result is kept in the user's cache.
 * @param depends the field `Depends` of the package
 */
export async function minimalSystem(depends: string): Promise<MinimalSystem> {
  const archive = await cachedArchive(depends);
  const folder = await mkdtemp(join(tmpdir(), 'earshot-system-'));
  const root = join(folder, 'root');
  await mkdir(root, { mode: 0o755 });
  await promisify(execFile)('tar', ['-xf', archive, '-C', root, '--numeric-owner']);

  const command: MinimalSystem['command'] = (programAndArgs, { user, env = {} } = {}) => {
    const switchUser = user ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--'] : [];
    const home = user ? `/home/${user}` : '/root';
    return {
      program: 'unshare',
      args: ['--mount', 'sh', '-c', RUN_IN_ROOT, 'run-in-root', root, ...switchUser, ...programAndArgs],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, USER: user ?? 'root', LANG: 'C.UTF-8', ...env },
    };
  };
  return {
    root,
    command,
    async run(...programAndArgs) {
      const { program, args, env } = command(programAndArgs, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
      const { stdout } = await promisify(execFile)(program, [...args], { env, timeout: TIMEOUT_MS });
      return stdout;
    },
    async paths() {
      const { stdout } = await promisify(execFile)('find', [root, '-mindepth', '1', '-printf', '/%P\\n'], {
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout.trim().split('\n').sort();
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Path of the cached archive of the system for this machine's release and these dependencies. Makes it if missing. */
async function cachedArchive(depends: string): Promise<string> {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (!release) throw new Error('/etc/os-release does not say which Debian or Ubuntu this is');
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'earshot');
  const tag = createHash('sha256').update(`${ARCHIVE_VERSION}\n${depends}`).digest('hex').slice(0, 8);
  const archive = join(cache, `test-system-${release}-${tag}.tar`);
  if (existsSync(archive)) return archive;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'system-'));
  try {
    const output = join(work, 'system.tar');
    const settings = join(work, 'apt.conf');
    await writeFile(settings, await downloadSettings());
    const installDependencies = `chroot "$1" apt-get --yes --no-install-recommends satisfy '${depends.replaceAll("'", '')}'`;
    const hooks = [installDependencies, 'chroot "$1" apt-get clean', `chroot "$1" useradd --create-home ${USER}`];
    await promisify(execFile)(
      'mmdebstrap',
      [
        '--variant=minbase',
        `--aptopt=${settings}`,
        // Faster: the archive need not survive a power failure.
        '--dpkgopt=force-unsafe-io',
        ...hooks.map((hook) => `--customize-hook=${hook}`),
        release,
        output,
        ...(await packageSources()),
      ],
      { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 },
    );
    await rename(output, archive);
    return archive;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** This machine's apt settings for downloads, such as proxies. */
async function downloadSettings(): Promise<string> {
  const { stdout } = await promisify(execFile)('apt-config', ['dump']);
  return stdout
    .split('\n')
    .filter((line) => /^Acquire::[\w:-]+ "[^"]+";$/.test(line) && !/IndexTargets/.test(line))
    .join('\n');
}

/** The files that list this machine's package sources. */
async function packageSources(): Promise<string[]> {
  const more = (await readdir('/etc/apt/sources.list.d')).filter((name) => /\.(list|sources)$/.test(name));
  return ['/etc/apt/sources.list', ...more.map((name) => `/etc/apt/sources.list.d/${name}`)].filter(existsSync);
}
