import type { Disk, DiskFile } from './disk.ts';

/**
 * Maximum number of concurrent operations. Node has four threads for the file system: if two never return, as on a
 * network share whose server is gone, two are left for recording.
 */
const MAX_CONCURRENT = 2;
/** A sleeping disk takes a few seconds to spin up. */
export const DISK_TIMEOUT_MS = 10_000;

export interface DiskWithTimeout extends Disk {
  /** The same disk for work that nobody waits for: an operation starts only when no other one is waiting. */
  readonly background: Disk;
}

type Queue = (() => void)[];

/**
 * Adds a time limit to a disk: an operation that takes longer fails with `ETIMEDOUT`. While `MAX_CONCURRENT` operations
 * are overdue, further ones fail immediately.
 *
 * `copyFile` has no time limit, since its duration depends on the size of the file.
 */
export function withDiskTimeout(disk: Disk, limitMs = DISK_TIMEOUT_MS): DiskWithTimeout {
  const urgent: Queue = [];
  const background: Queue = [];
  let running = 0;
  let overdue = 0;

  function next(): void {
    while (running < MAX_CONCURRENT) {
      const start = urgent.shift() ?? background.shift();
      if (start === undefined) return;
      start();
    }
  }

  /** @param onLateResult called with a result that arrives after the time limit */
  function run<T>(waiting: Queue, work: () => Promise<T>, onLateResult?: (late: T) => void): Promise<T> {
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
  async function close(waiting: Queue, file: DiskFile): Promise<void> {
    let started = false;
    const closeFile = () => {
      started = true;
      return file.close();
    };
    try {
      await run(waiting, closeFile);
    } catch (error) {
      if (!started) waiting.push(() => void closeFile().catch(() => undefined));
      throw error;
    }
  }

  const timed = (queue: Queue): Disk => ({
    mkdir: (...args) => run(queue, () => disk.mkdir(...args)),
    async open(...args) {
      const file = await run(
        queue,
        () => disk.open(...args),
        // The caller has already got the timeout error.
        (late) => void late.close().catch(() => undefined),
      );
      return {
        write: (...of) => run(queue, () => file.write(...of)),
        read: (...of) => run(queue, () => file.read(...of)),
        truncate: (length) => run(queue, () => file.truncate(length)),
        datasync: () => run(queue, () => file.datasync()),
        stat: () => run(queue, () => file.stat()),
        close: () => close(queue, file),
      };
    },
    readdir: (path) => run(queue, () => disk.readdir(path)),
    readFile: (...args) => run(queue, () => disk.readFile(...args)),
    writeFile: (...args) => run(queue, () => disk.writeFile(...args)),
    rename: (...args) => run(queue, () => disk.rename(...args)),
    stat: (path) => run(queue, () => disk.stat(path)),
    lstat: (path) => run(queue, () => disk.lstat(path)),
    unlink: (path) => run(queue, () => disk.unlink(path)),
    copyFile: (...args) => disk.copyFile(...args),
  });
  return { ...timed(urgent), background: timed(background) };
}

function timeoutError(): Error {
  return Object.assign(new Error('the disk does not answer'), { code: 'ETIMEDOUT' });
}
