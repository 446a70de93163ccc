import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLog } from '../../testing/data-dir.ts';
import { processStatus, processTree } from '../support/processes.ts';
import { commandOf, parseDesktopEntry } from './support/desktop-entry.ts';
import { minimalSystem, minimalSystemUnavailable, USER } from './support/minimal-system.ts';
import { startCommand } from './support/packaged-app.ts';
import { expect, test } from './support/test.ts';

/** dpkg removes this folder together with the last package in it. */
const REMOVED_IF_EMPTY = '/opt';
/** Paths that every installation and removal of a package changes, and the user's home. */
const KEPT = /^\/(?:var\/(?:log|cache|lib\/(?:dpkg|apt))|home\/ada|tmp\/\.X11-unix)(?:\/|$)/;

test('the .deb installs with only its dependencies, starts from its desktop entry, and leaves only data when removed', async ({
  packages,
}) => {
  const reason = packages.deb === null ? 'the .deb needs dpkg-deb' : await minimalSystemUnavailable();
  test.skip(reason !== null, reason ?? '');
  // The first run downloads the system.
  test.setTimeout(600_000);
  const deb = String(packages.deb);
  const depends = execFileSync('dpkg-deb', ['--field', deb, 'Depends'], { encoding: 'utf8' }).trim();
  const system = await minimalSystem(depends);
  try {
    const before = await system.paths();
    copyFileSync(deb, join(system.root, 'earshot.deb'));
    const installed = await system.run('apt-get', 'install', '--yes', '--no-install-recommends', '/earshot.deb');
    expect(installed).toContain('0 upgraded, 1 newly installed, 0 to remove');
    expect(await system.run('dpkg', '--verify', 'earshot'), 'modified files').toBe('');

    const place = '/opt/Earshot';
    const programs = readdirSync(join(system.root, place)).filter((name) =>
      /^earshot$|crashpad_handler$|\.so(\.\d+)?$/.test(name),
    );
    expect(programs).toEqual(expect.arrayContaining(['earshot', 'chrome_crashpad_handler', 'libEGL.so']));
    const linked = await system.run('ldd', ...programs.map((name) => `${place}/${name}`));
    expect(linked.match(/.*not found.*/g), 'libraries that no dependency provides').toBeNull();

    const entry = parseDesktopEntry(readFileSync(join(system.root, 'usr/share/applications/earshot.desktop'), 'utf8'));
    const app = startCommand(system.command(commandOf(entry.Exec ?? ''), { user: USER, env: displayOf(process.env) }));
    try {
      await app.ready();
      const renderers = processTree(app.pid).filter(({ args }) => args.includes('--type=renderer'));
      expect(renderers.length).toBeGreaterThan(0);
      for (const { pid } of renderers) {
        const status = processStatus(pid);
        expect(status).toMatchObject({ Seccomp: '2', NoNewPrivs: '1' });
        expect(status.Uid?.split(/\s+/)[0], 'user').not.toBe('0');
      }
      expect(await app.stop(), 'exit code').toBe(0);
    } finally {
      await app.stop();
    }
    const data = join(system.root, 'home', USER, '.config/Earshot/data');
    expect(readLog(data).filter(({ level }) => level === 'error')).toEqual([]);

    // The command in PATH.
    const byName = startCommand(system.command(['earshot'], { user: USER, env: displayOf(process.env) }));
    try {
      await byName.ready();
    } finally {
      expect(await byName.stop(), 'exit code').toBe(0);
    }
    // It passes its options on.
    const asked = startCommand(system.command(['earshot', '--status'], { user: USER, env: displayOf(process.env) }));
    expect(await asked.exited(), asked.stderr()).toBe(3);

    await system.run('apt-get', 'purge', '--yes', 'earshot');
    await system.run('rm', '/earshot.deb');
    const pathsBefore = new Set(before);
    expect(
      (await system.paths()).filter((path) => !pathsBefore.has(path) && !KEPT.test(path)),
      'left behind',
    ).toEqual([]);
    const pathsAfter = new Set(await system.paths());
    expect(
      before.filter((path) => !pathsAfter.has(path) && !KEPT.test(path) && path !== REMOVED_IF_EMPTY),
      'removed',
    ).toEqual([]);
    expect(existsSync(join(data, 'logs/earshot.log')), 'the data of the user').toBe(true);
  } finally {
    await system.remove();
  }
});

/** The environment for a program in the other system that uses this machine's display. */
function displayOf({ DISPLAY }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { DISPLAY, DBUS_SESSION_BUS_ADDRESS: 'disabled:' };
}
