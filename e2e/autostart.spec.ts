import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { autostartFile } from '../main/desktop/autostart-file.ts';
import { expect, requirePrograms, test } from './support/linux-desktop/test.ts';

// Desktops start the entries in the autostart folder with GLib (GNOME, Xfce, Cinnamon), dex (window managers without a
// session) or systemd's generator (recent GNOME and KDE).
requirePrograms('gio', 'dex');

const GENERATOR = '/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator';

/** Folder names with characters that are special in a desktop entry, a shell or a systemd unit. */
const FOLDER_NAMES = [
  'plain',
  'with a space',
  ' around ',
  '100% sure',
  '50%u %f %c',
  'a%%b',
  'quo"te',
  "quo'te",
  'back\\slash',
  'a\\nb\\sc',
  'end\\',
  'dol$lar',
  '$HOME',
  'back`tick`',
  'a=b',
  'a;b&c|d',
  '(x)<y>',
  '#hash',
  '~',
  '*?[a]',
  'new\nline',
  'tab\there',
  'ünï 語 🎤',
];

let root: string;
test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earshot-autostart-'));
});
test.afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Installed {
  program: string;
  entry: string;
  link: string;
  /** The file to which the program writes its number of arguments and its own path. */
  marker: string;
}

/**
 * Writes a program into a folder of this name, and an autostart entry for it with the app's own code.
 * @param home the name of the home folder
 */
function install(folder: string, home = 'home'): Installed {
  rmSync(root, { recursive: true, force: true });
  const [programs, linkFolder, marker] = [
    join(root, 'programs', folder),
    join(root, home, 'own'),
    join(root, 'started'),
  ];
  for (const dir of [programs, linkFolder]) mkdirSync(dir, { recursive: true });
  const program = join(programs, 'earshot');
  const script = `#!/bin/sh\necho "$# $(readlink -f "$0" | od -An -tx1 | tr -d ' \\n')" >"${marker}"\n`;
  writeFileSync(program, script, { mode: 0o755 });
  autostartFile({ env: {}, execPath: program, home: join(root, home), linkFolder }).set(true);
  const entry = join(root, home, '.config/autostart/earshot.desktop');
  return { program, entry, link: join(linkFolder, 'start-at-login'), marker };
}

async function expectStarted([launcher = '', ...args]: readonly string[], installed: Installed, name: string) {
  const { program, entry, marker } = installed;
  const child = execFile(launcher, [...args, entry], { cwd: '/' });
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  // The entry must start this program without arguments.
  const expected = `0 ${Buffer.from(`${program}\n`).toString('hex')}\n`;
  await expect
    .poll(() => (existsSync(marker) ? readFileSync(marker, 'utf8') : errors), { message: JSON.stringify(name) })
    .toBe(expected);
}

for (const launcher of [['gio', 'launch'], ['dex']]) {
  test(`${launcher[0]} starts the app at login from a folder of any name`, async () => {
    for (const folder of FOLDER_NAMES) await expectStarted(launcher, install(folder), folder);
  });
}

test('gio launch starts the app at login with a home folder of any name', async () => {
  for (const home of FOLDER_NAMES.filter((name) => !/[\n\t]/.test(name)))
    await expectStarted(['gio', 'launch'], install('100% sure', home), home);
});

test("systemd's generator makes a unit from the entry for a folder of any name", () => {
  test.skip(!existsSync(GENERATOR), 'not installed: systemd');
  for (const folder of FOLDER_NAMES) {
    const { program, entry, link } = install(folder);
    const out = ['normal', 'early', 'late'].map((name) => join(root, name));
    for (const dir of out) mkdirSync(dir);
    execFileSync(GENERATOR, out, {
      env: { XDG_CONFIG_HOME: join(entry, '../..'), XDG_CONFIG_DIRS: '/nowhere', XDG_CURRENT_DESKTOP: 'GNOME' },
      stdio: 'ignore',
    });
    const unit = out
      .flatMap((dir) => readdirSync(dir).map((name) => join(dir, name)))
      .find((path) => path.endsWith('.service'));
    const [, command = ''] = /^ExecStart=:?"?(.*?)"?$/m.exec(unit ? readFileSync(unit, 'utf8') : '') ?? [];
    expect([program, link], folder).toContain(command);
    expect(realpathSync(command), folder).toBe(realpathSync(program));
  }
});
