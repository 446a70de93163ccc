import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

// Runs programs of the system beside the app. Their Debian packages are listed in tools/electron/system-packages.ts.

/** Time limit (ms) of a program started by `run`. */
const RUN_TIMEOUT_MS = 10_000;

/** A running program. */
export interface Program {
  readonly pid: number;
  /** Its stdout and stderr so far. */
  output(): string;
  /** Resolves with the exit code; null when a signal ended the program, or it could not be started. */
  readonly exited: Promise<number | null>;
  /** Sends SIGTERM; resolves when the program has exited. */
  stop(): Promise<void>;
}

/** Returns the programs that are not installed. @param names names to find in PATH, or absolute paths */
export function missingPrograms(names: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isInstalled = (name: string) =>
    isAbsolute(name) ? isExecutable(name) : folders.some((folder) => isExecutable(join(folder, name)));
  return names.filter((name) => !isInstalled(name));
}

/** Starts a program. @param env variables on top of the test's environment; undefined removes one */
export function startProgram(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(name, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = exitCodeOf(child);
  return {
    pid: child.pid ?? -1,
    output: () => output,
    exited,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** Runs a program until it exits. @returns its stdout */
export async function run(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { env: { ...process.env, ...env }, timeout: RUN_TIMEOUT_MS };
  return (await promisify(execFile)(name, args, options)).stdout;
}

function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
