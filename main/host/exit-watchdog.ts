import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** How often (ms) an armed watchdog checks whether the process still runs. */
const CHECK_INTERVAL_MS = 200;
/** How many checks are left after `hurry`: one second. */
const HURRIED_CHECKS = 5;

/**
 * `$1` is the pid, `$2` the message. The script waits for a line with the number of checks; end of input means that the
 * process has ended. Some systems' `sleep` accepts only whole seconds. Systems reuse a pid only after all other pids,
 * which takes longer than one interval.
 */
const SCRIPT = `
trap 'left=${HURRIED_CHECKS}' USR1
read -r left || exit
while [ "$left" -gt 0 ]; do
  sleep ${CHECK_INTERVAL_MS / 1000} 2>/dev/null || sleep 1 || exit
  kill -0 "$1" 2>/dev/null || exit
  left=$((left - 1))
done
kill -KILL "$1" && echo "$2" >&2`;

/** The part of `process` that is used here. */
export interface WatchedProcess {
  readonly pid: number;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
}

/** Both methods return whether the watchdog runs. */
export interface ExitWatchdog {
  /** Starts the countdown: the process must end within this time (ms). */
  arm(limitMs: number): boolean;
  /** Shortens the countdown of an armed watchdog to one second. */
  hurry(): boolean;
}

const NONE: ExitWatchdog = { arm: () => false, hurry: () => false };

/**
 * Starts a small process that kills this one if it does not end in time after `arm`, whether it is blocked in
 * JavaScript, in a thread that Node joins or in Chromium. The watchdog ends when this process ends.
 *
 * Call it before any file is opened, not at shutdown: starting a program closes its copies of all open files, which
 * never returns on a disk that does not answer, and Node waits for it.
 *
 * Windows has no watchdog: `ExitProcess` does not wait for threads there, and `endProcess` handles what Node waits for.
 */
export function startExitWatchdog(target: WatchedProcess = process): ExitWatchdog {
  if (target.platform === 'win32') return NONE;
  const message = 'earshot: Earshot did not end by itself and was killed. What was not on the disk yet is lost.';
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'earshot-exit-watchdog', String(target.pid), message], {
    // `cwd` keeps no user folder in use. `detached` gives it its own process group, which a terminal's Ctrl-C does not
    // reach.
    cwd: '/',
    detached: true,
    env: { PATH: ['/usr/bin', '/bin', target.env.PATH].filter(Boolean).join(':') },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  // The child and its stdin must not keep this process running.
  child.unref();
  (child.stdin as Socket).unref();
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    arm(limitMs) {
      if (!isRunning()) return false;
      child.stdin.write(`${Math.ceil(limitMs / CHECK_INTERVAL_MS)}\n`);
      return true;
    },
    hurry: () => isRunning() && child.kill('SIGUSR1'),
  };
}
