import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { EarshotError } from '../../shared/errors.ts';
import { delimitedReason, explanatoryLine } from '../launch/reason.ts';

/** A virtual display that says nothing for this long (ms) is given up. */
const START_TIMEOUT_MS = 30_000;
/** One that does not end by itself for this long (ms) is ended. */
const STOP_TIMEOUT_MS = 5_000;
/** Kept of what it says, to find the reason of a failure in. */
const REASON_CHARACTERS = 4_096;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Wide enough for every window that a spec opens. */
const SCREEN = '1920x1200x24';

/** A display of its own, which shows nothing to anybody. */
export interface VirtualDisplay {
  /** For the programs that draw on it: the display, and no session bus of the user's. */
  env: { DISPLAY: string; WAYLAND_DISPLAY: string; DBUS_SESSION_BUS_ADDRESS: string };
  stop(): Promise<void>;
}

/**
 * Starts Xvfb on a display number that is free.
 * @param program default: the one on PATH
 * @throws {EarshotError} `no_display` when it can't be started
 */
export async function startVirtualDisplay(program = 'Xvfb'): Promise<VirtualDisplay> {
  const args = ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset'];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  const stop = async () => {
    child.kill();
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(force);
  };
  endWithUs(child, exited);

  let reason = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    reason = (reason + text).slice(-REASON_CHARACTERS);
  });
  const number = await Promise.race([
    firstLine(child.stdio[3] as Readable),
    exited.then(() => null),
    expired(START_TIMEOUT_MS),
  ]);
  if (number === null) {
    await stop();
    const advice = 'Install it (on Debian: apt-get install xvfb).';
    const why = delimitedReason(explanatoryLine(reason));
    throw new EarshotError('no_display', `Xvfb could not be started${why}. ${why === '' ? advice : ''}`.trim());
  }
  return {
    // A notification of a test must not appear on the desktop of the user who runs it.
    env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
    stop,
  };
}

/** Ends the display when this process ends, also by a signal that nobody handles: Node then says no `exit`. */
function endWithUs(child: ChildProcess, exited: Promise<void>): void {
  const leave = () => void child.kill();
  const onSignal = (signal: NodeJS.Signals) => {
    leave();
    process.off(signal, onSignal);
    // With nobody else to handle it, it ends this process as it would have.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once('exit', leave);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  void exited.then(() => {
    process.off('exit', leave);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  });
}

/** What comes before the first line break; null when the stream ends without one. */
function firstLine(stream: Readable): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')).trim());
    });
    stream.on('error', () => resolve(null));
    stream.on('end', () => resolve(null));
  });
}

function expired(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null).unref());
}
