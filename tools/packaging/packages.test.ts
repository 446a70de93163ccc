import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signing } from '../publish/signing.ts';
import { ARCHIVE_FILES, MAX_ARCHIVE_BYTES, withoutHashes } from './archive-files.ts';
import { type Asar, readAsar } from './asar.ts';
import { plist, resedit } from './builder-libraries.ts';
import { type System, writeRuntime } from './fake-runtime.ts';
import { PACKAGE_FUSES, readFuses } from './fuses.ts';
import { copyProject, runOffline } from './project.ts';
import { publishArgs } from './publish-args.ts';

// electron-builder packs the app for macOS and Windows, without the network. It uses fake runtimes, because the real
// ones are not available on Linux, so these packages are not started. The packages for Linux use a real runtime, and
// e2e/package starts them.

const SEVEN_ZIP = process.env.ELECTRON_BUILDER_7ZIP_PATH || '/usr/bin/7za';
const HAS_SEVEN_ZIP = existsSync(SEVEN_ZIP);
const NEEDS_SEVEN_ZIP = `needs 7za: set ELECTRON_BUILDER_7ZIP_PATH (not at ${SEVEN_ZIP})`;
/** Time limit (ms) of a build and two runs of electron-builder, on a busy machine with two cores. */
const TIMEOUT_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'earshot-packages-'));
const project = join(folder, 'project');
const output = (system: System) => join(folder, `release-${system}`);
const resources: Record<System, string> = {
  win: join(output('win'), 'win-unpacked/resources'),
  mac: join(output('mac'), 'mac/Earshot.app/Contents/Resources'),
};
const SYSTEMS = Object.keys(resources) as System[];
const asars = new Map<System, Asar>();
const logs = new Map<System, string>();
const asar = (system: System): Asar => {
  const found = asars.get(system);
  if (!found) throw new Error(`no package for ${system}`);
  return found;
};

/** Runs electron-builder with the fake runtime. */
function pack(system: System, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return runOffline(
    project,
    'electron-builder/cli.js',
    [
      `--${system}`,
      ...args,
      '--x64',
      '--publish',
      'never',
      `-c.electronDist=${join(folder, system)}`,
      `-c.directories.output=${output(system)}`,
    ],
    env,
  );
}

describe.runIf(process.platform === 'linux')('the packages for macOS and Windows', () => {
  beforeAll(async () => {
    await mkdir(project);
    await copyProject(project);
    await runOffline(project, 'vite/bin/vite.js', ['build', '--logLevel', 'warn']);
    const env = { ELECTRON_BUILDER_7ZIP_PATH: SEVEN_ZIP };
    // Windows with the arguments of a signed release, macOS with those of a published one.
    const signed = signing('win32', { WIN_CSC_LINK: 'a', WIN_CSC_KEY_PASSWORD: 'b' }).args;
    const targets: Record<System, string[]> = {
      win: ['dir', ...signed],
      mac: ['dir', ...(HAS_SEVEN_ZIP ? ['zip'] : []), ...publishArgs('someone/earshot')],
    };
    for (const system of SYSTEMS) {
      await writeRuntime(join(folder, system), system);
      logs.set(system, await pack(system, targets[system], env));
      asars.set(system, readAsar(join(resources[system], 'app.asar')));
    }
  }, TIMEOUT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('were made with the given runtime, without downloads', () => {
    for (const text of logs.values()) {
      expect(text).toContain('using custom unpacked Electron distribution');
      expect(text).not.toMatch(/downloading|retry/i);
    }
  });

  test.each(SYSTEMS)('%s: the archive contains the app, its notices and its manifest, and nothing else', (system) => {
    expect(withoutHashes(asar(system).files.keys())).toEqual(ARCHIVE_FILES);
    expect(asar(system).bytes).toBeLessThan(MAX_ARCHIVE_BYTES);
    expect(asar(system).unprotected).toEqual([]);
    expect(String(asar(system).files.get('dist/THIRD-PARTY.txt'))).toMatch(/^electron-updater \d/m);
  });

  test.each(SYSTEMS)('%s: there is no other archive, and no unpacked app', (system) => {
    const archives = readdirSync(resources[system]).filter((name) => /asar|default_app|^app$/.test(name));
    expect(archives).toEqual(['app.asar']);
  });

  test.each(SYSTEMS)('%s: every fuse has its configured state', (system) => {
    const program = {
      win: join(resources.win, '../Earshot.exe'),
      mac: join(resources.mac, '../Frameworks/Electron Framework.framework/Electron Framework'),
    }[system];
    expect(readFuses(readFileSync(program))).toEqual(PACKAGE_FUSES);
  });

  test('the manifest says that the package is signed only if a release signed it', () => {
    const manifest = (system: System) => JSON.parse(String(asar(system).files.get('package.json')));
    expect(manifest('win').earshot).toEqual({ signed: true });
    expect(manifest('mac')).not.toHaveProperty('earshot');
    for (const system of SYSTEMS) {
      const { name, version, main, desktopName, devDependencies, dependencies, scripts } = manifest(system);
      expect({ name, main, desktopName }).toEqual({
        name: 'earshot',
        main: 'dist/main/index.cjs',
        desktopName: 'earshot.desktop',
      });
      expect(version).toMatch(/^\d+\.\d+\.\d+/);
      expect([devDependencies, dependencies, scripts]).toEqual([undefined, undefined, undefined]);
    }
  });

  test('only a published release contains the address of its updates', ({ skip }) => {
    expect(existsSync(join(resources.win, 'app-update.yml'))).toBe(false);
    // The app updates itself from the zip.
    if (!HAS_SEVEN_ZIP) skip(NEEDS_SEVEN_ZIP);
    const updates = readFileSync(join(resources.mac, 'app-update.yml'), 'utf8');
    expect(updates).toMatch(/provider: github/);
    expect(updates).toMatch(/owner: someone/);
    expect(updates).toMatch(/repo: earshot\n/);
  });

  test("the updater's file can be loaded, and the main process loads it lazily", async () => {
    const main = String(asar('win').files.get('dist/main/index.cjs'));
    expect(main.match(/.*updater\.cjs.*/g)?.map((line) => line.trim())).toEqual([
      'const { electronUpdater } = await Promise.resolve().then(() => /* @__PURE__ */ __toESM(require("./updater.cjs"), 1));',
    ]);
    // Load the file from the package, with a fake Electron.
    const place = join(folder, 'updater');
    await mkdir(join(place, 'node_modules/electron'), { recursive: true });
    writeFileSync(join(place, 'updater.cjs'), asar('win').files.get('dist/main/updater.cjs') ?? '');
    writeFileSync(
      join(place, 'node_modules/electron/index.js'),
      "exports.app = { getVersion: () => '1.0.0', getName: () => 'earshot', isPackaged: true }; exports.autoUpdater = {};",
    );
    const ask = "import { electronUpdater } from './updater.cjs'; console.log(Object.keys(electronUpdater()).join());";
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', ask], { cwd: place });
    expect((await run).stdout).toBe('check,download,install\n');
  });

  describe('for macOS', () => {
    const contents = join(resources.mac, '..');
    const read = (path: string) => plist.parse(readFileSync(join(contents, path), 'utf8'));

    test('have name, system version and microphone description in Info.plist', () => {
      expect(read('Info.plist')).toMatchObject({
        CFBundleIdentifier: 'org.earshot.app',
        CFBundleName: 'Earshot',
        CFBundleExecutable: 'Earshot',
        CFBundleIconFile: 'icon.icns',
        LSApplicationCategoryType: 'public.app-category.productivity',
        LSMinimumSystemVersion: '13.0',
        NSMicrophoneUsageDescription: expect.stringMatching(/^Earshot listens while its mic button is on\./),
      });
      expect(sha256(join(contents, 'Resources/icon.icns'))).toBe(sha256(join(project, 'build/icon.icns')));
    });

    test('contain the hash of the archive that Electron checks at its start', () => {
      expect(read('Info.plist')).toMatchObject({
        ElectronAsarIntegrity: { 'Resources/app.asar': { algorithm: 'SHA256', hash: asar('mac').headerHash } },
      });
    });

    test('have renamed helpers, without a microphone description', () => {
      for (const kind of ['', ' (Renderer)', ' (GPU)', ' (Plugin)']) {
        const about = read(`Frameworks/Earshot Helper${kind}.app/Contents/Info.plist`);
        expect(about).toMatchObject({ CFBundleExecutable: `Earshot Helper${kind}` });
        expect(about).not.toHaveProperty('NSMicrophoneUsageDescription');
      }
    });

    test('have only the entitlements for microphone and JIT', () => {
      for (const name of ['entitlements.mac.plist', 'entitlements.mac.inherit.plist']) {
        expect(plist.parse(readFileSync(join(project, 'build', name), 'utf8'))).toEqual({
          'com.apple.security.cs.allow-jit': true,
          'com.apple.security.device.audio-input': true,
        });
      }
    });
  });

  describe('for Windows', () => {
    const entries = () => {
      const program = resedit.NtExecutable.from(readFileSync(join(resources.win, '../Earshot.exe')));
      return resedit.NtExecutableResource.from(program).entries;
    };

    test('have name and version in the program', () => {
      const [version] = resedit.Resource.VersionInfo.fromEntries(entries());
      const [language] = version?.getAllLanguagesForStringValues() ?? [];
      expect(language && version?.getStringValues(language)).toMatchObject({
        ProductName: 'Earshot',
        FileDescription: 'Earshot',
        LegalCopyright: 'The Earshot authors',
        FileVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      });
    });

    test('have the icon in all its sizes', () => {
      const icon = readFileSync(join(project, 'build/icon.ico'));
      const count = icon.readUInt16LE(4);
      const [group] = resedit.Resource.IconGroupEntry.fromEntries(entries());
      // One byte each; 0 means 256.
      const widths = Array.from({ length: count }, (_, i) => icon.readUInt8(6 + i * 16));
      expect(group?.icons.map(({ width }) => width % 256).sort()).toEqual(widths.sort());
      expect(count).toBeGreaterThan(3);
    });

    test('contain the hash of the archive that Electron checks at its start', () => {
      const integrity = entries().filter(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR');
      expect(integrity.map(({ bin }) => JSON.parse(Buffer.from(bin).toString()))).toEqual([
        [{ file: 'resources\\app.asar', alg: 'SHA256', value: asar('win').headerHash }],
      ]);
    });
  });

  test("for Windows: contain Electron's and Chromium's licences", () => {
    for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html']) {
      expect(existsSync(join(resources.win, '..', name))).toBe(true);
    }
  });

  test('for macOS as a zip: contains the archive', ({ skip }) => {
    if (!HAS_SEVEN_ZIP) skip(NEEDS_SEVEN_ZIP);
    const names = readdirSync(output('mac')).filter((name) => /^Earshot-[\d.]+-mac-x64\.zip$/.test(name));
    expect(names).toHaveLength(1);
    const zip = readFileSync(join(output('mac'), names[0] ?? ''));
    expect(zip.includes('Earshot.app/Contents/Resources/app.asar')).toBe(true);
  });
});

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
