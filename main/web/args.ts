import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';
import { DEFAULT_PAGE_PORT } from './page-port.ts';

export const usage = (): string => text.web.usage({ defaultPort: DEFAULT_PAGE_PORT });

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
function parsePort(port: string): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (number >= 0 && number <= 65_535) return number;
  throw new EarshotError('bad_argument', text.web.badPort({ port }));
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
    const problem = sentence.replace(/\.$/, '');
    throw new EarshotError('bad_argument', text.web.badOption({ problem }), { cause: error });
  }
  const dataDir = values['data-dir'];
  if (dataDir === '') throw new EarshotError('bad_argument', text.web.emptyDataDir);
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
