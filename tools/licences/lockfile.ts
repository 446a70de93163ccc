import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../test-runner/run-tool.ts';

const Ranges = z.record(z.string(), z.string()).default({});

/** The fields of an entry in package-lock.json that are used here (lockfile version 3). */
const LockedPackage = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  /** Absent in this lockfile: the configured registry serves the package, and the hash verifies it. */
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  /** Whether it is a link to a folder of this machine. */
  link: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  dependencies: Ranges,
  devDependencies: Ranges,
  optionalDependencies: Ranges,
});
const LockfileJson = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), LockedPackage) });

/** Packages by folder, e.g. `node_modules/a/node_modules/b`. The empty path is the project. */
export type Lockfile = ReadonlyMap<string, z.infer<typeof LockedPackage>>;

/** Reads package-lock.json. @throws {z.ZodError} if it has another version */
export function readLockfile(root = ROOT): Lockfile {
  const json: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return new Map(Object.entries(LockfileJson.parse(json).packages));
}

/** The name of the package in a folder. */
export function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Resolves `name` for the package in `from`, as Node does: its own node_modules first, then those of its parents. */
export function lookUp(lockfile: Lockfile, from: string, name: string): string | null {
  const folder = `${from && `${from}/`}node_modules/${name}`;
  if (lockfile.has(folder)) return folder;
  return from === '' ? null : lookUp(lockfile, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

/** The folders of a package and of all its dependencies, for every system. Peer dependencies are not included. */
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
