import { join } from 'node:path';
import { parseWebArgs, type WebArgs } from '../../main/web/args.ts';
import { TEST_RUNTIME } from '../launch/test-runtime.ts';
import { ROOT } from '../test-runner/run-tool.ts';

/** The data folder of development, separate from the user's recordings. */
export const DEV_DATA = join(ROOT, 'node_modules/.cache/earshot-dev');

/** The arguments of `npm run dev`. */
export interface DevArgs {
  /** Options of the tab; `dataDir` applies to both. */
  web: WebArgs;
  testRuntime: boolean;
  /** Switches for Electron: everything after `--`. */
  electron: readonly string[];
}

/**
 * Reads the command line of `npm run dev`.
 * @param cwd base of a relative `--data-dir`
 * @throws {EarshotError} `bad_argument`, one line, when an option is unknown or its value can't be used
 */
export function parseDevArgs(argv: readonly string[], cwd: string): DevArgs {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const own = argv.slice(0, end);
  return {
    web: parseWebArgs(
      own.filter((arg) => arg !== TEST_RUNTIME),
      cwd,
    ),
    testRuntime: own.includes(TEST_RUNTIME),
    electron: argv.slice(end + 1),
  };
}
