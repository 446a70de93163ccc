import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signing } from '../publish/signing.ts';
import { type Asar, readAsar } from './asar.ts';
import { plist, resedit } from './builder-libraries.ts';
import { readFuses } from './fuses.ts';
import { copyProject, runOffline } from './project.ts';
import { publishArgs } from './publish-args.ts';
import { type System, writeRuntime } from './stand-in-runtime.ts';

// electron-builder itself packs the app for all three systems, without the network, over a stand-in for Electron's
// runtime: what is in the packages is real, but for Electron. None of them is started.

const MAX_ASAR_BYTES = 3_000_000;
const SEVEN_ZIP = process.env.ELECTRON_BUILDER_7ZIP_PATH || '/usr/bin/7za';
const HAS_SEVEN_ZIP = existsSync(SEVEN_ZIP);
/** A build, and electron-builder on two cores that others use too. */
const PATIENCE_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'earshot-packages-'));
const project = join(folder, 'project');
const output = (system: System) => join(folder, `release-${system}`);
const resources: Record<System, string> = {
  linux: join(output('linux'), 'linux-unpacked/resources'),
  win: join(output('win'), 'win-unpacked/resources'),
  mac: join(output('mac'), 'mac/Earshot.app/Contents/Resources'),
};
const SYSTEMS = Object.keys(resources) as System[];
const asars = new Map<System, Asar>();
const said = new Map<System, string>();
const asar = (system: System): Asar => {
  const found = asars.get(system);
  if (!found) throw new Error(`nothing was packed for ${system}`);
  return found;
};

/** electron-builder over the stand-in; `targets` besides the folder. */
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

/** A stand-in for fpm, which makes the .deb: notes what it was told, keeps the desktop entry, writes an empty package. */
const FPM = `#!${process.execPath}
const { copyFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
writeFileSync(${JSON.stringify(join(folder, 'fpm.json'))}, JSON.stringify(args));
const entry = args.find((arg) => arg.endsWith('.desktop'));
copyFileSync(entry.slice(0, entry.indexOf('=')), ${JSON.stringify(join(folder, 'entry.desktop'))});
writeFileSync(args[args.indexOf('--package') + 1], '');
`;

describe.runIf(process.platform === 'linux')('the packages', () => {
  beforeAll(async () => {
    await mkdir(project);
    await copyProject(project);
    await runOffline(project, 'vite/bin/vite.js', ['build', '--logLevel', 'warn']);
    await writeFile(join(folder, 'fpm'), FPM);
    await chmod(join(folder, 'fpm'), 0o755);
    const env = { CUSTOM_FPM_PATH: join(folder, 'fpm'), ELECTRON_BUILDER_7ZIP_PATH: SEVEN_ZIP };
    // Linux as a signed release, the others as anyone builds them.
    const signed = signing('win32', { WIN_CSC_LINK: 'a', WIN_CSC_KEY_PASSWORD: 'b' }).args;
    const targets: Record<System, string[]> = {
      linux: ['dir', 'deb', ...(HAS_SEVEN_ZIP ? ['tar.gz'] : []), ...publishArgs('someone/earshot'), ...signed],
      win: ['dir'],
      mac: ['dir', ...(HAS_SEVEN_ZIP ? ['zip'] : [])],
    };
    for (const system of SYSTEMS) {
      await writeRuntime(join(folder, system), system);
      said.set(system, await pack(system, targets[system], env));
      asars.set(system, readAsar(join(resources[system], 'app.asar')));
    }
  }, PATIENCE_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('were made of the runtime that was given, and nothing was downloaded', () => {
    for (const text of said.values()) {
      expect(text).toContain('using custom unpacked Electron distribution');
      expect(text).not.toMatch(/downloading|retry/i);
    }
  });

  test.each(SYSTEMS)('%s: the archive holds what runs, its notices and its manifest, and nothing else', (system) => {
    const names = [...asar(system).files.keys()].map((name) => name.replace(/-[\w-]{8}(?=\.\w+$)/, '-*')).sort();
    expect(names).toEqual([
      'dist/THIRD-PARTY.txt',
      'dist/icons/128x128.png',
      'dist/main/index.cjs',
      'dist/main/updater.cjs',
      'dist/preload/index.cjs',
      'dist/renderer/assets/capture-worker-*.js',
      'dist/renderer/assets/capture-worklet-*.js',
      'dist/renderer/assets/index-*.css',
      'dist/renderer/assets/index-*.js',
      'dist/renderer/assets/mark-*.svg',
      'dist/renderer/index.html',
      'dist/tray/tray.png',
      'dist/tray/tray@2x.png',
      'dist/tray/trayListening.png',
      'dist/tray/trayListening@2x.png',
      'dist/tray/trayListeningTemplate.png',
      'dist/tray/trayListeningTemplate@2x.png',
      'dist/tray/trayTemplate.png',
      'dist/tray/trayTemplate@2x.png',
      'package.json',
    ]);
    expect(asar(system).bytes).toBeLessThan(MAX_ASAR_BYTES);
    expect(asar(system).unprotected).toEqual([]);
    expect(String(asar(system).files.get('dist/THIRD-PARTY.txt'))).toMatch(/^electron-updater \d/m);
  });

  test.each(SYSTEMS)('%s: beside our archive lies no other, and nothing of it outside', (system) => {
    const archives = readdirSync(resources[system]).filter((name) => /asar|default_app|^app$/.test(name));
    expect(archives).toEqual(['app.asar']);
  });

  test.each(SYSTEMS)('%s: every fuse is as it is stated', (system) => {
    const program = {
      linux: join(resources.linux, '../earshot'),
      win: join(resources.win, '../Earshot.exe'),
      mac: join(resources.mac, '../Frameworks/Electron Framework.framework/Electron Framework'),
    }[system];
    expect(readFuses(readFileSync(program))).toEqual({
      RunAsNode: false,
      CookieEncryption: false,
      NodeOptions: false,
      NodeCliInspect: false,
      EmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
      // electron-builder can't set it: as released.
      WasmTrapHandlers: true,
    });
  });

  test('the manifest inside says signed where a release signed, and nowhere else', () => {
    const manifest = (system: System) => JSON.parse(String(asar(system).files.get('package.json')));
    expect(manifest('linux').earshot).toEqual({ signed: true });
    for (const system of ['win', 'mac'] as const) expect(manifest(system)).not.toHaveProperty('earshot');
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

  test('only a release knows where it is published, from outside of this repository', () => {
    const updates = readFileSync(join(resources.linux, 'app-update.yml'), 'utf8');
    expect(updates).toMatch(/provider: github/);
    expect(updates).toMatch(/owner: someone/);
    expect(updates).toMatch(/repo: earshot\n/);
    for (const system of ['win', 'mac'] as const) {
      expect(existsSync(join(resources[system], 'app-update.yml'))).toBe(false);
    }
  });

  test("the updater's file runs by itself, and is read by a launch that may look for updates only", async () => {
    const main = String(asar('linux').files.get('dist/main/index.cjs'));
    expect(main.match(/.*updater\.cjs.*/g)?.map((line) => line.trim())).toEqual([
      'const { electronUpdater } = await Promise.resolve().then(() => /* @__PURE__ */ __toESM(require("./updater.cjs"), 1));',
    ]);
    // As it lies in the package, with a stand-in for Electron.
    const place = join(folder, 'updater');
    await mkdir(join(place, 'node_modules/electron'), { recursive: true });
    writeFileSync(join(place, 'updater.cjs'), asar('linux').files.get('dist/main/updater.cjs') ?? '');
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

    test('say who they are, what they need and why they listen', () => {
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

    test('hold the hash of the archive that Electron compares at its start', () => {
      expect(read('Info.plist')).toMatchObject({
        ElectronAsarIntegrity: { 'Resources/app.asar': { algorithm: 'SHA256', hash: asar('mac').headerHash } },
      });
    });

    test('have helpers of their own name, which may not ask for more than the app', () => {
      for (const kind of ['', ' (Renderer)', ' (GPU)', ' (Plugin)']) {
        const about = read(`Frameworks/Earshot Helper${kind}.app/Contents/Info.plist`);
        expect(about).toMatchObject({ CFBundleExecutable: `Earshot Helper${kind}` });
        expect(about).not.toHaveProperty('NSMicrophoneUsageDescription');
      }
    });

    test('are signed with the microphone and compiled code, and no further right', () => {
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

    test('say who they are', () => {
      const [version] = resedit.Resource.VersionInfo.fromEntries(entries());
      const [language] = version?.getAllLanguagesForStringValues() ?? [];
      expect(language && version?.getStringValues(language)).toMatchObject({
        ProductName: 'Earshot',
        FileDescription: 'Earshot',
        LegalCopyright: 'The Earshot authors',
        FileVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      });
    });

    test('have the icon in each of its sizes', () => {
      const icon = readFileSync(join(project, 'build/icon.ico'));
      const count = icon.readUInt16LE(4);
      const [group] = resedit.Resource.IconGroupEntry.fromEntries(entries());
      // A byte each; 0 stands for 256.
      const widths = Array.from({ length: count }, (_, i) => icon.readUInt8(6 + i * 16));
      expect(group?.icons.map(({ width }) => width % 256).sort()).toEqual(widths.sort());
      expect(count).toBeGreaterThan(3);
    });

    test('hold the hash of the archive that Electron compares at its start', () => {
      const integrity = entries().filter(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR');
      expect(integrity.map(({ bin }) => JSON.parse(Buffer.from(bin).toString()))).toEqual([
        [{ file: 'resources\\app.asar', alg: 'SHA256', value: asar('win').headerHash }],
      ]);
    });
  });

  describe('for Linux', () => {
    const fpm = (): string[] => JSON.parse(readFileSync(join(folder, 'fpm.json'), 'utf8'));

    test('bring a desktop entry that a window is matched to', () => {
      const [title, ...lines] = readFileSync(join(folder, 'entry.desktop'), 'utf8').trim().split('\n');
      expect(title).toBe('[Desktop Entry]');
      expect(Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))).toEqual({
        Name: 'Earshot',
        Exec: '/opt/Earshot/earshot %U',
        Terminal: 'false',
        Type: 'Application',
        Icon: 'earshot',
        StartupWMClass: 'earshot',
        StartupNotify: 'true',
        Comment: expect.stringMatching(/^A desktop voice app/),
        Keywords: 'microphone;voice;recording;audio;',
        Categories: 'AudioVideo;Audio;Recorder;',
      });
      expect(fpm().some((arg) => arg.endsWith('=/usr/share/applications/earshot.desktop'))).toBe(true);
    });

    test('bring the icon in every size, under the name that the entry gives', () => {
      for (const size of [16, 32, 48, 64, 128, 256, 512]) {
        const target = `=/usr/share/icons/hicolor/${size}x${size}/apps/earshot.png`;
        expect(fpm().filter((arg) => arg.endsWith(target))).toHaveLength(1);
      }
    });

    test('as a .deb: go to /opt, under the licence and the page of the release', () => {
      const args = fpm();
      const told = (name: string) => args[args.indexOf(name) + 1];
      expect(told('--name')).toBe('earshot');
      expect(told('--license')).toBe('MIT');
      expect(told('--url')).toBe('https://github.com/someone/earshot');
      expect(told('--architecture')).toBe('amd64');
      expect(args).toContain(`${join(output('linux'), 'linux-unpacked')}/=/opt/Earshot`);
    });

    test("carry Electron's and Chromium's licences", () => {
      for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html']) {
        expect(existsSync(join(resources.linux, '..', name))).toBe(true);
        expect(existsSync(join(resources.win, '..', name))).toBe(true);
      }
    });
  });

  test('as archives: tar.gz and zip hold the same archive', ({ skip }) => {
    if (!HAS_SEVEN_ZIP) skip(`needs 7za: set ELECTRON_BUILDER_7ZIP_PATH (not at ${SEVEN_ZIP})`);
    const archive = (system: System, pattern: RegExp) => {
      const names = readdirSync(output(system)).filter((name) => pattern.test(name));
      expect(names).toHaveLength(1);
      return readFileSync(join(output(system), names[0] ?? ''));
    };
    const tar = gunzipSync(archive('linux', /^Earshot-[\d.]+-linux-x64\.tar\.gz$/));
    expect(tar.includes(readFileSync(join(resources.linux, 'app.asar')))).toBe(true);
    expect(archive('mac', /^Earshot-[\d.]+-mac-x64\.zip$/).includes('Earshot.app/Contents/Resources/app.asar')).toBe(
      true,
    );
  });
});

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
