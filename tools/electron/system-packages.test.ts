import { describe, expect, test } from 'vitest';
import { ensureSystemPackages, librariesNotFound, type PackageMachine, PROGRAMS } from './system-packages.ts';

const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1'];
const RENAMED = ['libgtk-3-0t64', 'libnss3', 'libasound2t64', 'libgbm1'];
/** The program of each package. */
const PROGRAM_OF = new Map<string, string>(PROGRAMS.map(({ name, program }) => [name, program]));
const ALL_PROGRAMS = [...PROGRAM_OF.keys()];

interface SystemState {
  /** Packages that are already installed. */
  installed?: readonly string[];
  /** Packages that this system does not have: a command that names one of them fails. */
  unknown?: readonly string[];
  machine?: Partial<PackageMachine>;
}

/** A Debian system where the user is root. */
function debian({ installed = [], unknown = [], machine = {} }: SystemState = {}) {
  const present = new Set(installed);
  const commands: string[] = [];
  const printed: string[] = [];
  const made: PackageMachine = {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    isRoot: true,
    exists: (path) =>
      path === '/usr/bin/apt-get' ||
      [...PROGRAM_OF].some(
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
    print: (line) => void printed.push(line),
    ...machine,
  };
  return { machine: made, commands, printed };
}

describe('system packages of Electron and its specs', () => {
  test('are installed as root on Debian, in one command without questions', async () => {
    const { machine, commands, printed } = debian();
    const runs: (readonly string[])[] = [];
    const { run } = machine;
    machine.run = (command, args, timeoutMs) => {
      runs.push(args);
      return run(command, args, timeoutMs);
    };
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
    expect(commands).toEqual(['apt-get update', `apt-get install ${[...LIBRARIES, ...ALL_PROGRAMS].join(' ')}`]);
    expect(runs[1]).toEqual(expect.arrayContaining(['-y', '--no-install-recommends', 'DPkg::Lock::Timeout=120']));
    expect(printed).toEqual([expect.stringMatching(/^Installing .*apt-get install libgtk-3-0 /)]);
  });

  test('are not installed if all are present', async () => {
    const { machine, commands, printed } = debian({ installed: [...LIBRARIES, ...ALL_PROGRAMS] });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
    expect([commands, printed]).toEqual([[], []]);
  });

  test('are installed only if missing', async () => {
    const installed = [...LIBRARIES, ...ALL_PROGRAMS].filter((name) => name !== 'dunst');
    const { machine, commands } = debian({ installed });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
    expect(commands).toEqual(['apt-get update', 'apt-get install dunst']);
  });

  test('are installed under their other names on Debian 13 and Ubuntu 24.04', async () => {
    const { machine, commands } = debian({ unknown: ['libgtk-3-0', 'libasound2'] });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
    expect(commands).toContain(`apt-get install ${RENAMED.join(' ')}`);
  });

  test('are installed even if the system lacks one of them', async () => {
    const { machine } = debian({ unknown: ['icewm'] });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual(['icewm']);
  });

  test('are listed for an ordinary user, without running anything', async () => {
    const { machine, commands } = debian({ machine: { isRoot: false } });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual([...LIBRARIES, ...ALL_PROGRAMS]);
    expect(commands).toEqual([]);
  });

  test('are listed on a Linux without apt-get', async () => {
    const { machine, commands } = debian({ installed: LIBRARIES, machine: { exists: () => false } });
    expect(await ensureSystemPackages(machine, '/electron')).toEqual(ALL_PROGRAMS);
    expect(commands).toEqual([]);
  });

  test('are none on macOS and Windows', async () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const { machine, commands } = debian({ machine: { platform } });
      expect(await ensureSystemPackages(machine, '/electron')).toEqual([]);
      expect(commands).toEqual([]);
    }
  });

  test('are not searched for in the current folder', async () => {
    const { machine } = debian({ machine: { isRoot: false, env: { PATH: ':.:bin' }, exists: () => true } });
    const onPath = PROGRAMS.filter(({ program }) => !program.startsWith('/')).map(({ name }) => name);
    expect(await ensureSystemPackages(machine, '/electron')).toEqual(expect.arrayContaining(onPath));
  });
});

test("reads the names of missing libraries from ldd's output", () => {
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
