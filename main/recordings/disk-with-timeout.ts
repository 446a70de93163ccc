import type { Disk, DiskFile } from './disk.ts';

/**
 * How many questions are put to the disk at once. Node has four threads for all of them: two that never come back, as on a
 * share whose server is gone, leave two for what is being recorded.
 */
const AT_ONCE = 2;
/** A disk that was asleep takes a few seconds to turn. */
export const DISK_TIMEOUT_MS = 10_000;

/**
 * The same disk for whoever can go without an answer: a question that is not answered in time fails with `ETIMEDOUT`. While
 * all that may be put at once are overdue, a further one fails at once.
 *
 * A copy has no limit in time: it takes as long as its file is large.
 */
export function withDiskTimeout(disk: Disk, limitMs = DISK_TIMEOUT_MS): Disk {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  let overdue = 0;

  function next(): void {
    while (underWay < AT_ONCE) {
      const start = waiting.shift();
      if (start === undefined) return;
      start();
    }
  }

  function ask<T>(work: () => Promise<T>, dropped?: (late: T) => void): Promise<T> {
    if (overdue >= AT_ONCE) return Promise.reject(noAnswer());
    return new Promise<T>((resolve, reject) => {
      let state: 'waiting' | 'under way' | 'overdue' = 'waiting';
      const start = () => {
        state = 'under way';
        underWay++;
        timer.refresh();
        const ended = () => {
          clearTimeout(timer);
          underWay--;
          if (state === 'overdue') overdue--;
          next();
        };
        work().then(
          (value) => {
            if (state === 'overdue') dropped?.(value);
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
        if (state === 'under way') {
          state = 'overdue';
          overdue++;
        } else if (overdue < AT_ONCE) {
          // Others before it are slow, and are answered.
          timer.refresh();
          return;
        } else {
          waiting.splice(waiting.indexOf(start), 1);
        }
        reject(noAnswer());
      }, limitMs).unref();
      waiting.push(start);
      next();
    });
  }

  /** One that is not closed in time is closed when the disk answers again. */
  async function close(file: DiskFile): Promise<void> {
    let begun = false;
    const end = () => {
      begun = true;
      return file.close();
    };
    try {
      await ask(end);
    } catch (error) {
      if (!begun) waiting.push(() => void end().catch(() => undefined));
      throw error;
    }
  }

  return {
    mkdir: (...args) => ask(() => disk.mkdir(...args)),
    async open(...args) {
      const file = await ask(
        () => disk.open(...args),
        // Nobody waits for it any more.
        (late) => void late.close().catch(() => undefined),
      );
      return {
        write: (...of) => ask(() => file.write(...of)),
        read: (...of) => ask(() => file.read(...of)),
        truncate: (length) => ask(() => file.truncate(length)),
        datasync: () => ask(() => file.datasync()),
        stat: () => ask(() => file.stat()),
        close: () => close(file),
      };
    },
    readdir: (path) => ask(() => disk.readdir(path)),
    readFile: (...args) => ask(() => disk.readFile(...args)),
    writeFile: (...args) => ask(() => disk.writeFile(...args)),
    rename: (...args) => ask(() => disk.rename(...args)),
    stat: (path) => ask(() => disk.stat(path)),
    lstat: (path) => ask(() => disk.lstat(path)),
    unlink: (path) => ask(() => disk.unlink(path)),
    copyFile: (...args) => disk.copyFile(...args),
  };
}

function noAnswer(): Error {
  return Object.assign(new Error('the disk does not answer'), { code: 'ETIMEDOUT' });
}
