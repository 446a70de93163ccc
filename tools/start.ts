import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeError } from '../shared/errors.ts';
import { build } from './launch/build.ts';
import { launch } from './launch/launch.ts';
import { TEST_RUNTIME, withTestRuntime } from './launch/test-runtime.ts';
import { buildIsStale } from './test-runner/build-freshness.ts';

/**
 * `npm start [-- --test-runtime]`: builds what has changed, then runs Earshot in Electron or, if it can't, in a tab.
 */
async function main(): Promise<void> {
  const project = join(import.meta.dirname, '..');
  const argv = process.argv.slice(2).filter((arg) => arg !== TEST_RUNTIME);
  // To stderr: stdout is for the app.
  const print = (line: string) => console.error(line);
  const env = process.argv.includes(TEST_RUNTIME)
    ? await withTestRuntime({ ...process.env }, print)
    : { ...process.env };
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
    print,
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
