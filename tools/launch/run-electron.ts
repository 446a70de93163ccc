import { spawn } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { READY_SIGNAL } from '../../main/desktop/ready-signal.ts';
import { explanatoryLine } from './reason.ts';

/** How many characters of error output are held back until the window is open. */
const HELD_CHARACTERS = 65_536;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface ElectronRun {
  path: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Without a window, every exit code is Earshot's answer to the arguments, and no failed start. Default: false. */
  answers?: boolean;
  /** Emits the signals to forward to Electron: the launcher's `process`. */
  signals: EventEmitter;
  /** Kills Electron. */
  force?: AbortSignal;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

/**
 * `ended`: Electron ran. If `window` is false, it got a signal first, another instance was already running, or it only
 * answered its arguments.
 * `failed`: Electron exited by itself before its window was open.
 */
export type ElectronOutcome = { kind: 'ended'; code: number; window: boolean } | { kind: 'failed'; reason: string };

/**
 * Runs Electron until it exits. Passes its output through, except for the ready line. Error output before that line is
 * held back, since a failed start is reported in one line.
 */
export function runElectron({
  path,
  args,
  env,
  answers = false,
  signals,
  force,
  stdout,
  stderr,
}: ElectronRun): Promise<ElectronOutcome> {
  return new Promise((resolve) => {
    // ELECTRON_RUN_AS_NODE, which editors based on Electron set, would run the runtime as plain Node.
    const { ELECTRON_RUN_AS_NODE: _, ...clean } = env;
    const child = spawn(path, args, {
      env: clean,
      stdio: ['ignore', 'pipe', 'pipe'],
      // With a separate process group, Ctrl-C in the terminal reaches only the launcher, which forwards it. At a second
      // signal, Chromium would exit before it has quit completely.
      detached: process.platform !== 'win32',
    });

    let ready = false;
    let signalled = false;
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
        signalled = true;
        // Electron does not handle SIGHUP, which a closing terminal sends.
        child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
      };
      signals.on(signal, listener);
      return () => signals.off(signal, listener);
    });
    const terminate = () => void child.kill();
    signals.once('exit', terminate);
    const kill = () => void child.kill('SIGKILL');
    force?.addEventListener('abort', kill);

    function end(outcome: ElectronOutcome): void {
      for (const stopForwarding of forward) stopForwarding();
      signals.off('exit', terminate);
      force?.removeEventListener('abort', kill);
      if (rest !== '') stdout.write(rest);
      resolve(outcome);
    }
    child.on('error', (error) => end({ kind: 'failed', reason: explanatoryLine(error.message) }));
    child.on('close', (code, signal) => {
      const exitCode = code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
      if (ready || signalled || exitCode === 0 || (answers && code !== null)) {
        const window = ready;
        onReady();
        return end({ kind: 'ended', code: exitCode, window });
      }
      const how = code === null ? `ended by ${signal}` : `exit code ${code}`;
      end({ kind: 'failed', reason: [how, explanatoryLine(held)].filter(Boolean).join(': ') });
    });
  });
}
