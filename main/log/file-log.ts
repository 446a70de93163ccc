import { closeSync, existsSync, fstatSync, lstatSync, readSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { createStream } from 'rotating-file-stream';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { fileRefusal, openOwnFileSync, SELF, secureFolderSync, temporaryName } from '../files/own-files.ts';
import type { LogBus } from './bus.ts';

const FILE_NAME = 'earshot.log';
/** How many older files are kept: earshot.1.log, the newest of them, to earshot.5.log. */
const OLDER_FILES = 5;
/** A file that has grown to this size becomes earshot.1.log. */
const FILE_SIZE = '5M';
/** As many bytes may wait for a slow or full disk; beyond it lines are left out, which their `seq` shows. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Only the user may read what happened. */
const FILE_MODE = 0o600;
/** Pauses (ms) before the file is opened again after a failed write; the last one goes on. */
const RETRY_PAUSES_MS = [1_000, 2_000, 5_000, 10_000] as const;

export interface FileLogOptions {
  /** The folder of `earshot.log`; made where it is missing. */
  dir: string;
  bus: Pick<LogBus, 'history' | 'subscribe'>;
  /** The file can't be written, or not as fast as events come: said once an outage. The log in the window goes on. */
  onProblem: (error: EarshotError) => void;
  /** The file is written again, after so many lines had to be left out. */
  onRecovered?: (leftOut: number) => void;
  /** Size at which a new file begins, e.g. `5M`. Default: 5 MiB. */
  size?: `${number}${'B' | 'K' | 'M'}`;
  /** Opens the file for appending. Default: one that rotates at `size`. */
  open?: (dir: string, size: string) => Writable;
}

export interface FileLog {
  /** Stops listening and brings to the disk what came until now. Never rejects. */
  close(): Promise<void>;
}

/** Lines that go to the file together, until the file has them. */
interface Chunk {
  text: string;
  lines: number;
}

/**
 * Writes the bus's records to `<dir>/earshot.log`, one JSON object a line, at most six files of 5 MiB. Lines wait in memory
 * while the disk takes nothing, and are written when it does: a line that was torn is written again, whole and on a line
 * of its own, so that a reader which skips what is no JSON misses nothing.
 */
export function createFileLog(options: FileLogOptions): FileLog {
  const { dir, bus, onProblem, onRecovered, size = FILE_SIZE } = options;
  const { open = (folder, limit) => openRotating(folder, limit, onProblem) } = options;
  /** In their order; the first ones are on their way to the file. */
  const waiting: Chunk[] = [];
  let waitingBytes = 0;
  let inFlight = 0;
  let stream: Writable | null = null;
  let retry: NodeJS.Timeout | null = null;
  let failures = 0;
  let leftOut = 0;
  let saidSlow = false;
  /** Called when nothing waits any more, or nothing can be written. */
  let onIdle: (() => void) | null = null;

  function write(records: LogRecord[]): void {
    if (records.length === 0) return;
    const text = `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;
    if (waitingBytes + text.length > MAX_WAITING_BYTES) {
      leftOut += records.length;
      if (!saidSlow && failures === 0) onProblem(tooSlow(dir));
      saidSlow = true;
      return;
    }
    waiting.push({ text, lines: records.length });
    waitingBytes += text.length;
    send();
  }

  function start(): void {
    const opened = open(dir, size);
    stream = opened;
    inFlight = 0;
    opened.on('error', (cause) => fail(opened, cause));
    // What a full disk or a killed app left of a line must not swallow the next one.
    if (failures > 0 || endsInsideLine(join(dir, FILE_NAME))) opened.write('\n');
    send();
  }

  function send(): void {
    const target = stream;
    if (target === null) return;
    while (inFlight < waiting.length) {
      const chunk = waiting[inFlight++];
      if (chunk) target.write(chunk.text, (error) => error == null && target === stream && written());
    }
  }

  function written(): void {
    inFlight--;
    waitingBytes -= waiting.shift()?.text.length ?? 0;
    if (failures > 0 || (leftOut > 0 && waiting.length === 0)) recovered();
    if (waiting.length === 0) onIdle?.();
  }

  function recovered(): void {
    const lines = leftOut;
    failures = 0;
    leftOut = 0;
    saidSlow = false;
    onRecovered?.(lines);
  }

  function fail(failed: Writable, cause: unknown): void {
    if (failed !== stream) return;
    stream = null;
    failed.destroy();
    if (failures++ === 0) onProblem(notWritten(dir, cause));
    if (onIdle !== null) return onIdle();
    const pause = RETRY_PAUSES_MS[Math.min(failures, RETRY_PAUSES_MS.length) - 1];
    retry = setTimeout(() => {
      retry = null;
      start();
    }, pause).unref();
  }

  start();
  write(bus.history());
  const unsubscribe = bus.subscribe(write);
  let closed: Promise<void> | null = null;

  async function close(): Promise<void> {
    unsubscribe();
    if (retry !== null) {
      // One last try at once: there may be room by now.
      clearTimeout(retry);
      retry = null;
      start();
    }
    if (waiting.length > 0 && stream !== null) {
      await new Promise<void>((resolve) => {
        onIdle = resolve;
      });
    }
    const last = stream;
    onIdle = () => {};
    // Called with an error as well, which `fail` has said.
    if (last !== null) await new Promise<void>((resolve) => last.end(() => resolve()));
  }

  return {
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** What can't be written safely is a stream that fails. */
function openRotating(dir: string, size: string, onProblem: (error: EarshotError) => void): Writable {
  try {
    // The stream makes a folder that is missing.
    if (existsSync(dir)) {
      secureFolderSync(dir);
      setAsideUnsafe(join(dir, FILE_NAME), onProblem);
    }
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return new Writable({ write: (_chunk, _encoding, done) => done(error) });
  }
  return createStream((index) => (index ? `earshot.${String(index)}.log` : FILE_NAME), {
    path: dir,
    size: size as typeof FILE_SIZE,
    rotate: OLDER_FILES,
    mode: FILE_MODE,
  });
}

/** Gives the log a file of its own where its name leads elsewhere: what stands there is renamed, never written to. */
function setAsideUnsafe(path: string, onProblem: (error: EarshotError) => void): void {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined || facts.isDirectory()) return;
  const refusal = fileRefusal(path, facts, 'rewrite', SELF);
  if (refusal === null) return;
  const aside = temporaryName(path).replace(/\.tmp$/, '.set-aside');
  renameSync(path, aside);
  const detail = `A new log begins; the old file is kept as ${basename(aside)}. ${refusal.message}`;
  onProblem(new EarshotError('log_set_aside', detail, { cause: refusal }));
}

/** Whether a file's last byte is not the end of a line. */
function endsInsideLine(path: string): boolean {
  try {
    const file = openOwnFileSync(path);
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1);
      return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
    } finally {
      closeSync(file);
    }
  } catch {
    // No file yet, or none that can be read: then there is no line either.
    return false;
  }
}

function tooSlow(dir: string): EarshotError {
  return new EarshotError(
    'log_incomplete',
    `The disk is too slow for the log: lines are missing in the file in ${dir}. The log in the window is whole.`,
  );
}

function notWritten(dir: string, cause: unknown): EarshotError {
  return new EarshotError(
    'log_not_written',
    `The log file can't be written at the moment (${describeError(cause)}). Check the free space and the rights of the ` +
      `folder ${dir}: Earshot tries again by itself.`,
    { cause },
  );
}
