import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { READY_SIGNAL } from '../../main/desktop/ready-signal.ts';
import { explanatoryLine } from '../launch/reason.ts';

/** How many characters at the end of stderr are kept, to report why the app failed. */
const KEPT_CHARACTERS = 16_384;

export interface SmokeRun {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Time limit (ms) until the ready line. */
  timeoutMs: number;
  /** Time limit (ms) from SIGTERM until all its processes have ended. */
  endMs: number;
  platform?: NodeJS.Platform;
}

/** `ready`: the app started and quit. `failed`: `reason` is one line. */
export type SmokeOutcome = { kind: 'ready' } | { kind: 'failed'; reason: string; stderr: string };

/**
 * Starts a packaged app, waits for the line that reports that its window shows its page, and ends the app. When this
 * resolves, all its processes have ended. Never rejects.
 */
export function smokeRun(run: SmokeRun): Promise<SmokeOutcome> {
  const { program, args, env, timeoutMs, endMs, platform = process.platform } = run;
  return new Promise((resolve) => {
    // ELECTRON_RUN_AS_NODE, which editors based on Electron set, would run the app as plain Node.
    const { ELECTRON_RUN_AS_NODE: _, ...clean } = env;
    // With a separate process group, an AppImage's runtime and the app inside it can be ended together.
    const child = spawn(program, args, {
      env: clean,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: platform !== 'win32',
    });
    let ready = false;
    let failure: string | null = null;
    let stderr = '';
    let rest = '';

    const fail = (reason: string) => {
      failure ??= reason;
      endAll(child, 'SIGKILL', platform);
    };
    let timer = setTimeout(() => fail(`no ${READY_SIGNAL} in ${timeoutMs / 1_000} s`), timeoutMs);

    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-KEPT_CHARACTERS);
      if (ready || !lines.some((line) => line.trimEnd() === READY_SIGNAL)) return;
      ready = true;
      clearTimeout(timer);
      timer = setTimeout(() => fail(`it did not end within ${endMs / 1_000} s of being asked to`), endMs);
      endAll(child, 'SIGTERM', platform);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-KEPT_CHARACTERS);
    });
    child.on('error', (error) => {
      failure ??= explanatoryLine(error.message);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (failure === null && !ready)
        failure = `it ended before its window was open (${signal ?? `exit code ${code}`})`;
      if (failure === null) resolve({ kind: 'ready' });
      else resolve({ kind: 'failed', reason: [failure, explanatoryLine(stderr)].filter(Boolean).join(': '), stderr });
    });
  });
}

/** Signals the process group. On Windows, which has no signals, kills the process tree, without testing the quit. */
function endAll(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL', platform: NodeJS.Platform): void {
  if (child.pid === undefined) return;
  try {
    if (platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    else process.kill(-child.pid, signal);
  } catch {
    // It has just exited by itself.
  }
}
