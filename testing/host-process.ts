import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Host } from './shell.ts';

export const ROOT = join(import.meta.dirname, '..');
/** Time limit (ms) for a host to print its address, and to exit. */
const TIMEOUT_MS = 15_000;

/** The first line that the host prints with `--json`. */
const Addresses = z.object({
  url: z.string(),
  voice_url: z.string(),
  origin: z.string(),
  token: z.string(),
  data_dir: z.string(),
});

/** The built host, and a host whose voice server a test can restart with a line on stdin. */
const PROGRAM = ['dist/main/web.js'];
const RESTARTABLE = ['--import', 'tsx', 'testing/restartable-host.ts'];

/**
 * Starts the host of a browser tab in a separate process.
 * @param numericAddress whether to serve the page at 127.0.0.1 instead of a host name
 * @param port port of the page; default: 0, any free port, so that tests can run in parallel
 */
export async function startHost(
  dataDir: string,
  {
    restartable = false,
    port = 0,
    numericAddress = false,
    env = {},
  }: { restartable?: boolean; port?: number; numericAddress?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Host> {
  const program = restartable ? RESTARTABLE : PROGRAM;
  const args = [...program, '--json', '--no-open', '--port', String(port), '--data-dir', dataDir];
  if (numericAddress) args.push('--numeric-address');
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout });
  const nextLine = async () => {
    const ended = once(child, 'close').then(() => Promise.reject(new Error(`the host exited: ${errors}`)));
    const [line] = await Promise.race([once(lines, 'line', { signal: AbortSignal.timeout(TIMEOUT_MS) }), ended]);
    return String(line);
  };
  const exited = once(child, 'close').then(([code]) => code as number | null);
  try {
    const addresses = Addresses.parse(JSON.parse(await nextLine()));
    return {
      ...addresses,
      pid: child.pid ?? 0,
      restartVoice: (where) => {
        child.stdin.write(`restart on ${where}\n`);
        return nextLine();
      },
      errors: () => errors,
      stop: (signal = 'SIGINT') => stop(child, exited, signal),
      kill: async () => {
        child.kill('SIGKILL');
        await exited;
      },
    };
  } catch (error) {
    await stop(child, exited, 'SIGINT');
    throw error;
  }
}

async function stop(
  child: ChildProcess,
  exited: Promise<number | null>,
  signal: 'SIGINT' | 'SIGTERM',
): Promise<number | null> {
  child.kill(signal);
  const kill = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  try {
    return await exited;
  } finally {
    clearTimeout(kill);
  }
}
