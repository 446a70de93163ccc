import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { READY_SIGNAL } from '../../main/desktop/ready-signal.ts';

/** Time limit (ms) for an app to show its window. */
const READY_TIMEOUT_MS = 60_000;
/** An app that has not exited after this time (ms) is killed. */
const STOP_TIMEOUT_MS = 15_000;

export interface StartedApp {
  pid: number;
  /** Time (ms) from spawning the process to its ready line. */
  readyMs: number;
  stop(): Promise<void>;
}

/**
 * Starts an app in Electron and waits for the line that it prints when its window shows its page.
 * @throws if the app exits before that, or takes longer than 60 s
 */
export async function startApp(executable: string, args: string[], env: NodeJS.ProcessEnv): Promise<StartedApp> {
  const started = performance.now();
  const child = spawn(executable, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  const stop = async () => {
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await closed;
    clearTimeout(kill);
  };
  const timeout = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.trimEnd() !== READY_SIGNAL) continue;
      return { pid: child.pid ?? 0, readyMs: performance.now() - started, stop };
    }
    throw new Error(`${args.at(-1)} exited before its window was open`);
  } finally {
    clearTimeout(timeout);
  }
}
