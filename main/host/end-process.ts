import type { ExitWatchdog } from './exit-watchdog.ts';

/** The part of `process` that is used here. */
export interface EndingProcess {
  readonly pid: number;
  getActiveResourcesInfo(): string[];
  kill(pid: number, signal: 'SIGKILL'): unknown;
  readonly stderr: { write(text: string): unknown };
}

/** How long (ms) pending disk operations may take after everything else has stopped. */
export const PENDING_LIMIT_MS = 1_000;
const CHECK_INTERVAL_MS = 20;

/**
 * Ends this process even if a disk does not answer. A normal exit waits for threads that are blocked in system calls:
 * Node joins them, and Electron waits for their results while it shuts Node down. If a disk operation is still pending
 * after `PENDING_LIMIT_MS`, the process kills itself. Its parent then sees SIGKILL (137 in a shell) instead of the exit
 * code.
 * @param exit ends the process normally
 */
export function endProcess(exit: () => void, target: EndingProcess = process): void {
  let checksLeft = PENDING_LIMIT_MS / CHECK_INTERVAL_MS;
  const check = () => {
    if (!waitsForDisk(target)) return exit();
    if (checksLeft-- === 0) {
      target.stderr.write('earshot: The disk does not answer. Earshot ended without waiting for it.\n');
      target.kill(target.pid, 'SIGKILL');
      return;
    }
    setTimeout(check, CHECK_INTERVAL_MS);
  };
  // The caller may be the callback of a disk operation, which counts as pending until the callback has returned.
  setImmediate(check);
}

/**
 * Ends this process with this code without waiting for a stop. Node first finishes pending operations of its threads,
 * such as a write, which takes milliseconds. If the disk does not answer, the watchdog kills the process.
 * @param watchdog an armed watchdog
 */
export function exitNow(code: number, watchdog: ExitWatchdog): void {
  if (watchdog.hurry() || process.platform === 'win32') process.exit(code);
  // There is no watchdog, so this process checks for pending disk operations itself.
  endProcess(() => process.exit(code));
}

/** Node names pending file system requests FSReqCallback, FSReqPromise, …. */
function waitsForDisk(target: EndingProcess): boolean {
  return target.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
