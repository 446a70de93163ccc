import { EarshotError } from '../../shared/errors.ts';

/**
 * Returns the arguments of electron-builder that depend on the repository: where to publish releases, which is also
 * where packages look for updates, and the homepage, which a .deb must have.
 * @param repository `owner/name` on GitHub, as in GITHUB_REPOSITORY
 * @throws {EarshotError} `bad_repository`
 */
export function publishArgs(repository: string): string[] {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
  if (!owner || !name) {
    throw new EarshotError(
      'bad_repository',
      'Set GITHUB_REPOSITORY to owner/name of the repository that publishes the release.',
    );
  }
  return [
    '-c.publish.provider=github',
    `-c.publish.owner=${owner}`,
    `-c.publish.repo=${name}`,
    `-c.extraMetadata.homepage=https://github.com/${owner}/${name}`,
  ];
}
