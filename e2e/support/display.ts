import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { _electron, type ElectronApplication, expect } from '@playwright/test';
import { electronRuntime } from '../../testing/electron.ts';
import { ROOT } from '../../testing/host-process.ts';
import { missingPrograms } from './linux-desktop/programs.ts';

/** Time limit (ms) of a program. */
const TIMEOUT_MS = 15_000;

/** The X11 server, which needs no physical screen. */
const SERVER = 'Xvfb';

/** The reason to skip a test that runs the app and these programs on a separate display, or null. */
export function displayTestUnavailable(programs: readonly string[]): string | null {
  const runtime = electronRuntime({ ...process.env, DISPLAY: ':0' });
  if ('missing' in runtime) return runtime.missing;
  const missing = missingPrograms([SERVER, 'xprop', ...programs]);
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

/** A separate X display, so that a test can choose the window manager. */
export interface Display {
  /** The value of `DISPLAY`, e.g. `:99`. */
  name: string;
  /** Runs a program on the display, e.g. xprop or xdotool. @returns its stdout */
  run(program: string, args: readonly string[]): string;
  end(): Promise<void>;
}

/** @param windowManager the program, which ends with the display; null: none */
export async function startDisplay(windowManager: string | null): Promise<Display> {
  // Without -noreset, the server resets when its last client exits, and refuses a client that connects meanwhile: xprop
  // could exit while the window manager starts.
  const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-noreset'];
  const server = spawn(SERVER, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const programs: ChildProcess[] = [server];
  async function end(): Promise<void> {
    for (const program of programs) {
      if (program.exitCode !== null || program.signalCode !== null) continue;
      const ended = once(program, 'exit');
      program.kill();
      await ended;
    }
  }
  try {
    const lines = createInterface({ input: server.stdio[3] as Readable });
    const [number] = await once(lines, 'line', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const name = `:${number}`;
    const env = { ...process.env, DISPLAY: name };
    const run = (program: string, args: readonly string[]) =>
      spawnSync(program, args, { env, encoding: 'utf8', timeout: TIMEOUT_MS }).stdout;
    if (windowManager !== null) {
      programs.unshift(spawn(windowManager, [], { env, stdio: 'ignore' }));
      await expect
        .poll(() => run('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK']), {
          message: `${windowManager} manages the screen`,
          timeout: 30_000,
        })
        .toContain('window id # 0x');
    }
    return { name, run, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The command that starts the app on a display with this data folder. */
export function electronCommand(
  { name }: Display,
  dataDir: string,
): { program: string; args: string[]; env: Record<string, string> } {
  const variables = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const env = { ...Object.fromEntries(variables), DISPLAY: name, EARSHOT_DATA_DIR: dataDir };
  const runtime = electronRuntime(env);
  if ('missing' in runtime) throw new Error(runtime.missing);
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    // Use the X11 display, even if this machine also has Wayland.
    '--ozone-platform=x11',
    `--user-data-dir=${join(dataDir, 'profile')}`,
    ROOT,
  ];
  return { program: runtime.executable, args, env };
}

/** Starts the app on a display with this data folder. */
export async function launchOnDisplay(display: Display, dataDir: string): Promise<ElectronApplication> {
  const { program, args, env } = electronCommand(display, dataDir);
  return _electron.launch({ executablePath: program, args, env });
}
