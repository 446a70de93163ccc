import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'vite';
import { bundledPackages, outputsOf } from './licences/bundled.ts';
import { packageName, readLockfile, withDependencies } from './licences/lockfile.ts';
import { ROOT } from './test-runner/run-tool.ts';

/** A part of the app, built without writing files. */
interface Part {
  /** Bytes of code of each package, by the package's folder. */
  packages: ReadonlyMap<string, number>;
  /** Bytes of all files, without source maps. */
  bytes: number;
}

/**
 * `npm run deps`: prints the figures of docs/dependencies.md. For each dependency: its licence, the number of packages
 * that it installs, their size on disk, and how much of their code is in the app.
 */
async function main(): Promise<void> {
  const lockfile = readLockfile();
  const window = await buildPart('client');
  const host = await buildPart('main');
  const updater = await buildPart('updater');
  const tab = await buildPart('web');

  const inPart = (part: Part, own: string, folders: ReadonlySet<string>) =>
    // A tool that only shares a package with the app counts as 0.
    part.packages.has(own) ? kilobytes([...folders].map((folder) => part.packages.get(folder) ?? 0)) : '';
  console.table(
    Object.fromEntries(
      Object.keys(lockfile.get('')?.devDependencies ?? {}).map((name) => {
        const own = `node_modules/${name}`;
        const folders = withDependencies(lockfile, own);
        return [
          name,
          {
            licence: lockfile.get(own)?.license ?? '',
            brings: folders.size - 1,
            'disk KB': kilobytes([...folders].map((folder) => bytesOnDisk(join(ROOT, folder)))),
            'window KB': inPart(window, own, folders),
            'host KB': inPart(host, own, folders),
            'updater KB': inPart(updater, own, folders),
            "tab's host KB": inPart(tab, own, folders),
          },
        ];
      }),
    ),
  );

  const locked = [...lockfile.keys()].filter((folder) => folder !== '');
  const installed = locked.filter((folder) => existsSync(join(ROOT, folder)));
  const shipped = new Set(
    [window, host, updater, tab].flatMap(({ packages }) => [...packages.keys()].map(packageName)),
  );
  console.log(`${locked.length} packages in the lockfile, ${installed.length} of them installed on this machine`);
  for (const [name, { packages, bytes }] of Object.entries({ window, host, updater, "tab's host": tab })) {
    console.log(`${name}: ${kilobytes([bytes])} KB with ${packages.size} packages`);
  }
  console.log(`${shipped.size} packages in the app: ${[...shipped].sort().join(', ')}`);
}

/** Builds one part. @param name an environment in vite.config.ts */
async function buildPart(name: string): Promise<Part> {
  const builder = await createBuilder({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  });
  const environment = builder.environments[name];
  if (!environment) throw new Error(`vite.config.ts has no environment ${name}`);
  const outputs = outputsOf(await builder.build(environment));
  const files = outputs.flatMap(({ output }) => output).filter(({ fileName }) => !fileName.endsWith('.map'));
  return {
    packages: new Map(
      [...bundledPackages(outputs, join(ROOT, 'renderer'))].map(([path, bytes]) => [inProject(path), bytes]),
    ),
    bytes: files.reduce((sum, file) => sum + Buffer.byteLength(file.type === 'chunk' ? file.code : file.source), 0),
  };
}

const inProject = (path: string): string => path.slice(ROOT.length + 1).replaceAll('\\', '/');

const kilobytes = (bytes: readonly number[]): number => Math.round(bytes.reduce((sum, one) => sum + one, 0) / 1000);

/** Bytes of a package's files, without the packages in its node_modules. 0 if it is not installed. */
function bytesOnDisk(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => sum + (statSync(path).isDirectory() ? bytesOnDisk(path) : statSync(path).size), 0);
}

await main();
