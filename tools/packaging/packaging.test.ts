import { describe, expect, test } from 'vitest';
import { encodeFuses, type Fuses, readFuses } from './fuses.ts';
import { publishArgs } from './publish-args.ts';
import { type TestRuntime, testConfig } from './test-config.ts';

describe('fuses', () => {
  const allOn = Object.fromEntries(Object.keys(readFuses(encodeFuses())).map((name) => [name, true])) as Fuses;
  const around = (wire: Buffer) => Buffer.concat([Buffer.alloc(100, 7), wire, Buffer.from('1110')]);

  test('are read at any position in a program, each separately', () => {
    expect(readFuses(around(encodeFuses(allOn)))).toEqual(allOn);
    for (const name of Object.keys(allOn) as (keyof Fuses)[]) {
      const oneOff = { ...allOn, [name]: false };
      expect(readFuses(around(encodeFuses(oneOff)))).toEqual(oneOff);
    }
  });

  test('that an older Electron lacks are absent', () => {
    const older = Buffer.from(encodeFuses(allOn).subarray(0, 34 + 7));
    older[33] = 7;
    const { GrantFileProtocolExtraPrivileges: _, WasmTrapHandlers: __, ...seven } = allOn;
    expect(readFuses(around(older))).toEqual(seven);
  });

  test('are refused if missing, if there are two sets, or with an unknown version, number or state', () => {
    const wire = encodeFuses();
    const changed = (at: number, byte: number) => {
      const copy = Buffer.from(wire);
      copy[at] = byte;
      return copy;
    };
    for (const bad of [
      Buffer.alloc(100),
      Buffer.concat([wire, wire]),
      changed(32, 2),
      changed(33, 10),
      changed(33, 0),
      changed(34, 0x72),
    ]) {
      expect(() => readFuses(bad)).toThrow(/fuses/);
    }
  });
});

describe('a package for tests', () => {
  const released = {
    files: ['dist/**'],
    electronFuses: { runAsNode: false, grantFileProtocolExtraPrivileges: false, resetAdHocDarwinSignature: false },
    deb: { depends: ['libnss3'] },
    linux: { target: ['deb'] },
  };
  const pinned: TestRuntime = {
    folder: '/runtime',
    version: '45.4.1',
    fuses: new Set(Object.keys(readFuses(encodeFuses()))),
    lacksNodeFunctions: false,
  };

  test('with the pinned Electron has the released configuration, with faster compression', () => {
    expect(testConfig(released, pinned, false)).toEqual({
      ...released,
      electronVersion: '45.4.1',
      electronDist: '/runtime',
      extraMetadata: {},
      compression: 'store',
      deb: { depends: ['libnss3'], compression: 'gz', fpm: ['--deb-compression-level', '1'] },
    });
  });

  test('omits only the fuses that the runtime does not have', () => {
    const older = { ...pinned, fuses: new Set(['RunAsNode']) };
    expect(testConfig(released, older, false)).toMatchObject({
      electronFuses: { runAsNode: false, resetAdHocDarwinSignature: false },
    });
    expect(JSON.stringify(testConfig(released, older, false))).not.toContain('grantFile');
  });

  test('adds a main file with the functions that an older Node lacks', () => {
    expect(testConfig(released, { ...pinned, lacksNodeFunctions: true }, false)).toMatchObject({
      files: ['dist/**', { from: 'tools/electron', to: 'test-runtime' }],
      extraMetadata: { main: 'test-runtime/packaged-app/main.cjs' },
    });
  });

  test('allows remote debugging only if requested', () => {
    expect(testConfig(released, pinned, true)).toMatchObject({ extraMetadata: { earshot: { remoteDebugging: true } } });
  });

  test('is refused for an invalid configuration', () => {
    expect(() => testConfig({ files: 'dist' }, pinned, false)).toThrow();
  });
});

describe('the publish arguments of electron-builder', () => {
  test('name the repository and its page', () => {
    expect(publishArgs('some-one/ear.shot')).toEqual([
      '-c.publish.provider=github',
      '-c.publish.owner=some-one',
      '-c.publish.repo=ear.shot',
      '-c.extraMetadata.homepage=https://github.com/some-one/ear.shot',
    ]);
  });

  test.each(['', 'earshot', 'a/b/c', 'a/', '/b', 'a b/c', 'a/b -c.x=y'])('are refused for %j', (repository) => {
    expect(() => publishArgs(repository)).toThrow(expect.objectContaining({ code: 'bad_repository' }));
  });
});
