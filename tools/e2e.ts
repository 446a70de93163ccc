import { describeError } from '../shared/errors.ts';
import { findBrowser } from './browser/find.ts';
import { thisMachine } from './browser/this-machine.ts';
import { prepareElectron } from './electron/prepare.ts';
import { type PreparedPackages, preparePackages } from './packaging/prepare-packages.ts';
import { buildIsStale } from './test-runner/build-freshness.ts';
import { projectsOf } from './test-runner/playwright-args.ts';
import { runTool } from './test-runner/run-tool.ts';

/**
 * `npm run e2e [-- playwright arguments]`: the app in a browser tab, in Electron and packaged, with a real voice in its
 * microphone. Builds when the build is missing or older than the sources, provides what the chosen projects run in,
 * runs Playwright.
 */
async function main(args: readonly string[]): Promise<number> {
  if (buildIsStale()) {
    const code = await runTool('vite', ['build', '--logLevel', 'warn']);
    if (code !== 0) return code;
  }
  const projects = projectsOf(args);
  // In Electron too: other people's pages are opened in a real browser beside the app.
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
