import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvidedRuntime } from '../electron/provide.ts';
import { packForTests } from './test-packages.ts';

/** Packages, ready for tests. */
export interface PreparedPackages {
  /** Environment of the tests: `EARSHOT_PACKAGES`, the folder, or `EARSHOT_NO_PACKAGES` with the reason. */
  env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/**
 * Packs the build for one test run, in a folder that every user can read. Packages are not reused, so that they are
 * never older than the build.
 * @param runtime the runtime for the packages, or why there is none
 * @throws with the output of electron-builder if it fails
 */
export async function preparePackages(runtime: ProvidedRuntime | { missing: string }): Promise<PreparedPackages> {
  const none = (reason: string) => ({ env: { EARSHOT_NO_PACKAGES: reason }, remove: async () => {} });
  if (process.platform !== 'linux') return none('packages for tests are made and started on Linux');
  if ('missing' in runtime) return none(runtime.missing);
  const folder = await mkdtemp(join(tmpdir(), 'earshot-packages-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await chmod(folder, 0o755);
    await packForTests(runtime, folder);
    return { env: { EARSHOT_PACKAGES: folder, EARSHOT_NO_PACKAGES: '' }, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
