import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeInstallation } from './fake-installation.ts';
import { findRuntime } from './runtime.ts';

let machine: FakeInstallation;
beforeEach(() => {
  machine = new FakeInstallation();
});
afterEach(() => machine.remove());

const find = (platform: NodeJS.Platform = 'linux', overrideDir?: string) =>
  findRuntime({ electronDir: machine.electronDir, overrideDir, platform });

describe('in the package', () => {
  test('path.txt names the runtime', () => {
    machine.install('');
    expect(find()).toEqual({ path: join(machine.electronDir, 'dist/electron') });
  });

  test('is missing if nothing is installed, the executable is gone, or path.txt is missing or empty', () => {
    expect(find()).toEqual({ missing: 'package' });
    machine.install('');
    rmSync(join(machine.electronDir, 'dist/electron'));
    expect(find()).toEqual({ missing: 'package' });
    machine.install('');
    rmSync(join(machine.electronDir, 'path.txt'));
    expect(find()).toEqual({ missing: 'package' });
    writeFileSync(join(machine.electronDir, 'path.txt'), '');
    expect(find()).toEqual({ missing: 'package' });
  });

  test.skipIf(process.platform === 'win32')('a file that is not executable is not a runtime', () => {
    machine.install('');
    chmodSync(join(machine.electronDir, 'dist/electron'), 0o644);
    expect(find()).toEqual({ missing: 'package' });
  });
});

describe('in the override folder', () => {
  test.each([
    ['linux', 'electron'],
    ['darwin', 'Electron.app/Contents/MacOS/Electron'],
    ['win32', 'electron.exe'],
  ] as const)('on %s, %s is the runtime without a path.txt', (platform, name) => {
    const path = join(machine.overrideDir, name);
    machine.program(path, '');
    expect(find(platform, machine.overrideDir)).toEqual({ path });
  });

  test('takes precedence over the package, even if it is empty', () => {
    machine.install('');
    expect(find('linux', machine.overrideDir)).toEqual({
      missing: 'override',
      lookedFor: join(machine.overrideDir, 'electron'),
    });
    machine.override('');
    expect(find('linux', machine.overrideDir)).toEqual({ path: join(machine.overrideDir, 'electron') });
  });

  test('is not used if the variable is empty', () => {
    machine.install('');
    expect(find('linux', '')).toEqual({ path: join(machine.electronDir, 'dist/electron') });
  });
});
