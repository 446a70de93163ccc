import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '../../../tools/smoke/ordinary-user.ts';

// A Debian or Ubuntu of its own, in a folder: the smallest system that has a package manager, with what a package depends on
// and nothing else. It is made by mmdebstrap from the package sources of this machine, with its settings for apt.

/** Making it takes longer (ms) only where the network is very slow. */
const TIMEOUT_MS = 600_000;
/** Another way to make it is another file in the cache. */
const RECIPE = 1;
/** The ordinary user of that system. */
export const USER = 'ada';

/**
 * Enters a system's folder as its own root, with mounts that nobody else sees and that end with the process. Not by
 * chroot: Linux denies namespaces, and so Chromium its sandbox, to whoever is in one. `exec` keeps the process id.
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
  /** Its root folder. */
  root: string;
  /** A command to be started in it, as its root or as `USER`; the process that starts it becomes the command. */
  command(words: readonly string[], options?: { user?: typeof USER; env?: NodeJS.ProcessEnv }): Command;
  /** Runs a command as its root. @returns what it said on stdout @throws when it fails, with all that it said */
  run(...words: string[]): Promise<string>;
  /** Every path in it but for what is mounted, sorted. */
  paths(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Why no such system can be made here; null: it can. */
export async function minimalSystemUnavailable(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'a system to install the .deb on can be made by root alone';
  if (!existsSync('/usr/bin/mmdebstrap')) return 'needs mmdebstrap (on Debian: apt-get install mmdebstrap)';
  try {
    await promisify(execFile)('unshare', ['--mount', 'mount', '--make-rprivate', '/']);
    return null;
  } catch {
    return 'this system does not let root mount (a container without CAP_SYS_ADMIN)';
  }
}

/**
 * Makes a system that satisfies a package's dependencies. The first one takes a minute and is kept in the user's cache.
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

/** The archive of the system, made when it is not there: for this release, these dependencies and this recipe. */
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
        // Nothing of it has to survive a power cut.
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

/** This machine's settings for downloads of apt: proxies, and what a mirror needs. */
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
