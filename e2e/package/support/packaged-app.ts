import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { READY_SIGNAL } from '../../../main/desktop/ready-signal.ts';
import { asOrdinaryUser, type Command, giveToOrdinaryUser, makeHome } from '../../../tools/smoke/ordinary-user.ts';

/** A package that is not up, or does not end, within this time (ms) is broken. */
const TIMEOUT_MS = 30_000;

/** A packaged app that was started, in a process group of its own. */
export interface PackagedApp {
  /** Of the app's main process. */
  pid: number;
  /** The process, for its further streams. */
  child: ChildProcess;
  stderr(): string;
  /** Resolves when its window shows its page; rejects, with what it wrote, when it ends before. */
  ready(): Promise<void>;
  /** Resolves with its exit code when it has ended by itself; null: a signal ended it. */
  exited(): Promise<number | null>;
  /** Asks it to end, as a system that shuts down does. Resolves with its exit code; null where it had to be killed. */
  stop(): Promise<number | null>;
}

export interface PackagedAppOptions {
  program: string;
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Default: nothing to read, stdout and stderr kept. */
  stdio?: StdioOptions;
}

/**
 * Starts a packaged app as an ordinary user with a home, a profile and data of its own.
 * @param folder holds all three: `home`, `profile`, and the recordings and the log in `folder` itself
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

/** Starts a command that replaces itself by the app. */
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
    stderr: () => stderr,
    async ready() {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const exitedEarly = closed.then((code) =>
        Promise.reject(new Error(`it ended with ${code} before it was up:\n${stderr}`)),
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
    // Whatever it left behind.
    kill();
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
