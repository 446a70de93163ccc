import { join } from 'node:path';
import { parseWebArgs, type WebArgs } from '../../main/web/args.ts';
import { TEST_RUNTIME } from '../launch/test-runtime.ts';
import { ROOT } from '../test-runner/run-tool.ts';

/** The data folder while developing, a place of its own: trying things out must not mix with one's own recordings. */
export const DEV_DATA = join(ROOT, 'node_modules/.cache/earshot-dev');

/** What `npm run dev` was asked for. */
export interface DevArgs {
  /** For the tab where there is no Electron; `dataDir` for both. */
  web: WebArgs;
  testRuntime: boolean;
  /** Switches for Electron, as they were given: what follows `--`. */
  electron: readonly string[];
}

/**
 * Reads the command line of `npm run dev`.
 * @param cwd what a relative `--data-dir` starts from
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
