import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeError, EarshotError } from '../shared/errors.ts';
import { provideRuntime } from './electron/provide.ts';
import { thisMachine } from './electron/this-machine.ts';
import { packForTests, testPackages } from './packaging/test-packages.ts';
import { buildIsStale } from './test-runner/build-freshness.ts';
import { ROOT, runTool } from './test-runner/run-tool.ts';

/**
 * `npm run package [-- folder]`: makes the packages of the tests, with the runtime of the tests, to try them by hand.
 * Default folder: `release/test`. The folder is emptied first.
 */
async function main([folder = join(ROOT, 'release/test')]: readonly string[]): Promise<number> {
  if (process.platform !== 'linux') {
    throw new EarshotError(
      'bad_system',
      'Test packages can be made on Linux only. On this system, use npm run release:build -- --dir.',
    );
  }
  if (buildIsStale()) {
    const code = await runTool('vite', ['build', '--logLevel', 'warn']);
    if (code !== 0) return code;
  }
  const runtime = await provideRuntime(thisMachine());
  console.log(runtime.line);
  const place = resolve(folder);
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  await packForTests(runtime, place);
  const { program, deb, tarGz } = testPackages(place);
  for (const path of [program('released'), deb, tarGz, program('debuggable')]) if (path !== null) console.log(path);
  return 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(describeError(error));
  return 1;
});
