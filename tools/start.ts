import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeError } from '../shared/errors.ts';
import { REGISTRY_RUNTIME, registryRuntime } from './electron/registry-runtime.ts';
import { build } from './launch/build.ts';
import { launch } from './launch/launch.ts';
import { buildIsStale } from './suite/build-freshness.ts';

/** Asks for the older runtime that tests use where the pinned one can't be had; never taken unasked. */
const TEST_RUNTIME = '--test-runtime';

/**
 * `npm start [-- --test-runtime]`: builds what has changed, then runs Earshot in Electron, or in a browser tab where that
 * can't be.
 */
async function main(): Promise<void> {
  const project = join(import.meta.dirname, '..');
  const argv = process.argv.slice(2).filter((arg) => arg !== TEST_RUNTIME);
  const env = { ...process.env };
  if (process.argv.includes(TEST_RUNTIME)) {
    env.ELECTRON_OVERRIDE_DIST_PATH = await registryRuntime({ env, platform: process.platform, arch: process.arch });
    console.error(
      `Running in Electron ${REGISTRY_RUNTIME.version}, an older one for tests, because of ${TEST_RUNTIME}.`,
    );
  }
  if (buildIsStale(project)) await build(project);
  const code = await launch({
    project,
    electronDir: join(project, 'node_modules/electron'),
    platform: process.platform,
    root: process.getuid?.() === 0,
    env,
    argv,
    openTab: async () => {
      const web: { runWeb(argv: string[]): Promise<void> } = await import(
        pathToFileURL(join(project, 'dist/main/web.js')).href
      );
      await web.runWeb(argv);
    },
    // On stderr: stdout belongs to the app.
    say: (line) => console.error(line),
    signals: process,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  if (code !== null) process.exit(code);
}

main().catch((error: unknown) => {
  console.error(`Earshot could not start: ${describeError(error)}`);
  process.exit(1);
});
