import { describe, expect, test } from 'vitest';
import { findBrowser, type Machine } from './find.ts';

const DOWNLOADED = '/cache/ms-playwright/chromium/chrome';

interface MachineState {
  files: string[];
  /** Programs that exist but don't start. */
  broken?: string[];
  /** The files that a command installs. Commands that are not listed here fail. */
  installs?: Record<string, string[]>;
  /** The broken programs that a command repairs. */
  repairs?: Record<string, string[]>;
  machine?: Partial<Machine>;
}

function machineWith({ files, broken = [], installs = {}, repairs = {}, machine = {} }: MachineState) {
  const present = new Set(files);
  const dead = new Set(broken);
  const commands: string[] = [];
  const run: Machine['run'] = async (command, args) => {
    const line = [command, ...args].join(' ');
    if (args[0] === '--version') return present.has(command) && !dead.has(command);
    commands.push(line);
    for (const path of installs[line] ?? []) present.add(path);
    for (const path of repairs[line] ?? []) dead.delete(path);
    return line in installs || line in repairs;
  };
  const made: Machine = {
    platform: 'linux',
    env: { PATH: '/usr/bin' },
    isRoot: false,
    playwrightChromium: DOWNLOADED,
    exists: (path) => present.has(path),
    run,
    runPlaywright: (args, timeoutMs) => run('playwright', args, timeoutMs),
    print: () => {},
    ...machine,
  };
  return { machine: made, commands };
}

const DOWNLOAD = 'playwright install --no-shell chromium';
const DEPS = 'playwright install-deps chromium';
const APT = 'apt-get install -y --no-install-recommends chromium';

describe('finding a browser', () => {
  test('uses the browser that EARSHOT_BROWSER names', async () => {
    const { machine } = machineWith({
      files: ['/my/chrome', '/usr/bin/chromium'],
      machine: { env: { EARSHOT_BROWSER: '/my/chrome' } },
    });
    expect(await findBrowser(machine)).toBe('/my/chrome');
  });

  test('fails if the file that EARSHOT_BROWSER names does not exist', async () => {
    const { machine } = machineWith({
      files: ['/usr/bin/chromium'],
      machine: { env: { PATH: '/usr/bin', EARSHOT_BROWSER: '/my/chrome' } },
    });
    await expect(findBrowser(machine)).rejects.toMatchObject({
      code: 'no_browser',
      message: expect.stringContaining('/my/chrome, which does not exist'),
    });
  });

  test('installs nothing if there is a browser', async () => {
    const { machine, commands } = machineWith({ files: ['/usr/bin/google-chrome'] });
    expect(await findBrowser(machine)).toBe('/usr/bin/google-chrome');
    expect(commands).toEqual([]);
  });

  test('skips a program that does not start', async () => {
    const { machine } = machineWith({
      files: ['/usr/bin/chromium-browser', '/usr/bin/microsoft-edge'],
      broken: ['/usr/bin/chromium-browser'],
    });
    expect(await findBrowser(machine)).toBe('/usr/bin/microsoft-edge');
  });

  test('does not try to start a browser on Windows, because that would open a window', async () => {
    const edge = 'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe';
    const { machine } = machineWith({
      files: [edge],
      broken: [edge],
      machine: { platform: 'win32', env: { PROGRAMFILES: 'C:\\Program Files' } },
    });
    expect(await findBrowser(machine)).toBe(edge);
  });

  test("uses Playwright's download if the system has no browser", async () => {
    const { machine, commands } = machineWith({ files: [DOWNLOADED] });
    expect(await findBrowser(machine)).toBe(DOWNLOADED);
    expect(commands).toEqual([]);
  });

  test('downloads Chromium if there is no browser', async () => {
    const { machine, commands } = machineWith({ files: [], installs: { [DOWNLOAD]: [DOWNLOADED] } });
    expect(await findBrowser(machine)).toBe(DOWNLOADED);
    expect(commands).toEqual([DOWNLOAD]);
  });

  test('as root, installs the libraries that the download needs', async () => {
    const { machine, commands } = machineWith({
      files: ['/usr/bin/apt-get'],
      broken: [DOWNLOADED],
      installs: { [DOWNLOAD]: [DOWNLOADED] },
      repairs: { [DEPS]: [DOWNLOADED] },
      machine: { isRoot: true },
    });
    expect(await findBrowser(machine)).toBe(DOWNLOADED);
    expect(commands).toEqual([DOWNLOAD, DEPS]);
  });

  test("as root, installs Debian's package if the download fails, even if apt-get update fails", async () => {
    const { machine, commands } = machineWith({
      files: ['/usr/bin/apt-get'],
      installs: { [APT]: ['/usr/bin/chromium'] },
      machine: { isRoot: true },
    });
    expect(await findBrowser(machine)).toBe('/usr/bin/chromium');
    expect(commands).toEqual([DOWNLOAD, 'apt-get update', APT]);
  });

  test('does not call the package manager as an ordinary user', async () => {
    const { machine, commands } = machineWith({ files: ['/usr/bin/apt-get'] });
    await expect(findBrowser(machine)).rejects.toMatchObject({
      code: 'no_browser',
      message: expect.stringMatching(/sudo apt-get install chromium.*EARSHOT_BROWSER/),
    });
    expect(commands).toEqual([DOWNLOAD]);
  });
});
