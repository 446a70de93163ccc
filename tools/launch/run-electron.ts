import { spawn } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { READY_SIGNAL } from '../../main/desktop/ready-signal.ts';
import { explanatoryLine } from './reason.ts';

/** Error output held back until the window is open: enough to find the reason in, small enough to keep. */
const HELD_CHARACTERS = 65_536;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface ElectronRun {
  path: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Whose signals go to Electron: the launcher's `process`. */
  signals: EventEmitter;
  /** Ends Electron at once. */
  force?: AbortSignal;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

/**
 * `ended`: it ran, this is its exit code; without a window it was told to end, or handed over to an instance that runs.
 * `failed`: it stopped by itself before its window was open.
 */
export type ElectronOutcome = { kind: 'ended'; code: number; window: boolean } | { kind: 'failed'; reason: string };

/**
 * Runs Electron until it ends. Its output passes through, except for the line that says it is ready; what it says on
 * stderr before that is held back, since a failed start ends in one line of ours.
 */
export function runElectron({
  path,
  args,
  env,
  signals,
  force,
  stdout,
  stderr,
}: ElectronRun): Promise<ElectronOutcome> {
  return new Promise((resolve) => {
    // ELECTRON_RUN_AS_NODE (set inside editors that are Electron apps) would turn the runtime into a plain Node.
    const { ELECTRON_RUN_AS_NODE: _, ...clean } = env;
    const child = spawn(path, args, {
      env: clean,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: Ctrl-C in the terminal reaches the launcher alone and Electron hears it once, from
      // us. Chromium takes a second one for "at once" and would cut its quit short.
      detached: process.platform !== 'win32',
    });

    let ready = false;
    let told = false;
    let held = '';
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.trimEnd() === READY_SIGNAL) onReady();
        else stdout.write(`${line}\n`);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (ready) stderr.write(text);
      else held = (held + text).slice(0, HELD_CHARACTERS);
    });
    function onReady(): void {
      ready = true;
      if (held !== '') stderr.write(held);
      held = '';
    }

    const forward = SIGNALS.map((signal) => {
      const listener = () => {
        told = true;
        // A terminal that closes is a quit like any other; Electron has no handler of its own for SIGHUP.
        child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
      };
      signals.on(signal, listener);
      return () => signals.off(signal, listener);
    });
    const leave = () => void child.kill();
    signals.once('exit', leave);
    const kill = () => void child.kill('SIGKILL');
    force?.addEventListener('abort', kill);

    function end(outcome: ElectronOutcome): void {
      for (const stop of forward) stop();
      signals.off('exit', leave);
      force?.removeEventListener('abort', kill);
      if (rest !== '') stdout.write(rest);
      resolve(outcome);
    }
    child.on('error', (error) => end({ kind: 'failed', reason: explanatoryLine(error.message) }));
    child.on('close', (code, signal) => {
      const exitCode = code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
      if (ready || told || exitCode === 0) {
        const window = ready;
        onReady();
        return end({ kind: 'ended', code: exitCode, window });
      }
      const how = code === null ? `ended by ${signal}` : `exit code ${code}`;
      end({ kind: 'failed', reason: [how, explanatoryLine(held)].filter(Boolean).join(': ') });
    });
  });
}
