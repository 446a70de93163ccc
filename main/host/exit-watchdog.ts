import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** So often (ms) an armed watchdog looks whether the process is still there. */
const LOOK_EVERY_MS = 200;
/** So often it still looks when it is to hurry: for a second. */
const HURRIED_LOOKS = 5;

/**
 * `$1` is the process, `$2` what is said. Waits for a line that says how often to look; without one the process has ended. Not every
 * system's `sleep` knows fractions. A pid is given away again only after all others, which takes longer than a pause here.
 */
const SCRIPT = `
trap 'left=${HURRIED_LOOKS}' USR1
read -r left || exit
while [ "$left" -gt 0 ]; do
  sleep ${LOOK_EVERY_MS / 1000} 2>/dev/null || sleep 1 || exit
  kill -0 "$1" 2>/dev/null || exit
  left=$((left - 1))
done
kill -KILL "$1" && echo "$2" >&2`;

/** The part of a process that is used here. */
export interface WatchedProcess {
  readonly pid: number;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
}

/** Each call tells whether there is a watchdog that hears it. */
export interface ExitWatchdog {
  /** The process has been told to end, and has so long (ms) for it. */
  arm(limitMs: number): boolean;
  /** It is armed, and somebody does not want to wait: a second is left. */
  hurry(): boolean;
}

const NONE: ExitWatchdog = { arm: () => false, hurry: () => false };

/**
 * Starts a small process that kills this one if it does not end in time once it was told to: whatever it waits for then, in
 * JavaScript, in the threads that Node joins or in Chromium, the watchdog does not wait. It ends with the process.
 *
 * Call it before the first file is opened, and not at the end: starting a program closes the copies of all files in it, which on a disk
 * that does not answer takes for ever, and Node waits for that.
 *
 * Windows has none: an exit does not wait for threads there (`ExitProcess`), and `endProcess` sees to what Node waits for.
 */
export function startExitWatchdog(target: WatchedProcess = process): ExitWatchdog {
  if (target.platform === 'win32') return NONE;
  const words = 'earshot: Earshot did not end by itself and was killed. What was not on the disk yet is lost.';
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'earshot-exit-watchdog', String(target.pid), words], {
    // Not a folder of the person's, and a group of its own, which a terminal's Ctrl-C does not reach.
    cwd: '/',
    detached: true,
    env: { PATH: ['/usr/bin', '/bin', target.env.PATH].filter(Boolean).join(':') },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  // Neither keeps this process running.
  child.unref();
  (child.stdin as Socket).unref();
  const isThere = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    arm(limitMs) {
      if (!isThere()) return false;
      child.stdin.write(`${Math.ceil(limitMs / LOOK_EVERY_MS)}\n`);
      return true;
    },
    hurry: () => isThere() && child.kill('SIGUSR1'),
  };
}
