import { spawn } from 'node:child_process';

/** So often (ms) the watchdog looks whether the process is still there. */
const LOOK_EVERY_MS = 200;

/**
 * `$1` is the process, `$2` how often it is looked for, `$3` what is said. Not every system's `sleep` knows fractions. A pid is
 * given away again only after all others, which takes longer than a pause here.
 */
const SCRIPT = `
i=0
while [ "$i" -lt "$2" ]; do
  sleep ${LOOK_EVERY_MS / 1000} 2>/dev/null || sleep 1 || exit
  kill -0 "$1" 2>/dev/null || exit
  i=$((i + 1))
done
kill -KILL "$1" && echo "$3" >&2`;

/** The part of a process that is used here. */
export interface WatchedProcess {
  readonly pid: number;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Kills this process if it has not ended after a while. Call it when the process is told to end: whatever it then waits for,
 * in JavaScript, in the threads that Node joins or in Chromium, the watchdog is a process of its own and does not wait. It needs
 * no disk of the person's, holds no folder and ends itself within `LOOK_EVERY_MS` of the process.
 *
 * Windows has none: an exit does not wait for threads there (`ExitProcess`), and `endProcess` sees to what Node waits for.
 * @param limitMs from now
 * @returns whether it runs
 */
export function startExitWatchdog(limitMs: number, target: WatchedProcess = process): boolean {
  if (target.platform === 'win32') return false;
  const looks = Math.ceil(limitMs / LOOK_EVERY_MS);
  const words = 'earshot: Earshot did not end by itself and was killed. What was not on the disk yet is lost.';
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'earshot-exit-watchdog', String(target.pid), String(looks), words], {
    // Not a folder of the person's, and a group of its own, which a terminal's Ctrl-C does not reach.
    cwd: '/',
    detached: true,
    env: { PATH: ['/usr/bin', '/bin', target.env.PATH].filter(Boolean).join(':') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.on('error', () => undefined);
  child.unref();
  return child.pid !== undefined;
}
