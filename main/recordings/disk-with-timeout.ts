import type { Disk, DiskFile } from './disk.ts';

/**
 * Maximum number of concurrent operations. Node has four threads for the file system: if two never return, as on a
 * network share whose server is gone, two are left for recording.
 */
const MAX_CONCURRENT = 2;
/** A sleeping disk takes a few seconds to spin up. */
export const DISK_TIMEOUT_MS = 10_000;

/**
 * Adds a time limit to a disk: an operation that takes longer fails with `ETIMEDOUT`. While `MAX_CONCURRENT` operations
 * are overdue, further ones fail immediately.
 *
 * `copyFile` has no time limit, since its duration depends on the size of the file.
 */
export function withDiskTimeout(disk: Disk, limitMs = DISK_TIMEOUT_MS): Disk {
  const waiting: (() => void)[] = [];
  let running = 0;
  let overdue = 0;

  function next(): void {
    while (running < MAX_CONCURRENT) {
      const start = waiting.shift();
      if (start === undefined) return;
      start();
    }
  }

  /** @param onLateResult called with a result that arrives after the time limit */
  function run<T>(work: () => Promise<T>, onLateResult?: (late: T) => void): Promise<T> {
    if (overdue >= MAX_CONCURRENT) return Promise.reject(timeoutError());
    return new Promise<T>((resolve, reject) => {
      let state: 'waiting' | 'running' | 'overdue' = 'waiting';
      const start = () => {
        state = 'running';
        running++;
        timer.refresh();
        const ended = () => {
          clearTimeout(timer);
          running--;
          if (state === 'overdue') overdue--;
          next();
        };
        work().then(
          (value) => {
            if (state === 'overdue') onLateResult?.(value);
            ended();
            resolve(value);
          },
          (error: unknown) => {
            ended();
            reject(error);
          },
        );
      };
      const timer = setTimeout(() => {
        if (state === 'running') {
          state = 'overdue';
          overdue++;
        } else if (overdue < MAX_CONCURRENT) {
          // Earlier operations are slow, but still end.
          timer.refresh();
          return;
        } else {
          waiting.splice(waiting.indexOf(start), 1);
        }
        reject(timeoutError());
      }, limitMs).unref();
      waiting.push(start);
      next();
    });
  }

  /** If the close fails before it has started, the file is closed when the disk answers again. */
  async function close(file: DiskFile): Promise<void> {
    let started = false;
    const closeFile = () => {
      started = true;
      return file.close();
    };
    try {
      await run(closeFile);
    } catch (error) {
      if (!started) waiting.push(() => void closeFile().catch(() => undefined));
      throw error;
    }
  }

  return {
    mkdir: (...args) => run(() => disk.mkdir(...args)),
    async open(...args) {
      const file = await run(
        () => disk.open(...args),
        // The caller has already got the timeout error.
        (late) => void late.close().catch(() => undefined),
      );
      return {
        write: (...of) => run(() => file.write(...of)),
        read: (...of) => run(() => file.read(...of)),
        truncate: (length) => run(() => file.truncate(length)),
        datasync: () => run(() => file.datasync()),
        stat: () => run(() => file.stat()),
        close: () => close(file),
      };
    },
    readdir: (path) => run(() => disk.readdir(path)),
    readFile: (...args) => run(() => disk.readFile(...args)),
    writeFile: (...args) => run(() => disk.writeFile(...args)),
    rename: (...args) => run(() => disk.rename(...args)),
    stat: (path) => run(() => disk.stat(path)),
    lstat: (path) => run(() => disk.lstat(path)),
    unlink: (path) => run(() => disk.unlink(path)),
    copyFile: (...args) => disk.copyFile(...args),
  };
}

function timeoutError(): Error {
  return Object.assign(new Error('the disk does not answer'), { code: 'ETIMEDOUT' });
}
