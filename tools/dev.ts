import { join } from 'node:path';
import { stopSignal } from '../main/web/stop-signal.ts';
import { describeError } from '../shared/errors.ts';
import { DEV_DATA, type DevArgs, parseDevArgs } from './dev/args.ts';
import { DEV_APP, devDesktop } from './dev/desktop.ts';
import { devTab } from './dev/tab.ts';
import { afterFailedStart } from './launch/decide.ts';
import { chooseLaunch } from './launch/launch.ts';
import { withTestRuntime } from './launch/test-runtime.ts';
import { ROOT } from './test-runner/run-tool.ts';

const USAGE = `Usage: npm run dev -- [options] [-- switches for Electron]

Runs the desktop app from source and applies changes. If the app can't run, says why and uses a browser tab instead.

  --test-runtime   use the older Electron of the tests
  --data-dir DIR   folder of recordings, settings and logs (default: in node_modules/.cache)
  --port N         in a tab: port of the page
  --numeric-address
                   in a tab: serve the page at 127.0.0.1
  --no-open        in a tab: print the address, don't open the browser
`;

/** `npm run dev`: runs the desktop app, or else the browser tab, from source. */
async function dev({ web, testRuntime, electron }: DevArgs): Promise<void> {
  const print = (line: string) => console.error(line);
  const env = testRuntime ? await withTestRuntime({ ...process.env }, print) : { ...process.env };
  const dataDir = web.dataDir ?? DEV_DATA;
  const decision = await chooseLaunch({
    project: DEV_APP,
    electronDir: join(ROOT, 'node_modules/electron'),
    platform: process.platform,
    root: process.getuid?.() === 0,
    env,
    // A separate profile: with a shared one, an installed app that is running would be shown instead.
    argv: [`--user-data-dir=${join(dataDir, 'profile')}`, ...electron],
    print,
  });
  const stopped = stopSignal(process);
  let why = decision.why;
  if (decision.run === 'electron') {
    if (why !== undefined) print(why);
    const end = await devDesktop({ electron: decision, dataDir, env, stopped });
    if (end.kind !== 'failed') return;
    ({ why } = afterFailedStart(end.reason));
  }
  if (why !== undefined) print(why);
  await devTab(web, stopped);
}

let args: DevArgs | null = null;
try {
  args = parseDevArgs(process.argv.slice(2), process.cwd());
} catch (error) {
  console.error(describeError(error));
  process.exit(2);
}
if (args.web.help) console.log(USAGE);
else {
  await dev(args).catch((error: unknown) => {
    console.error(`Earshot could not start: ${describeError(error)}`);
    process.exit(1);
  });
  process.exit(0);
}
