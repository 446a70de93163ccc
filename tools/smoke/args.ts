import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EarshotError } from '../../shared/errors.ts';

/** Default time limit in seconds, long enough for a first start on a slow runner with a virus scanner. */
const DEFAULT_TIMEOUT_S = 120;

export interface SmokeOptions {
  /** Absolute, or relative to the project's root. */
  program: string;
  timeoutMs: number;
}

/**
 * Parses `[program] [--timeout SECONDS]`. The default program is the one that electron-builder has unpacked under
 * `release/` for this system.
 * @throws {EarshotError} `bad_argument`
 */
export function parseSmokeArgs(argv: readonly string[], platform: NodeJS.Platform, arch: string): SmokeOptions {
  const { values, positionals } = parse(argv);
  const seconds = Number(values.timeout ?? DEFAULT_TIMEOUT_S);
  if (positionals.length > 1 || !Number.isInteger(seconds) || seconds < 1 || seconds > 3_600) {
    throw new EarshotError('bad_argument', 'Use: npm run smoke -- [program] [--timeout SECONDS], with 1 to 3600 s.');
  }
  return { program: positionals[0] ?? unpackedProgram(platform, arch), timeoutMs: seconds * 1_000 };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { timeout: { type: 'string' } } });
  } catch (error) {
    throw new EarshotError('bad_argument', 'Use: npm run smoke -- [program] [--timeout SECONDS].', { cause: error });
  }
}

/** The path of electron-builder's unpacked app. `x64` has no suffix, every other architecture has one. */
export function unpackedProgram(platform: NodeJS.Platform, arch: string): string {
  const suffix = arch === 'x64' ? '' : `-${arch}`;
  if (platform === 'darwin') return join('release', `mac${suffix}`, 'Earshot.app/Contents/MacOS/Earshot');
  if (platform === 'win32') return join('release', `win${suffix}-unpacked`, 'Earshot.exe');
  return join('release', `linux${suffix}-unpacked`, 'earshot');
}
