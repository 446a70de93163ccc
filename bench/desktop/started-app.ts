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
  /** Time (ms) from spawning the process to the line that its window is shown. */
  readyMs: number;
  /** Time (ms) from spawning the process to the first paint of any content in the window. */
  paintedMs: number;
  /** Hides the window. */
  hide(): void;
  stop(): Promise<void>;
}

/**
 * Starts an app in Electron, with `watch-app.cjs`, and waits until its window is shown and has painted something.
 * @throws if the app exits before that, or takes longer than 60 s
 */
export async function startApp(executable: string, args: string[], env: NodeJS.ProcessEnv): Promise<StartedApp> {
  const startedAt = performance.timeOrigin + performance.now();
  const child = spawn(executable, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  const stop = async () => {
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await closed;
    clearTimeout(kill);
  };
  const timeout = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS);
  let readyMs: number | null = null;
  let paintedMs: number | null = null;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const painted = /^PAINTED ([\d.]+)/.exec(line)?.[1];
      if (line.trimEnd() === READY_SIGNAL) readyMs = performance.timeOrigin + performance.now() - startedAt;
      if (painted !== undefined) paintedMs = Number(painted) - startedAt;
      if (readyMs === null || paintedMs === null) continue;
      return { pid: child.pid ?? 0, readyMs, paintedMs, hide: () => void child.kill('SIGUSR2'), stop };
    }
    throw new Error(`${args.at(-1)} exited before its window was open`);
  } finally {
    clearTimeout(timeout);
  }
}
