import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { CHECKSUMS_FILE, checksumLines, hashFolder } from './checksums.ts';
import { releaseNotes, SigningRecord } from './release-notes.ts';

/**
 * `npm run release:assemble -- <folder> <notes file>`: turns the packages of all systems in one folder into a release.
 * Removes their signing records, adds SHA256SUMS, and writes the release notes from both.
 */
async function main(): Promise<void> {
  const [folder, notesFile] = process.argv.slice(2);
  const { GITHUB_REF_NAME: tag, GITHUB_REPOSITORY: repository } = process.env;
  if (!folder || !notesFile || !tag || !repository) {
    throw new EarshotError(
      'bad_argument',
      'Use: npm run release:assemble -- <folder> <notes file>, with GITHUB_REF_NAME and GITHUB_REPOSITORY set.',
    );
  }
  const signings: SigningRecord[] = [];
  for (const name of await readdir(folder)) {
    if (!/^signing-\w+\.json$/.test(name)) continue;
    signings.push(SigningRecord.parse(JSON.parse(await readFile(join(folder, name), 'utf8'))));
    await rm(join(folder, name));
  }
  const hashes = await hashFolder(folder);
  if (signings.length === 0 || hashes.size === 0) {
    throw new EarshotError('nothing_built', `There are no packages in ${folder}. Build them first.`);
  }
  await writeFile(join(folder, CHECKSUMS_FILE), checksumLines(hashes));
  await writeFile(notesFile, releaseNotes({ tag, repository, signings }));
  console.log(checksumLines(hashes));
}

await main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
