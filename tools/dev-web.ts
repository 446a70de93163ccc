import { parseWebArgs, type WebArgs } from '../main/web/args.ts';
import { stopSignal } from '../main/web/stop-signal.ts';
import { describeError } from '../shared/errors.ts';
import { devTab } from './dev/tab.ts';

// `npm run dev:web`: runs Earshot in a browser tab from source, and applies changes.

let args: WebArgs | null = null;
try {
  args = parseWebArgs(process.argv.slice(2), process.cwd());
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 2;
}
if (args?.help) console.log('Usage: npm run dev:web -- [--port N] [--data-dir DIR] [--numeric-address] [--no-open]');
else if (args) {
  await devTab(args, stopSignal(process));
  process.exit(0);
}
