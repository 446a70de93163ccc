/** The part of `process` that is used here. */
export interface EndingProcess {
  readonly pid: number;
  getActiveResourcesInfo(): string[];
  kill(pid: number, signal: 'SIGKILL'): unknown;
}

/**
 * Ends this process for certain. An exit waits for the threads that are inside of the system, and one that a disk does not
 * answer never comes back: then the process is killed, which its parent sees as SIGKILL (137 in a shell) in place of the code.
 * @param exit ends it in the ordinary way
 */
export function endProcess(exit: () => void, target: EndingProcess = process): void {
  // Named FSReqCallback, FSReqPromise, …: whatever the file system has not answered.
  if (target.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) target.kill(target.pid, 'SIGKILL');
  else exit();
}

/** So long (ms) after a stop the process may still be busy. */
export const LEAVE_LIMIT_MS = 1_000;

/** After everything was stopped: the process ends by itself, or is ended when the disk keeps it. */
export function leaveSoon(target: EndingProcess = process): void {
  // Whatever else runs may run on, as a browser's opener does.
  setTimeout(() => endProcess(() => undefined, target), LEAVE_LIMIT_MS).unref();
}
