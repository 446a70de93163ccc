import { EarshotError } from '../../shared/errors.ts';

/**
 * Checks that a release's tag is `v` and the version of package.json, which is also the version in the packages.
 * @throws {EarshotError} `tag_mismatch`
 */
export function checkTag(tag: string, version: string): void {
  if (tag === `v${version}`) return;
  throw new EarshotError(
    'tag_mismatch',
    `The tag is ${tag || 'missing'}, but package.json says ${version}: tag v${version}, or change the version first.`,
  );
}
