import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { READY_SIGNAL } from '../../../main/desktop/ready-signal.ts';
import { asOrdinaryUser, type Command, giveToOrdinaryUser, makeHome } from '../../../tools/smoke/ordinary-user.ts';

/** Time limit (ms) for a packaged app to be ready or to exit. */
const TIMEOUT_MS = 30_000;

/** A running packaged app, in a separate process group. */
export interface PackagedApp {
  /** The id of the main process. */
  pid: number;
  /** The process, for access to further streams. */
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when the window shows its page; rejects with stderr when the app exits before that. */
  ready(): Promise<void>;
  /** Waits until the app exits by itself. Resolves with the exit code; null when a signal ended it. */
  exited(): Promise<number | null>;
  /** Sends SIGTERM, as at a shutdown. Resolves with the exit code; null when the app had to be killed. */
  stop(): Promise<number | null>;
}

export interface PackagedAppOptions {
  program: string;
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Default: no stdin; stdout and stderr as pipes. */
  stdio?: StdioOptions;
}

/**
 * Starts a packaged app as an ordinary user with its own home, profile and data.
 * @param folder the data folder, with `home` and `profile` in it
 */
export async function startPackaged(folder: string, options: PackagedAppOptions): Promise<PackagedApp> {
  const { program, args = [], env = {}, stdio } = options;
  await giveToOrdinaryUser(folder);
  const home = join(folder, 'home');
  await makeHome(home);
  const { ELECTRON_OVERRIDE_DIST_PATH: _, ELECTRON_RUN_AS_NODE: __, NODE_OPTIONS: ___, ...clean } = process.env;
  const all = [`--user-data-dir=${join(folder, 'profile')}`, ...args];
  return startCommand(
    asOrdinaryUser({ program, args: all, env: { ...clean, EARSHOT_DATA_DIR: folder, ...env } }, home),
    stdio,
  );
}

/** Starts a command that becomes the app by `exec`. */
export function startCommand(
  { program, args, env }: Command,
  stdio: StdioOptions = ['ignore', 'pipe', 'pipe'],
): PackagedApp {
  const child = spawn(program, args, { env, stdio, detached: true });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close').then(([code]) => code as number | null);
  closed.catch(() => {});
  const isReady = () => stdout.split('\n').includes(READY_SIGNAL);
  return {
    get pid() {
      if (child.pid === undefined) throw new Error(`${program} could not be started`);
      return child.pid;
    },
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    async ready() {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const exitedEarly = closed.then((code) =>
        Promise.reject(new Error(`the app exited with ${code} before it was ready:\n${stderr}`)),
      );
      exitedEarly.catch(() => {});
      while (!isReady()) await Promise.race([once(child.stdout ?? child, 'data', { signal }), exitedEarly]);
    },
    exited: () => withTimeout(closed, () => killGroup(child)),
    stop() {
      child.kill('SIGTERM');
      return withTimeout(closed, () => killGroup(child));
    },
  };
}

async function withTimeout(closed: Promise<number | null>, kill: () => void): Promise<number | null> {
  const timer = setTimeout(kill, TIMEOUT_MS);
  try {
    return await closed;
  } finally {
    clearTimeout(timer);
    // Child processes that are still running.
    kill();
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The process group no longer exists.
  }
}
