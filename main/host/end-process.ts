import type { ExitWatchdog } from './exit-watchdog.ts';

/** The part of `process` that is used here. */
export interface EndingProcess {
  readonly pid: number;
  getActiveResourcesInfo(): string[];
  kill(pid: number, signal: 'SIGKILL'): unknown;
  readonly stderr: { write(text: string): unknown };
}

/** So long (ms) what the disk was asked may go unanswered after everything was stopped. */
export const LEAVE_LIMIT_MS = 1_000;
const LOOK_EVERY_MS = 20;

/**
 * Ends this process although a disk may not answer. An exit waits for the threads that are inside of the system: Node joins them,
 * and Electron waits for their answers while it takes Node down. Where one has not answered in time, the process kills itself, which
 * its parent sees as SIGKILL (137 in a shell) in place of the code.
 * @param exit ends it in the ordinary way
 */
export function endProcess(exit: () => void, target: EndingProcess = process): void {
  let looks = LEAVE_LIMIT_MS / LOOK_EVERY_MS;
  const look = () => {
    if (!waitsForDisk(target)) return exit();
    if (looks-- === 0) {
      target.stderr.write('earshot: The disk does not answer. Earshot ended without waiting for it.\n');
      target.kill(target.pid, 'SIGKILL');
      return;
    }
    setTimeout(look, LOOK_EVERY_MS);
  };
  // Who calls this may have been woken by an answer of the disk, which counts as a request until its callback has returned.
  setImmediate(look);
}

/**
 * Ends this process with this code, for somebody who does not want to wait for a stop. Node first finishes what its threads are doing,
 * such as a write that is under way: milliseconds where the disk answers. Where it does not the watchdog kills the process.
 * @param watchdog that is armed
 */
export function exitNow(code: number, watchdog: ExitWatchdog): void {
  if (watchdog.hurry() || process.platform === 'win32') process.exit(code);
  // Without a watchdog what is known in here has to do.
  endProcess(() => process.exit(code));
}

/** Requests to the file system are named FSReqCallback, FSReqPromise, …. */
function waitsForDisk(target: EndingProcess): boolean {
  return target.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
