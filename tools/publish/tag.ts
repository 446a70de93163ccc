import { EarshotError } from '../../shared/errors.ts';

/**
 * A release's tag is `v` and the version of package.json, so that what a package says of itself is what it is called.
 * @throws {EarshotError} `tag_mismatch`
 */
export function checkTag(tag: string, version: string): void {
  if (tag === `v${version}`) return;
  throw new EarshotError(
    'tag_mismatch',
    `The tag is ${tag || 'missing'}, but package.json says ${version}: tag v${version}, or change the version first.`,
  );
}
