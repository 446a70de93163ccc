import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../test-runner/run-tool.ts';
import { DEVELOPMENT, isAllowed } from './allowed.ts';
import { type Lockfile, packageName, readLockfile, resolvePackage, withDependencies } from './lockfile.ts';

const lockfile = readLockfile();
const project = lockfile.get('');
const packages = [...lockfile].filter(([folder]) => folder !== '');

/** The folders of the packages that match a condition. */
const foldersWhere = (matches: (one: (typeof packages)[number][1]) => boolean) =>
  packages.filter(([, one]) => matches(one)).map(([folder]) => folder);

/** Licences that the lockfile lacks, read by a person. */
const MANUALLY_READ: Record<string, string> = { 'xmlhttprequest-ssl 2.1.2': 'MIT' };

describe('package-lock.json', () => {
  test('contains every dependency of the project in its exact version', () => {
    expect(packages.length).toBeGreaterThan(0);
    for (const [name, range] of Object.entries(project?.devDependencies ?? {})) {
      expect([name, lockfile.get(`node_modules/${name}`)?.version]).toEqual([name, range]);
    }
  });

  test('has a SHA-512 for every package, so that any registry can serve it', () => {
    expect(foldersWhere(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
  });

  test('has no package from git, a URL or a folder', () => {
    expect(foldersWhere(({ resolved, link }) => resolved !== undefined || link === true)).toEqual([]);
    const ranges = [...lockfile].flatMap(([folder, one]) =>
      Object.entries({ ...one.dependencies, ...one.devDependencies, ...one.optionalDependencies }).map(
        ([name, range]) => `${folder} ${name}@${range}`,
      ),
    );
    expect(ranges.filter((text) => /[:/]/.test(text.slice(text.lastIndexOf('@'))))).toEqual([]);
  });

  test('contains every dependency for every system', () => {
    const missing = [...lockfile].flatMap(([folder, one]) =>
      Object.keys({ ...one.dependencies, ...one.devDependencies, ...one.optionalDependencies })
        .filter((name) => resolvePackage(lockfile, folder, name) === null)
        .map((name) => `${folder || 'the project'}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('has install scripts only in known packages, and npm does not run them', () => {
    expect(foldersWhere(({ hasInstallScript }) => hasInstallScript === true)).toEqual([
      'node_modules/electron-winstaller',
      'node_modules/esbuild',
    ]);
    expect(readFileSync(join(ROOT, '.npmrc'), 'utf8').split('\n')).toContain('ignore-scripts=true');
  });

  test('has only allowed licences', () => {
    const disallowed = packages
      .map(([folder, { version, license }]) => {
        const title = `${packageName(folder)} ${version}`;
        return { title, licence: license ?? MANUALLY_READ[title] };
      })
      .filter(({ licence }) => !isAllowed(licence, DEVELOPMENT));
    expect(disallowed).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  test('has a row for each dependency of the project, with its version and licence', () => {
    const rows = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const missing = Object.keys(project?.devDependencies ?? {})
      .map((name) => ({ name, ...lockfile.get(`node_modules/${name}`) }))
      .filter(
        ({ name, version, license = '' }) =>
          !rows.some((row) => row.split('|')[1]?.includes(`\`${name}\` ${version}`) && row.includes(license)),
      )
      .map(({ name, version }) => `${name} ${version}`);
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

  test('resolves a name to the innermost package', () => {
    expect(resolvePackage(small, 'node_modules/@x/a', 'b')).toBe('node_modules/@x/a/node_modules/b');
    expect(resolvePackage(small, 'node_modules/@x/a/node_modules/b', 'c')).toBe('node_modules/c');
    expect(resolvePackage(small, 'node_modules/@x/a/node_modules/b', 'd')).toBeNull();
  });

  test('lists all dependencies of a package once, even if they are circular', () => {
    expect([...withDependencies(small, 'node_modules/@x/a')].map(packageName)).toEqual(['@x/a', 'b', 'c']);
  });
});
