import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** How a package was built, from the `package.json` inside it. A missing field is false. */
export interface PackageMetadata {
  /** The package is signed: a signed release writes `earshot.signed`. */
  signed: boolean;
  /**
   * The package is built for tests, which control it: such a build writes `earshot.remoteDebugging`. False if `signed`.
   */
  remoteDebugging: boolean;
}

const Flag = z.literal(true).optional().catch(undefined);
const Manifest = z.object({ earshot: z.object({ signed: Flag, remoteDebugging: Flag }) });

/**
 * Reads the metadata of this build. Synchronous, because it decides on switches that are set before `ready`.
 * @param appPath the folder or archive that contains package.json
 */
export function readPackageMetadata(appPath: string): PackageMetadata {
  let flags: z.infer<typeof Manifest>['earshot'] = {};
  try {
    flags = Manifest.parse(JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'))).earshot;
  } catch {
    // No manifest, or no `earshot` field: not a release.
  }
  const signed = flags.signed === true;
  return { signed, remoteDebugging: flags.remoteDebugging === true && !signed };
}
