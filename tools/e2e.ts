import { describeError } from '../shared/errors.ts';
import { findBrowser } from './browser/find.ts';
import { thisMachine } from './browser/this-machine.ts';
import { buildIsStale } from './suite/build-freshness.ts';
import { runTool } from './suite/run-tool.ts';

/**
 * `npm run e2e [-- playwright arguments]`: the app in a real browser with a real voice in its microphone.
 * Builds when the build is missing or older than the sources, finds a browser, runs Playwright.
 */
async function main(): Promise<number> {
  if (buildIsStale()) {
    const code = await runTool('vite', ['build', '--logLevel', 'warn']);
    if (code !== 0) return code;
  }
  const browser = await findBrowser(thisMachine());
  console.log(`Browser: ${browser}`);
  return runTool('playwright', ['test', ...process.argv.slice(2)], { EARSHOT_BROWSER: browser });
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describeError(error));
  return 1;
});
