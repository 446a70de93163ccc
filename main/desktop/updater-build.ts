import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Manifest = z.object({ earshot: z.object({ signed: z.literal(true) }) });

/**
 * Whether this build was signed by its makers: the release writes `earshot.signed` into the package's package.json when
 * it signs. A build of anyone else does not have it. Synchronous: it decides on switches that are set before `ready`.
 * @param appPath the folder or archive that holds package.json
 */
export function isSignedBuild(appPath: string): boolean {
  try {
    return Manifest.safeParse(JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'))).success;
  } catch {
    return false;
  }
}
