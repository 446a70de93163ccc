import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../test-runner/run-tool.ts';
import { DEVELOPMENT, isAllowed } from './allowed.ts';
import { closure, type Lockfile, lookUp, nameOf, readLockfile } from './lockfile.ts';

const lockfile = readLockfile();
const project = lockfile.get('');
const packages = [...lockfile].filter(([folder]) => folder !== '');

/** The folders of the packages of which something is true, for a failure that names them. */
const those = (isOdd: (one: (typeof packages)[number][1]) => boolean) =>
  packages.filter(([, one]) => isOdd(one)).map(([folder]) => folder);

/** Licences that a person has read because the lockfile does not tell them. */
const READ_BY_A_PERSON: Record<string, string> = { 'xmlhttprequest-ssl 2.1.2': 'MIT' };

describe('package-lock.json', () => {
  test('holds what the project asks for, each in one exact version', () => {
    expect(packages.length).toBeGreaterThan(0);
    for (const [name, range] of Object.entries(project?.devDependencies ?? {})) {
      expect([name, lockfile.get(`node_modules/${name}`)?.version]).toEqual([name, range]);
    }
  });

  test('has a SHA-512 for every package, to verify it whichever registry serves it', () => {
    expect(those(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
  });

  test('takes nothing from git, an address or a folder', () => {
    expect(those(({ resolved, link }) => resolved !== undefined || link === true)).toEqual([]);
    const ranges = [...lockfile].flatMap(([folder, one]) =>
      Object.entries({ ...one.dependencies, ...one.devDependencies, ...one.optionalDependencies }).map(
        ([name, range]) => `${folder} ${name}@${range}`,
      ),
    );
    expect(ranges.filter((text) => /[:/]/.test(text.slice(text.lastIndexOf('@'))))).toEqual([]);
  });

  test('holds every package that one in it asks for, those of other systems too', () => {
    const missing = [...lockfile].flatMap(([folder, one]) =>
      Object.keys({ ...one.dependencies, ...one.devDependencies, ...one.optionalDependencies })
        .filter((name) => lookUp(lockfile, folder, name) === null)
        .map((name) => `${folder || 'the project'}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('brings a new package with an install script to a person first, and npm runs none of them', () => {
    expect(those(({ hasInstallScript }) => hasInstallScript === true)).toEqual([
      'node_modules/electron-winstaller',
      'node_modules/esbuild',
    ]);
    expect(readFileSync(join(ROOT, '.npmrc'), 'utf8').split('\n')).toContain('ignore-scripts=true');
  });

  test('has only licences that may build and test the app', () => {
    const odd = packages
      .map(([folder, { version, license }]) => {
        const title = `${nameOf(folder)} ${version}`;
        return { title, licence: license ?? READ_BY_A_PERSON[title] };
      })
      .filter(({ licence }) => !isAllowed(licence, DEVELOPMENT));
    expect(odd).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  test('has a line for each package that the project asks for, with its licence', () => {
    const lines = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const missing = Object.keys(project?.devDependencies ?? {}).filter((name) => {
      const licence = lockfile.get(`node_modules/${name}`)?.license ?? '';
      return !lines.some((line) => line.split('|')[1]?.includes(`\`${name}\``) && line.includes(licence));
    });
    expect(missing).toEqual([]);
  });
});

describe('a lockfile', () => {
  const entry = (dependencies: Record<string, string> = {}, optionalDependencies: Record<string, string> = {}) => ({
    dependencies,
    devDependencies: {},
    optionalDependencies,
  });
  const small: Lockfile = new Map([
    ['', entry()],
    ['node_modules/@x/a', entry({ b: '1' }, { c: '1' })],
    ['node_modules/@x/a/node_modules/b', entry({ c: '1', d: '1' })],
    ['node_modules/b', entry()],
    ['node_modules/c', entry({ '@x/a': '1' })],
  ]);

  test('leads to the innermost package of a name', () => {
    expect(lookUp(small, 'node_modules/@x/a', 'b')).toBe('node_modules/@x/a/node_modules/b');
    expect(lookUp(small, 'node_modules/@x/a/node_modules/b', 'c')).toBe('node_modules/c');
    expect(lookUp(small, 'node_modules/@x/a/node_modules/b', 'd')).toBeNull();
  });

  test('tells all that a package brings, once each, also where they bring each other', () => {
    expect([...closure(small, 'node_modules/@x/a')].map(nameOf)).toEqual(['@x/a', 'b', 'c']);
  });
});
