import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildDeb } from './build-deb.ts';
import { controlText } from './control.ts';
import { parseFpmArguments } from './fpm-arguments.ts';

/** Arguments as electron-builder passes them. */
const ARGUMENTS = [
  ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libnss3', '-d', 'libasound2t64 | libasound2'],
  ...['--deb-recommends', 'xdg-utils', '--deb-compression', 'gz', '--architecture', 'amd64'],
  ...['--after-install', '/tmp/after-install', '--after-remove', '/tmp/after-remove'],
  ...['--description', 'A voice app\n \n A longer text.', '--version', '1.2.3', '--package', '/tmp/out.deb'],
  ...['--name', 'earshot', '--maintainer', 'Somebody <a@b.example>', '--url', 'https://earshot.example'],
  ...['--category', 'sound', '--deb-priority', 'optional', '--license', 'MIT', '--deb-compression-level', '1'],
  ...['/tmp/unpacked/=/opt/Earshot', '/tmp/a=b.png=/usr/share/icons/earshot.png'],
];

describe('the arguments of fpm', () => {
  test('are all parsed', () => {
    expect(parseFpmArguments(ARGUMENTS)).toEqual({
      output: '/tmp/out.deb',
      name: 'earshot',
      version: '1.2.3',
      architecture: 'amd64',
      maintainer: 'Somebody <a@b.example>',
      vendor: null,
      license: 'MIT',
      homepage: 'https://earshot.example',
      section: 'sound',
      priority: 'optional',
      description: 'A voice app\n \n A longer text.',
      depends: ['libnss3', 'libasound2t64 | libasound2'],
      recommends: ['xdg-utils'],
      scripts: { postinst: '/tmp/after-install', postrm: '/tmp/after-remove' },
      configFiles: [],
      compression: 'gzip',
      compressionLevel: 1,
      contents: [
        { from: '/tmp/unpacked/', to: '/opt/Earshot' },
        { from: '/tmp/a=b.png', to: '/usr/share/icons/earshot.png' },
      ],
    });
  });

  test('can add an iteration to the version', () => {
    expect(parseFpmArguments([...ARGUMENTS, '--iteration', '7']).version).toBe('1.2.3-7');
  });

  test.each([
    ['an unknown option', ['--deb-systemd', 'x']],
    ['another kind of package', ['-t', 'rpm']],
    ['a compression that dpkg does not have', ['--deb-compression', 'lzma2']],
    ['an invalid level', ['--deb-compression-level', 'x']],
    ['a file without a target', ['/tmp/file']],
    ['a relative target', ['/tmp/file=opt']],
    ['a target with ..', ['/tmp/file=/opt/../../etc']],
    ['no name', ['--name', '']],
  ])('are refused with %s', (_title, more) => {
    expect(() => parseFpmArguments([...ARGUMENTS, ...more])).toThrow(expect.objectContaining({ code: 'bad_argument' }));
  });
});

test('the control file has the fields of dpkg, with an indented description', () => {
  expect(controlText(parseFpmArguments(ARGUMENTS), 250_000)).toBe(
    [
      'Package: earshot',
      'Version: 1.2.3',
      'License: MIT',
      'Architecture: amd64',
      'Maintainer: Somebody <a@b.example>',
      'Installed-Size: 250000',
      'Depends: libnss3, libasound2t64 | libasound2',
      'Recommends: xdg-utils',
      'Section: sound',
      'Priority: optional',
      'Homepage: https://earshot.example',
      'Description: A voice app',
      ' .',
      ' A longer text.',
      '',
    ].join('\n'),
  );
});

describe.runIf(existsSync('/usr/bin/dpkg-deb'))('the package, made by dpkg-deb', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-deb-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('contains the files with their modes, the scripts, and correct checksums', async () => {
    const unpacked = join(folder, 'unpacked');
    mkdirSync(join(unpacked, 'resources'), { recursive: true });
    writeFileSync(join(unpacked, 'earshot'), '#!/bin/sh\n');
    chmodSync(join(unpacked, 'earshot'), 0o755);
    writeFileSync(join(unpacked, 'resources/app.asar'), 'archive');
    chmodSync(join(unpacked, 'resources/app.asar'), 0o644);
    writeFileSync(join(folder, 'entry'), '[Desktop Entry]\n');
    writeFileSync(join(folder, 'script'), '#!/bin/sh\nexit 0\n', { mode: 0o600 });
    const output = join(folder, 'out.deb');
    await buildDeb({
      ...parseFpmArguments(ARGUMENTS),
      output,
      scripts: { postinst: join(folder, 'script') },
      configFiles: ['/etc/earshot.conf'],
      contents: [
        { from: `${unpacked}/`, to: '/opt/Earshot' },
        { from: join(folder, 'entry'), to: '/usr/share/applications/earshot.desktop' },
        { from: join(folder, 'entry'), to: '/etc/earshot.conf' },
      ],
    });

    const listed = execFileSync('dpkg-deb', ['--contents', output], { encoding: 'utf8' });
    const modes = listed
      .trim()
      .split('\n')
      .map((line) => {
        const [mode, owner, , , , path] = line.split(/\s+/);
        return `${mode} ${owner} ${path}`;
      });
    expect(modes).toContain('-rwxr-xr-x root/root ./opt/Earshot/earshot');
    expect(modes).toContain('-rw-r--r-- root/root ./opt/Earshot/resources/app.asar');
    expect(modes).toContain('drwxr-xr-x root/root ./usr/share/applications/');
    expect(modes).not.toContainEqual(expect.stringContaining('DEBIAN'));

    const extracted = join(folder, 'extracted');
    execFileSync('dpkg-deb', ['--raw-extract', output, extracted]);
    execFileSync('md5sum', ['--check', '--quiet', 'DEBIAN/md5sums'], { cwd: extracted });
    const sums = readFileSync(join(extracted, 'DEBIAN/md5sums'), 'utf8').trim().split('\n');
    expect(sums.map((line) => line.slice(34))).toEqual(
      expect.arrayContaining(['opt/Earshot/earshot', 'opt/Earshot/resources/app.asar', 'etc/earshot.conf']),
    );
    expect(readFileSync(join(extracted, 'DEBIAN/conffiles'), 'utf8')).toBe('/etc/earshot.conf\n');
    expect(execFileSync(join(extracted, 'DEBIAN/postinst'), { encoding: 'utf8' })).toBe('');
    expect(execFileSync('dpkg-deb', ['--field', output, 'Depends'], { encoding: 'utf8' }).trim()).toBe(
      'libnss3, libasound2t64 | libasound2',
    );
  });
});
