import { EarshotError } from '../../shared/errors.ts';

/**
 * Tells electron-builder what this repository does not know of itself: where its releases are published, which is where
 * the packages look for updates, and the page that a .deb must name.
 * @param repository `owner/name` on GitHub, as in GITHUB_REPOSITORY
 * @throws {EarshotError} `bad_repository`
 */
export function publishArgs(repository: string): string[] {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
  if (!owner || !name) {
    throw new EarshotError('bad_repository', 'Set GITHUB_REPOSITORY to owner/name of the repository that publishes.');
  }
  return [
    '-c.publish.provider=github',
    `-c.publish.owner=${owner}`,
    `-c.publish.repo=${name}`,
    `-c.extraMetadata.homepage=https://github.com/${owner}/${name}`,
  ];
}
