import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../test-runner/run-tool.ts';

const Ranges = z.record(z.string(), z.string()).default({});

/** One entry of package-lock.json, as far as it is asked about here (lockfile version 3). */
const LockedPackage = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  /**
   * Where it comes from. Left out of this lockfile: the registry that is configured serves it, the hash says if it is
   * the one.
   */
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  /** A folder of this machine in a package's place. */
  link: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  dependencies: Ranges,
  devDependencies: Ranges,
  optionalDependencies: Ranges,
});
const LockfileJson = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), LockedPackage) });

/** Each package by its folder, e.g. `node_modules/a/node_modules/b`; the project itself stands under the empty path. */
export type Lockfile = ReadonlyMap<string, z.infer<typeof LockedPackage>>;

/** Reads package-lock.json. @throws {z.ZodError} when it is another version's */
export function readLockfile(root = ROOT): Lockfile {
  const json: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return new Map(Object.entries(LockfileJson.parse(json).packages));
}

/** The package's name, from its folder. */
export function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** The folder that `name` leads to when a package in `from` asks for it: its own node_modules first, then outwards. */
export function lookUp(lockfile: Lockfile, from: string, name: string): string | null {
  const folder = `${from && `${from}/`}node_modules/${name}`;
  if (lockfile.has(folder)) return folder;
  return from === '' ? null : lookUp(lockfile, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

/**
 * The folders of a package and of all that it brings along, for every system; peers, which others bring, are not among
 * them.
 */
export function closure(lockfile: Lockfile, folder: string, found = new Set<string>()): Set<string> {
  if (found.has(folder)) return found;
  found.add(folder);
  const { dependencies = {}, optionalDependencies = {} } = lockfile.get(folder) ?? {};
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const next = lookUp(lockfile, folder, name);
    if (next !== null) closure(lockfile, next, found);
  }
  return found;
}
