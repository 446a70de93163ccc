import { describe, expect, test } from 'vitest';
import { ensureSystemPackages, librariesNotFound, type PackageMachine, PROGRAMS } from './system-packages.ts';

const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1'];
const RENAMED = ['libgtk-3-0t64', 'libnss3', 'libasound2t64', 'libgbm1'];
/** Each package with the program that it brings. */
const BROUGHT = new Map<string, string>(PROGRAMS.map(({ name, program }) => [name, program]));
const ALL_PROGRAMS = [...BROUGHT.keys()];

interface World {
  /** Packages that are installed already. */
  installed?: readonly string[];
  /** Packages that this system does not have: one of them refuses a whole install. */
  unknown?: readonly string[];
  machine?: Partial<PackageMachine>;
}

/** A Debian on which root runs the tests. */
function debian({ installed = [], unknown = [], machine = {} }: World = {}) {
  const present = new Set(installed);
  const commands: string[] = [];
  const said: string[] = [];
  const made: PackageMachine = {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    isRoot: true,
    exists: (path) =>
      path === '/usr/bin/apt-get' ||
      [...BROUGHT].some(
        ([name, program]) => present.has(name) && path === (program.startsWith('/') ? program : `/usr/bin/${program}`),
      ),
    async run(command, args) {
      const names = args.slice(1).filter((arg) => /^[a-z]/.test(arg));
      commands.push([command, args[0], ...names].join(' '));
      if (args[0] !== 'install') return true;
      if (names.some((name) => unknown.includes(name))) return false;
      for (const name of names) present.add(name);
      return true;
    },
    missingLibraries: async () =>
      [LIBRARIES, RENAMED].some((names) => names.every((name) => present.has(name))) ? [] : ['libgtk-3.so.0'],
    say: (line) => void said.push(line),
    ...machine,
  };
  return { machine: made, commands, said };
}

describe('what Electron and its specs need of the system', () => {
  test('is installed by root on Debian, at once and without a question', async () => {
    const { machine, commands, said } = debian();
    const runs: (readonly string[])[] = [];
    const { run } = machine;
    machine.run = (command, args, timeoutMs) => {
      runs.push(args);
      return run(command, args, timeoutMs);
    };
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
    expect(commands).toEqual(['apt-get update', `apt-get install ${[...LIBRARIES, ...ALL_PROGRAMS].join(' ')}`]);
    expect(runs[1]).toEqual(expect.arrayContaining(['-y', '--no-install-recommends', 'DPkg::Lock::Timeout=120']));
    expect(said).toEqual([expect.stringMatching(/^Installing .*apt-get install libgtk-3-0 /)]);
  });

  test('is left alone where it is there', async () => {
    const { machine, commands, said } = debian({ installed: [...LIBRARIES, ...ALL_PROGRAMS] });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
    expect([commands, said]).toEqual([[], []]);
  });

  test('is asked for no more than is missing', async () => {
    const installed = [...LIBRARIES, ...ALL_PROGRAMS].filter((name) => name !== 'dunst');
    const { machine, commands } = debian({ installed });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
    expect(commands).toEqual(['apt-get update', 'apt-get install dunst']);
  });

  test('has other names on Debian 13 and Ubuntu 24.04, which are tried next', async () => {
    const { machine, commands } = debian({ unknown: ['libgtk-3-0', 'libasound2'] });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
    expect(commands).toContain(`apt-get install ${RENAMED.join(' ')}`);
  });

  test('one package that the system does not have keeps no other away', async () => {
    const { machine } = debian({ unknown: ['icewm'] });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual(['icewm']);
  });

  test('is listed for a user who may not install, and nothing is run', async () => {
    const { machine, commands } = debian({ machine: { isRoot: false } });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([...LIBRARIES, ...ALL_PROGRAMS]);
    expect(commands).toEqual([]);
  });

  test('is listed on a Linux without apt-get', async () => {
    const { machine, commands } = debian({ installed: LIBRARIES, machine: { exists: () => false } });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual(ALL_PROGRAMS);
    expect(commands).toEqual([]);
  });

  test('is nothing on macOS and Windows', async () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const { machine, commands } = debian({ machine: { platform } });
      expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
      expect(commands).toEqual([]);
    }
  });

  test('a program in the current folder does not count', async () => {
    const { machine } = debian({ machine: { isRoot: false, env: { PATH: ':.:bin' }, exists: () => true } });
    const onPath = PROGRAMS.filter(({ program }) => !program.startsWith('/')).map(({ name }) => name);
    expect(await ensureSystemPackages(machine, '/electron')).toEqual(expect.arrayContaining(onPath));
  });
});

test("ldd's lines of what was not found give its names", () => {
  const ldd = [
    '\tlinux-vdso.so.1 (0x00007ffc)',
    '\tlibgtk-3.so.0 => not found',
    '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
    '\tlibasound.so.2 => not found',
    '',
  ].join('\n');
  expect(librariesNotFound(ldd)).toEqual(['libgtk-3.so.0', 'libasound.so.2']);
  expect(librariesNotFound('\tnot a dynamic executable\n')).toEqual([]);
  expect(librariesNotFound('')).toEqual([]);
});
