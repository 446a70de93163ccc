import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { ProvidedRuntime } from '../electron/provide.ts';
import { ROOT } from '../test-runner/run-tool.ts';
import { readFuses } from './fuses.ts';
import { runOffline } from './project.ts';
import { publishArgs } from './publish-args.ts';
import { type TestRuntime, testConfig } from './test-config.ts';

/** `released`: as in a release. `debuggable`: with remote debugging allowed, for tests. */
export type PackageKind = 'released' | 'debuggable';

/** A repository that does not exist. Packages contain its name, but only signed ones look for updates there. */
const REPOSITORY = 'someone/earshot';
const SEVEN_ZIP = process.env.ELECTRON_BUILDER_7ZIP_PATH || '/usr/bin/7za';
/** An expression that is true if Node has the functions that default-app/node-functions.cjs adds. */
const NODE_FUNCTIONS = "require('node:crypto').hash && URL.canParse && Promise.withResolvers";

/** The packages that `packForTests` made in a folder. */
export interface TestPackages {
  /** The folder of the unpacked app. */
  unpacked(kind: PackageKind): string;
  program(kind: PackageKind): string;
  /** null: not made, because this machine lacks its tool. */
  deb: string | null;
  tarGz: string | null;
}

/** Finds the packages in a folder by the names that electron-builder gives them. */
export function testPackages(folder: string): TestPackages {
  const released = join(folder, 'released');
  const named = (pattern: RegExp) => {
    const name = existsSync(released) ? readdirSync(released).find((entry) => pattern.test(entry)) : undefined;
    return name === undefined ? null : join(released, name);
  };
  const unpacked = (kind: PackageKind) => join(folder, kind, 'linux-unpacked');
  return {
    unpacked,
    program: (kind) => join(unpacked(kind), 'earshot'),
    deb: named(/\.deb$/),
    tarGz: named(/\.tar\.gz$/),
  };
}

/**
 * Packs the build in `dist/` with electron-builder and a runtime for Linux, without the network: once as released
 * (unpacked, .deb and .tar.gz), and once for tests that control the app (unpacked).
 * @param folder an empty folder for the packages; the user that starts them must be able to read it
 * @returns the output of electron-builder
 * @throws with the output of electron-builder if it fails
 */
export async function packForTests(runtime: ProvidedRuntime, folder: string): Promise<string> {
  const facts: TestRuntime = {
    folder: runtime.folder,
    version: runtime.version,
    fuses: new Set(Object.keys(readFuses(await readFile(runtime.executable)))),
    lacksNodeFunctions: await lacksNodeFunctions(runtime.executable),
  };
  const work = join(folder, 'work');
  await mkdir(work, { recursive: true });
  const env = {
    HOME: work,
    CUSTOM_FPM_PATH: await writeFpm(work),
    ELECTRON_BUILDER_7ZIP_PATH: SEVEN_ZIP,
  };
  const released = parse(await readFile(join(ROOT, 'electron-builder.yml'), 'utf8'));
  const targets: Record<PackageKind, string[]> = {
    released: [
      'dir',
      ...(existsSync('/usr/bin/dpkg-deb') ? ['deb'] : []),
      ...(existsSync(SEVEN_ZIP) ? ['tar.gz'] : []),
    ],
    debuggable: ['dir'],
  };
  let output = '';
  for (const kind of ['released', 'debuggable'] as const) {
    const config = join(work, `${kind}.json`);
    await writeFile(config, JSON.stringify(testConfig(released, facts, kind === 'debuggable'), null, 2));
    const args = ['--linux', ...targets[kind], '--x64', '--publish', 'never', '--config', config];
    const outputFolder = `-c.directories.output=${join(folder, kind)}`;
    output += await runOffline(
      ROOT,
      'electron-builder/cli.js',
      [...args, outputFolder, ...publishArgs(REPOSITORY)],
      env,
    );
  }
  return output;
}

/** Evaluates `NODE_FUNCTIONS` in the runtime's Node. */
async function lacksNodeFunctions(executable: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)(executable, ['--print', `Boolean(${NODE_FUNCTIONS})`], {
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  return stdout.trim() !== 'true';
}

/** Writes a program that electron-builder runs instead of fpm. */
async function writeFpm(folder: string): Promise<string> {
  const path = join(folder, 'fpm');
  const loader = createRequire(import.meta.url).resolve('tsx');
  const command = [process.execPath, '--import', loader, join(ROOT, 'tools/packaging/deb/fpm.ts')];
  await writeFile(
    path,
    `#!/bin/sh\nexec ${command.map((part) => `'${part.replaceAll("'", `'\\''`)}'`).join(' ')} "$@"\n`,
  );
  await chmod(path, 0o755);
  return path;
}
