import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../test-runner/run-tool.ts';

const Ranges = z.record(z.string(), z.string()).default({});

/** The fields that are used here of an entry in package-lock.json (lockfile version 3). */
const LockedPackage = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  /** Absent in this lockfile: packages come from the configured registry, and the hash verifies them. */
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
export function packageName(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/**
 * Finds package `name` for the package in `from`, as Node does: in its own node_modules, then in those of its parents.
 */
export function resolvePackage(lockfile: Lockfile, from: string, name: string): string | null {
  const folder = `${from && `${from}/`}node_modules/${name}`;
  if (lockfile.has(folder)) return folder;
  return from === ''
    ? null
    : resolvePackage(lockfile, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

/** The folders of a package and of all its dependencies, for every system. Peer dependencies are not included. */
export function withDependencies(lockfile: Lockfile, folder: string, found = new Set<string>()): Set<string> {
  if (found.has(folder)) return found;
  found.add(folder);
  const { dependencies = {}, optionalDependencies = {} } = lockfile.get(folder) ?? {};
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const next = resolvePackage(lockfile, folder, name);
    if (next !== null) withDependencies(lockfile, next, found);
  }
  return found;
}
