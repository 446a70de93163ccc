import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { EarshotError } from '../../shared/errors.ts';

/** A virtual display that says nothing for this long (ms) is given up. */
const START_TIMEOUT_MS = 30_000;
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
 * @throws {EarshotError} `no_display` when it can't be started
 */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  const args = ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  const stop = async () => {
    child.kill();
    await exited;
  };
  // Also when this process is told to end by a signal that nobody handles.
  const leave = () => void child.kill();
  process.once('exit', leave);
  void exited.then(() => process.off('exit', leave));

  const said = child.stdio[3] as Readable;
  const number = once(said, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) }).then(([text]) =>
    String(text).trim(),
  );
  // When the display has ended first, its number is not waited for any more.
  number.catch(() => {});
  const first = await Promise.race([number, exited.then(() => null)]).catch(() => null);
  if (first === null) {
    await stop();
    throw new EarshotError('no_display', 'Xvfb could not be started. Install it (on Debian: apt-get install xvfb).');
  }
  return {
    // A notification of a test must not appear on the desktop of whoever runs it.
    env: { DISPLAY: `:${first}`, WAYLAND_DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
    stop,
  };
}
