import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../../shared/errors.ts';
import { publishArgs } from '../packaging/publish-args.ts';
import { ROOT, runNode } from '../test-runner/run-tool.ts';
import { SigningRecord } from './release-notes.ts';
import { signing } from './signing.ts';
import { checkTag } from './tag.ts';

/**
 * `npm run release:build [-- arguments of electron-builder]`: packs the build in `dist/` for this system. Signs the
 * packages if the environment contains the secrets, and writes `release/signing-<platform>.json`. Publishes nothing.
 */
async function main(): Promise<number> {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  if (process.env.GITHUB_REF_TYPE === 'tag') checkTag(process.env.GITHUB_REF_NAME ?? '', manifest.version);

  const { signed, notarized, args, env, apiKey } = signing(process.platform, process.env);
  const record = SigningRecord.parse({ platform: process.platform, signed, notarized });
  console.log(`Signed: ${signed}, notarized: ${notarized}`);

  const folder = await mkdtemp(join(tmpdir(), 'earshot-release-'));
  try {
    if (apiKey !== null) {
      env.APPLE_API_KEY = join(folder, 'AuthKey.p8');
      await writeFile(env.APPLE_API_KEY, apiKey, { mode: 0o600 });
    }
    // Variables that are `undefined` are removed from the environment of the child process.
    const builder = join(ROOT, 'node_modules/electron-builder/cli.js');
    // Where packages look for updates. Without a repository, as on a developer's machine, they look nowhere.
    const { GITHUB_REPOSITORY: repository } = process.env;
    const publish = repository ? publishArgs(repository) : [];
    const code = await runNode([builder, '--publish', 'never', ...publish, ...args, ...process.argv.slice(2)], env);
    if (code !== 0) return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(join(ROOT, 'release'), { recursive: true });
  await writeFile(join(ROOT, `release/signing-${record.platform}.json`), `${JSON.stringify(record)}\n`);
  return 0;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describeError(error));
  return 1;
});
