import { createStream } from 'rotating-file-stream';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import type { LogBus } from './bus.ts';

const FILE_NAME = 'earshot.log';
/** How many older files are kept: earshot.1.log, the newest of them, to earshot.5.log. */
const OLDER_FILES = 5;
/** A file that has grown to this size becomes earshot.1.log. */
const FILE_SIZE = '5M';
/** As many bytes may wait for a slow disk; beyond it lines are left out, which their `seq` shows. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Only the user may read what happened. */
const FILE_MODE = 0o600;

export interface FileLogOptions {
  /** The folder of `earshot.log`; made where it is missing. */
  dir: string;
  bus: Pick<LogBus, 'history' | 'subscribe'>;
  /** The file can't be written, or not as fast as events come: said once. The log in the window goes on. */
  onProblem: (error: EarshotError) => void;
  /** Size at which a new file begins, e.g. `5M`. Default: 5 MiB. */
  size?: `${number}${'B' | 'K' | 'M'}`;
}

export interface FileLog {
  /** Stops listening and brings to the disk what came until now. Never rejects. */
  close(): Promise<void>;
}

/** Writes the bus's records to `<dir>/earshot.log`, one JSON object a line, at most six files of 5 MiB. */
export function createFileLog({ dir, bus, onProblem, size = FILE_SIZE }: FileLogOptions): FileLog {
  const stream = createStream((index) => (index ? `earshot.${String(index)}.log` : FILE_NAME), {
    path: dir,
    size,
    rotate: OLDER_FILES,
    mode: FILE_MODE,
  });
  let said = false;
  let broken = false;

  const say = (error: EarshotError): void => {
    if (said) return;
    said = true;
    onProblem(error);
  };

  const write = (records: LogRecord[]): void => {
    if (broken || records.length === 0) return;
    if (stream.writableLength > MAX_WAITING_BYTES) {
      say(
        new EarshotError(
          'log_incomplete',
          `The disk is too slow for the log: the file in ${dir} has holes. Relieve the disk; the log in the window is whole.`,
        ),
      );
      return;
    }
    stream.write(`${records.map((record) => JSON.stringify(record)).join('\n')}\n`);
  };

  stream.on('error', (cause) => {
    broken = true;
    unsubscribe();
    say(
      new EarshotError(
        'log_not_written',
        `The log file could not be written (${describeError(cause)}). Check the free space and the rights of the folder ${dir}, then restart Earshot.`,
        { cause },
      ),
    );
  });
  write(bus.history());
  const unsubscribe = bus.subscribe(write);

  return {
    close() {
      unsubscribe();
      return new Promise((resolve) => {
        // Called with an error as well, which the listener above has said already.
        stream.end(() => resolve());
      });
    },
  };
}
