import { describeError } from '../shared/errors.ts';
import { findBrowser } from './browser/find.ts';
import { thisMachine } from './browser/this-machine.ts';
import { prepareElectron } from './electron/prepare.ts';
import { type PreparedPackages, preparePackages } from './packaging/prepare-packages.ts';
import { buildIsStale } from './test-runner/build-freshness.ts';
import { projectsOf } from './test-runner/playwright-args.ts';
import { runTool } from './test-runner/run-tool.ts';

/**
 * `npm run e2e [-- Playwright arguments]`: end-to-end tests in a browser tab, in Electron and with packages, with a
 * real voice as the microphone. Builds the app if necessary, provides what the selected projects need, and runs
 * Playwright.
 */
async function main(args: readonly string[]): Promise<number> {
  if (buildIsStale()) {
    const code = await runTool('vite', ['build', '--logLevel', 'warn']);
    if (code !== 0) return code;
  }
  const projects = projectsOf(args);
  // The specs for Electron need a browser too, for foreign pages.
  const env = { EARSHOT_BROWSER: await findBrowser(thisMachine()) };
  console.log(`Browser: ${env.EARSHOT_BROWSER}`);
  const electron = projects.some((name) => name !== 'tab') ? await prepareElectron() : null;
  let packages: PreparedPackages | null = null;
  try {
    if (electron && projects.includes('package')) packages = await preparePackages(electron.runtime);
    return await runTool('playwright', ['test', ...args], { ...env, ...electron?.env, ...packages?.env });
  } finally {
    await packages?.remove();
    await electron?.stop();
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(describeError(error));
  return 1;
});
