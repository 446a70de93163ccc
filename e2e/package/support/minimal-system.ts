import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '../../../tools/smoke/ordinary-user.ts';

// A minimal Debian or Ubuntu in a folder: a package manager and the dependencies of one package. mmdebstrap makes it
// from this machine's package sources and apt settings.

/** Time limit (ms) of a command, including the download of the system. */
const TIMEOUT_MS = 600_000;
/** Version of the recipe below. A new version makes a new archive in the cache. */
const RECIPE = 1;
/** An unprivileged user of that system. */
export const USER = 'ada';

/**
 * Makes a system's folder the root of a separate mount namespace, which ends with the process. It uses pivot_root,
 * because in a chroot Linux denies user namespaces, which Chromium's sandbox needs. `exec` keeps the process id.
 */
const ENTER = `
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
shift
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs tmpfs run
if [ -d /tmp/.X11-unix ]; then mkdir -p tmp/.X11-unix; mount --bind /tmp/.X11-unix tmp/.X11-unix; fi
mkdir -p .outside
pivot_root . .outside
umount -l /.outside
rmdir /.outside
cd /
exec "$@"
`;

export interface MinimalSystem {
  /** The root folder. */
  root: string;
  /** The command that runs `words` in the system, as root or as `USER`, with `exec`. */
  command(words: readonly string[], options?: { user?: typeof USER; env?: NodeJS.ProcessEnv }): Command;
  /** Runs a command in the system as root. @returns its stdout @throws if it fails, with its output */
  run(...words: string[]): Promise<string>;
  /** Every path in the system, without mounted file systems, sorted. */
  paths(): Promise<string[]>;
  remove(): Promise<void>;
}

/** The reason to skip a test because no such system can be made here, or null. */
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

  const command: MinimalSystem['command'] = (words, { user, env = {} } = {}) => {
    const identity = user ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--'] : [];
    const home = user ? `/home/${user}` : '/root';
    return {
      program: 'unshare',
      args: ['--mount', 'sh', '-c', ENTER, 'enter', root, ...identity, ...words],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, USER: user ?? 'root', LANG: 'C.UTF-8', ...env },
    };
  };
  return {
    root,
    command,
    async run(...words) {
      const { program, args, env } = command(words, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
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

/** The cached archive of the system for this release, these dependencies and this recipe. Makes it if it is missing. */
async function cachedArchive(depends: string): Promise<string> {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (!release) throw new Error('/etc/os-release does not say which Debian or Ubuntu this is');
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'earshot');
  const tag = createHash('sha256').update(`${RECIPE}\n${depends}`).digest('hex').slice(0, 8);
  const archive = join(cache, `test-system-${release}-${tag}.tar`);
  if (existsSync(archive)) return archive;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'system-'));
  try {
    const output = join(work, 'system.tar');
    const settings = join(work, 'apt.conf');
    await writeFile(settings, await downloadSettings());
    const satisfy = `chroot "$1" apt-get --yes --no-install-recommends satisfy '${depends.replaceAll("'", '')}'`;
    const hooks = [satisfy, 'chroot "$1" apt-get clean', `chroot "$1" useradd --create-home ${USER}`];
    await promisify(execFile)(
      'mmdebstrap',
      [
        '--variant=minbase',
        `--aptopt=${settings}`,
        // The archive need not survive a power cut.
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

/** This machine's apt settings for downloads: proxies, and what a mirror needs. */
async function downloadSettings(): Promise<string> {
  const { stdout } = await promisify(execFile)('apt-config', ['dump']);
  return stdout
    .split('\n')
    .filter((line) => /^Acquire::[\w:-]+ "[^"]+";$/.test(line) && !/IndexTargets/.test(line))
    .join('\n');
}

async function packageSources(): Promise<string[]> {
  const more = (await readdir('/etc/apt/sources.list.d')).filter((name) => /\.(list|sources)$/.test(name));
  return ['/etc/apt/sources.list', ...more.map((name) => `/etc/apt/sources.list.d/${name}`)].filter(existsSync);
}
