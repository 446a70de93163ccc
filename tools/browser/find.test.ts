import { describe, expect, test } from 'vitest';
import { findBrowser, type Machine } from './find.ts';

const DOWNLOADED = '/cache/ms-playwright/chromium/chrome';

interface World {
  files: string[];
  /** Programs that are there but don't start. */
  broken?: string[];
  /** What a command that works brings onto the disk; a command that is not named here fails. */
  brings?: Record<string, string[]>;
  repairs?: Record<string, string[]>;
  machine?: Partial<Machine>;
}

function machineWith({ files, broken = [], brings = {}, repairs = {}, machine = {} }: World) {
  const present = new Set(files);
  const dead = new Set(broken);
  const commands: string[] = [];
  const run: Machine['run'] = async (command, args) => {
    const line = [command, ...args].join(' ');
    if (args[0] === '--version') return present.has(command) && !dead.has(command);
    commands.push(line);
    for (const path of brings[line] ?? []) present.add(path);
    for (const path of repairs[line] ?? []) dead.delete(path);
    return line in brings || line in repairs;
  };
  const made: Machine = {
    platform: 'linux',
    env: { PATH: '/usr/bin' },
    isRoot: false,
    playwrightChromium: DOWNLOADED,
    exists: (path) => present.has(path),
    run,
    runPlaywright: (args, timeoutMs) => run('playwright', args, timeoutMs),
    say: () => {},
    ...machine,
  };
  return { machine: made, commands };
}

const DOWNLOAD = 'playwright install --no-shell chromium';
const DEPS = 'playwright install-deps chromium';
const APT = 'apt-get install -y --no-install-recommends chromium';

describe('finding a browser', () => {
  test('takes the one that EARSHOT_BROWSER names', async () => {
    const { machine } = machineWith({
      files: ['/my/chrome', '/usr/bin/chromium'],
      machine: { env: { EARSHOT_BROWSER: '/my/chrome' } },
    });
    expect(await findBrowser(machine)).toBe('/my/chrome');
  });

  test('fails if EARSHOT_BROWSER names no file instead of choosing another browser', async () => {
    const { machine } = machineWith({
      files: ['/usr/bin/chromium'],
      machine: { env: { PATH: '/usr/bin', EARSHOT_BROWSER: '/my/chrome' } },
    });
    await expect(findBrowser(machine)).rejects.toMatchObject({
      code: 'no_browser',
      message: expect.stringContaining('/my/chrome, which does not exist'),
    });
  });

  test('installs nothing when one is there', async () => {
    const { machine, commands } = machineWith({ files: ['/usr/bin/google-chrome'] });
    expect(await findBrowser(machine)).toBe('/usr/bin/google-chrome');
    expect(commands).toEqual([]);
  });

  test('passes over a program that does not start', async () => {
    const { machine } = machineWith({
      files: ['/usr/bin/chromium-browser', '/usr/bin/microsoft-edge'],
      broken: ['/usr/bin/chromium-browser'],
    });
    expect(await findBrowser(machine)).toBe('/usr/bin/microsoft-edge');
  });

  test('does not start one on Windows to try it: that would open a window', async () => {
    const edge = 'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe';
    const { machine } = machineWith({
      files: [edge],
      broken: [edge],
      machine: { platform: 'win32', env: { PROGRAMFILES: 'C:\\Program Files' } },
    });
    expect(await findBrowser(machine)).toBe(edge);
  });

  test("takes Playwright's own download when the system has none", async () => {
    const { machine, commands } = machineWith({ files: [DOWNLOADED] });
    expect(await findBrowser(machine)).toBe(DOWNLOADED);
    expect(commands).toEqual([]);
  });

  test('downloads one where there is none', async () => {
    const { machine, commands } = machineWith({ files: [], brings: { [DOWNLOAD]: [DOWNLOADED] } });
    expect(await findBrowser(machine)).toBe(DOWNLOADED);
    expect(commands).toEqual([DOWNLOAD]);
  });

  test('adds the libraries that a download lacks, as root', async () => {
    const { machine, commands } = machineWith({
      files: ['/usr/bin/apt-get'],
      broken: [DOWNLOADED],
      brings: { [DOWNLOAD]: [DOWNLOADED] },
      repairs: { [DEPS]: [DOWNLOADED] },
      machine: { isRoot: true },
    });
    expect(await findBrowser(machine)).toBe(DOWNLOADED);
    expect(commands).toEqual([DOWNLOAD, DEPS]);
  });

  test("installs Debian's package as root when the download is out of reach, even with one package list missing", async () => {
    const { machine, commands } = machineWith({
      files: ['/usr/bin/apt-get'],
      brings: { [APT]: ['/usr/bin/chromium'] },
      machine: { isRoot: true },
    });
    expect(await findBrowser(machine)).toBe('/usr/bin/chromium');
    expect(commands).toEqual([DOWNLOAD, 'apt-get update', APT]);
  });

  test('never calls the package manager for a user who may not', async () => {
    const { machine, commands } = machineWith({ files: ['/usr/bin/apt-get'] });
    await expect(findBrowser(machine)).rejects.toMatchObject({
      code: 'no_browser',
      message: expect.stringMatching(/sudo apt-get install chromium.*EARSHOT_BROWSER/),
    });
    expect(commands).toEqual([DOWNLOAD]);
  });
});
