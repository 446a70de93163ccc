import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

/** Programs of the system that a spec runs beside the app. Debian packages with them: tools/electron/system-packages.ts. */

/** Longest run (ms) of a program that ends by itself. */
const RUN_TIMEOUT_MS = 10_000;

/** A program that a spec started, and ends itself. */
export interface Program {
  readonly pid: number;
  /** What it has written so far, stdout and stderr. */
  output(): string;
  /** Its exit code when it has ended; null when a signal ended it, or it could not be started. */
  readonly exited: Promise<number | null>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Which of these programs are not on this machine. One that no PATH leads to is given with its whole path. */
export function missingPrograms(names: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isInstalled = (name: string) =>
    isAbsolute(name) ? isExecutable(name) : folders.some((folder) => isExecutable(join(folder, name)));
  return names.filter((name) => !isInstalled(name));
}

/** Starts a program that runs until it is ended; its environment is that of the test with `env` over it, where undefined takes away. */
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

/** Runs a program that ends by itself. @returns its stdout */
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
