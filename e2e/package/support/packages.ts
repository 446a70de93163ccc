import { type TestPackages, testPackages } from '../../../tools/packaging/test-packages.ts';

/** The packages that `npm run e2e` made for this run, or the reason that there are none. */
export function providedPackages(env: NodeJS.ProcessEnv = process.env): TestPackages | { missing: string } {
  if (env.EARSHOT_PACKAGES) return testPackages(env.EARSHOT_PACKAGES);
  return { missing: env.EARSHOT_NO_PACKAGES || 'no packages were made: run this by npm run e2e' };
}
