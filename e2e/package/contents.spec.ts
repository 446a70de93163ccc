import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../testing/host-process.ts';
import { ARCHIVE_FILES, MAX_ARCHIVE_BYTES, withoutHashes } from '../../tools/packaging/archive-files.ts';
import { readAsar } from '../../tools/packaging/asar.ts';
import { PACKAGE_FUSES, readFuses } from '../../tools/packaging/fuses.ts';
import type { PackageKind } from '../../tools/packaging/test-packages.ts';
import { parseDesktopEntry } from './support/desktop-entry.ts';
import { expect, test } from './support/test.ts';

const KINDS: PackageKind[] = ['released', 'debuggable'];
/** Files that only a package with the older test runtime has: its entry point, and functions that its Node lacks. */
const FOR_OLDER_NODE = ['test-runtime/default-app/node-functions.cjs', 'test-runtime/packaged-app/main.cjs'];

for (const kind of KINDS) {
  test(`${kind}: the archive holds exactly the build, byte by byte, and its manifest`, ({ packages }) => {
    const asar = readAsar(join(packages.unpacked(kind), 'resources/app.asar'));
    const manifest = JSON.parse(String(asar.files.get('package.json')));
    const isOlder = manifest.main !== 'dist/main/index.cjs';
    expect(withoutHashes(asar.files.keys())).toEqual([...ARCHIVE_FILES, ...(isOlder ? FOR_OLDER_NODE : [])]);
    if (isOlder) expect(manifest.main).toBe(FOR_OLDER_NODE[1]);
    for (const [name, content] of asar.files) {
      if (name.startsWith('dist/')) expect(content.equals(readFileSync(join(ROOT, name))), name).toBe(true);
    }
    expect(asar.bytes).toBeLessThan(MAX_ARCHIVE_BYTES);
    expect(asar.unprotected).toEqual([]);
    const { name, version, desktopName, earshot, scripts, dependencies, devDependencies } = manifest;
    expect({ name, desktopName }).toEqual({ name: 'earshot', desktopName: 'earshot.desktop' });
    expect(version).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
    expect([scripts, dependencies, devDependencies]).toEqual([undefined, undefined, undefined]);
    expect(earshot).toEqual(kind === 'debuggable' ? { remoteDebugging: true } : undefined);
  });

  test(`${kind}: every fuse of this Electron version has the stated value`, ({ packages, runtime }) => {
    const releasedFuses = readFuses(readFileSync(runtime));
    const statedFuses = Object.entries(PACKAGE_FUSES).filter(([name]) => name in releasedFuses);
    expect(readFuses(readFileSync(packages.program(kind)))).toEqual(Object.fromEntries(statedFuses));
    expect(statedFuses.length).toBeGreaterThanOrEqual(7);
    expect(Object.fromEntries(statedFuses), 'changed by flipping').not.toEqual(releasedFuses);
  });
}

test('the app’s archive is the only one, and the licences of Electron and Chromium are included', ({ packages }) => {
  const resources = join(packages.unpacked('released'), 'resources');
  expect(readdirSync(resources).filter((name) => /asar|default_app|^app$/.test(name))).toEqual(['app.asar']);
  expect(readFileSync(join(resources, 'app-update.yml'), 'utf8')).toMatch(/owner: someone\nrepo: earshot\n/);
  for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html']) {
    expect(existsSync(join(resources, '..', name)), name).toBe(true);
  }
});

test('the .tar.gz unpacks to the same program and the same archive', ({ packages, folder }) => {
  const { tarGz } = packages;
  test.skip(tarGz === null, 'the .tar.gz needs 7za (on Debian: apt-get install p7zip-full)');
  const place = join(folder, 'unpacked');
  mkdirSync(place);
  execFileSync('tar', ['-xzf', String(tarGz), '-C', place, '--strip-components=1']);
  const isSame = (name: string) =>
    readFileSync(join(place, name)).equals(readFileSync(join(packages.unpacked('released'), name)));
  expect(isSame('resources/app.asar')).toBe(true);
  expect(isSame('earshot')).toBe(true);
});

test.describe('the .deb', () => {
  test.beforeEach(({ packages }) => test.skip(packages.deb === null, 'the .deb needs dpkg-deb'));

  test('has the right metadata and dependencies', ({ packages }) => {
    const field = (name: string) =>
      execFileSync('dpkg-deb', ['--field', String(packages.deb), name], { encoding: 'utf8' }).trim();
    expect(field('Package')).toBe('earshot');
    expect(field('Architecture')).toBe('amd64');
    expect(field('License')).toBe('MIT');
    expect(field('Section')).toBe('sound');
    expect(field('Homepage')).toBe('https://github.com/someone/earshot');
    expect(field('Description')).toMatch(/^A desktop voice app\n/);
    expect(field('Depends')).toMatch(/\blibasound2t64 \| libasound2, .*\blibgbm1\b/);
    expect(field('Recommends')).toBe('libpulse0');
  });

  test('contains a desktop entry that matches the window, and the icon in every size', ({ packages, folder }) => {
    execFileSync('dpkg-deb', ['--extract', String(packages.deb), join(folder, 'root')]);
    const entry = parseDesktopEntry(readFileSync(join(folder, 'root/usr/share/applications/earshot.desktop'), 'utf8'));
    expect(entry).toEqual({
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
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
      const icon = `usr/share/icons/hicolor/${size}x${size}/apps/earshot.png`;
      expect(existsSync(join(folder, 'root', icon)), icon).toBe(true);
    }
  });
});
