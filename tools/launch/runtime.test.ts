import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fakes } from './fakes.ts';
import { findRuntime } from './runtime.ts';

let machine: Fakes;
beforeEach(() => {
  machine = new Fakes();
});
afterEach(() => machine.remove());

const find = (platform: NodeJS.Platform = 'linux', overrideDir?: string) =>
  findRuntime({ electronDir: machine.electronDir, overrideDir, platform });

describe('in the package', () => {
  test('what path.txt names is the runtime', () => {
    machine.install('');
    expect(find()).toEqual({ path: join(machine.electronDir, 'dist/electron') });
  });

  test('nothing installed, the executable gone, or an unpacking cut short: missing', () => {
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

  test.skipIf(process.platform === 'win32')('a file that may not be run is no runtime', () => {
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
  ] as const)('on %s %s is the runtime, with no path.txt to name it', (platform, name) => {
    const path = join(machine.overrideDir, name);
    machine.program(path, '');
    expect(find(platform, machine.overrideDir)).toEqual({ path });
  });

  test('it goes before the package, and an empty one is not quietly replaced by it', () => {
    machine.install('');
    expect(find('linux', machine.overrideDir)).toEqual({
      missing: 'override',
      lookedFor: join(machine.overrideDir, 'electron'),
    });
    machine.override('');
    expect(find('linux', machine.overrideDir)).toEqual({ path: join(machine.overrideDir, 'electron') });
  });

  test('an empty variable is no override', () => {
    machine.install('');
    expect(find('linux', '')).toEqual({ path: join(machine.electronDir, 'dist/electron') });
  });
});
