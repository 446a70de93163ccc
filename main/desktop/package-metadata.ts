import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What the `package.json` inside a package says of how it was built; all false where it says nothing. */
export interface PackageMetadata {
  /** Its makers signed it: a release that signs writes `earshot.signed`. */
  signed: boolean;
  /** Built for a test that drives it: such a build writes `earshot.remoteDebugging`. Never together with `signed`. */
  remoteDebugging: boolean;
}

const Mark = z.literal(true).optional().catch(undefined);
const Manifest = z.object({ earshot: z.object({ signed: Mark, remoteDebugging: Mark }) });

/**
 * Reads the marks of this build. Synchronous: they decide on switches that are set before `ready`.
 * @param appPath the folder or archive that holds package.json
 */
export function readPackageMetadata(appPath: string): PackageMetadata {
  let marks: z.infer<typeof Manifest>['earshot'] = {};
  try {
    marks = Manifest.parse(JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'))).earshot;
  } catch {
    // No manifest, or one without marks: a build of anyone.
  }
  const signed = marks.signed === true;
  return { signed, remoteDebugging: marks.remoteDebugging === true && !signed };
}
