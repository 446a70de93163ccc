import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AppStatus } from '../../main/desktop/command-messages.ts';
import { appLines, desktopArgs, desktopEnv, electronRuntime } from '../../testing/electron.ts';
import { ROOT } from '../../testing/host-process.ts';
import { microphoneFlags, VOICE_WAV } from '../../testing/microphone.ts';

/** Longest wait (ms) for a start to exit. */
const TIMEOUT_MS = 20_000;

/** How a start ended, with the lines that Earshot wrote. */
interface StartResult {
  code: number | null;
  stdout: string;
  stderr: string[];
}

/** Starts of Earshot with options, on the profile of `dataDir`. */
export interface CommandLine {
  /** Runs `earshot <options>` and waits for its end. */
  run(...options: string[]): Promise<StartResult>;
  /** `earshot --status --json`, parsed. */
  status(): Promise<AppStatus>;
  /** Starts `earshot <options>`, which becomes the app, with a recorded voice as its microphone. */
  start(...options: string[]): ChildProcess;
}

export function commandLine(dataDir: string): CommandLine {
  const runtime = electronRuntime();
  if ('missing' in runtime) throw new Error(runtime.missing);
  const spawnEarshot = (flags: readonly string[], options: readonly string[]) =>
    spawn(runtime.executable, [...desktopArgs(dataDir, ROOT, flags), ...options], {
      env: desktopEnv(dataDir),
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  async function run(...options: string[]): Promise<StartResult> {
    const child = spawnEarshot([], options);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, 'close', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { code, stdout, stderr: appLines(stderr) };
  }

  return {
    run,
    async status() {
      const { code, stdout, stderr } = await run('--status', '--json');
      if (code !== 0) throw new Error(`--status exited with ${code}: ${stderr.join('\n')}`);
      return AppStatus.parse(JSON.parse(stdout));
    },
    start: (...options) => spawnEarshot(microphoneFlags({ wav: VOICE_WAV }, 'allowed'), options),
  };
}
