import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { EarshotError } from '../../shared/errors.ts';
import { delimitedReason, explanatoryLine } from '../launch/reason.ts';

/** Time limit (ms) for a virtual display to report its number. */
const START_TIMEOUT_MS = 30_000;
/** Time (ms) after SIGTERM until a display that does not exit is killed. */
const STOP_TIMEOUT_MS = 5_000;
/** How much of its error output is kept, to report why it failed. */
const REASON_CHARACTERS = 4_096;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Large enough for every window that a spec opens. */
const SCREEN = '1920x1200x24';

/** A display that is not visible to the user. */
export interface VirtualDisplay {
  /** The environment for programs on the display, without the user's session bus. */
  env: { DISPLAY: string; WAYLAND_DISPLAY: string; DBUS_SESSION_BUS_ADDRESS: string };
  stop(): Promise<void>;
}

/**
 * Starts Xvfb on a free display number.
 * @param program default: the Xvfb on PATH
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
  endWithThisProcess(child, exited);

  let reason = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    reason = (reason + text).slice(-REASON_CHARACTERS);
  });
  const number = await Promise.race([
    firstLine(child.stdio[3] as Readable),
    exited.then(() => null),
    nullAfter(START_TIMEOUT_MS),
  ]);
  if (number === null) {
    await stop();
    const advice = 'Install it (on Debian: apt-get install xvfb).';
    const why = delimitedReason(explanatoryLine(reason));
    throw new EarshotError('no_display', `Xvfb could not be started${why}. ${why === '' ? advice : ''}`.trim());
  }
  return {
    // Tests must not show notifications on the user's desktop.
    env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
    stop,
  };
}

/**
 * Ends the display together with this process, even after an unhandled signal, for which Node emits no `exit` event.
 */
function endWithThisProcess(child: ChildProcess, exited: Promise<void>): void {
  const kill = () => void child.kill();
  const onSignal = (signal: NodeJS.Signals) => {
    kill();
    process.off(signal, onSignal);
    // If there is no other handler, send the signal again, which ends this process as if ours had not existed.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once('exit', kill);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  void exited.then(() => {
    process.off('exit', kill);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  });
}

/** The first line of a stream; null if the stream ends without a line break. */
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

function nullAfter(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null).unref());
}
