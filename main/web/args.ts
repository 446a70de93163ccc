import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EarshotError } from '../../shared/errors.ts';
import { DEFAULT_PAGE_PORT } from './page-port.ts';

export const USAGE = `Usage: npm run web -- [options]

Runs Earshot in a browser tab, without Electron. Reached from this machine alone.

  --port N         port of the page, 0 to 65535; 0: any that is free
                   (default ${DEFAULT_PAGE_PORT}, or any where that is taken)
  --data-dir DIR   where recordings, settings and logs are kept
                   (default: this system's place for an app's data)
  --numeric-address
                   the page at 127.0.0.1, for a browser that can't find an
                   address ending in .localhost; less protected
  --no-open        print the address, don't open the browser
  --json           print one line of JSON about the addresses, don't open the browser
  --help           print this
`;

export interface WebArgs {
  /** 0: the system chooses. Null: not given. */
  port: number | null;
  /** Absolute path; null: the default (`defaultDataDir`). */
  dataDir: string | null;
  /** Serve the page at 127.0.0.1 instead of a `.localhost` name. */
  numericAddress: boolean;
  open: boolean;
  json: boolean;
  help: boolean;
}

/** Accepts decimal digits only: no sign, no `1e4`, no `0x1f`, no empty string. */
function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new EarshotError('bad_argument', `--port takes a number from 0 to 65535, not '${text}'.`);
}

/**
 * Parses the command line of `npm run web`.
 * @param cwd base of a relative `--data-dir`
 * @throws {EarshotError} `bad_argument` with a one-line message when an option is unknown or its value is invalid
 */
export function parseWebArgs(argv: readonly string[], cwd: string): WebArgs {
  let values: {
    port?: string;
    'data-dir'?: string;
    'numeric-address'?: boolean;
    'no-open'?: boolean;
    json?: boolean;
    help?: boolean;
  };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        'numeric-address': { type: 'boolean' },
        'no-open': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    // The first sentence of Node's message names the argument; the rest explains how to escape positionals.
    const [sentence = ''] = String(error instanceof Error ? error.message : error).split(/\. |\n/);
    throw new EarshotError('bad_argument', `${sentence.replace(/\.$/, '')}. Try --help.`, { cause: error });
  }
  const dataDir = values['data-dir'];
  if (dataDir === '') throw new EarshotError('bad_argument', '--data-dir takes a folder, not an empty name.');
  const json = values.json ?? false;
  return {
    port: values.port === undefined ? null : parsePort(values.port),
    dataDir: dataDir === undefined ? null : resolve(cwd, dataDir),
    numericAddress: values['numeric-address'] ?? false,
    // Output for programs, which open a browser themselves if they want one.
    open: !(values['no-open'] ?? false) && !json,
    json,
    help: values.help ?? false,
  };
}
