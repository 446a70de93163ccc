import { closeSync, existsSync, fstatSync, lstatSync, readSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { createStream } from 'rotating-file-stream';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { toLine } from '../../shared/log-line.ts';
import { fileRefusal, openOwnedFileSync, SELF, secureFolderSync, temporaryName } from '../files/owned-files.ts';
import type { LogBus } from './bus.ts';

/** The name of the file in its folder; older ones have other names. */
export const LOG_FILE = 'earshot.log';
/** Older files that are kept: earshot.1.log (the newest) to earshot.5.log. */
const OLDER_FILES = 5;
/** At this size the file is renamed to earshot.1.log. All files have about twice as many lines as a window holds. */
const FILE_SIZE = '10M';
/**
 * Maximum size (bytes) of the lines that wait for a slow or full disk. More are dropped, which shows in their `seq`.
 */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Only the user may read the log. */
const FILE_MODE = 0o600;
/** Pauses (ms) before the file is reopened after a failed write; the last one repeats. */
const RETRY_PAUSES_MS = [1_000, 2_000, 5_000, 10_000] as const;

export interface FileLogOptions {
  /** The folder of `earshot.log`; created if missing. */
  dir: string;
  bus: Pick<LogBus, 'history' | 'subscribe'>;
  /**
   * The file can't be written, or not as fast as events arrive. Called once per outage. The log in the window
   * continues.
   */
  onProblem: (error: EarshotError) => void;
  /** Writing works again. @param leftOut number of lines that are missing in the file */
  onRecovered?: (leftOut: number) => void;
  /** Size at which a new file begins. Default: `10M`, 10 MiB. */
  size?: `${number}${'B' | 'K' | 'M'}`;
  /** Opens the file for appending. Default: a file that rotates at `size`. */
  open?: (dir: string, size: string) => Writable;
}

export interface FileLog {
  /** Unsubscribes and writes all lines that are waiting. Never rejects. */
  close(): Promise<void>;
}

/** Lines that are written together. */
interface Chunk {
  text: string;
  lines: number;
}

/**
 * Writes the bus's records to `<dir>/earshot.log`, one JSON object (`LogLine`) per line, in at most six files of 10 MiB.
 * While the disk accepts no writes, lines wait in memory. A partly written line is written again on a new line, so a
 * reader that skips invalid JSON misses nothing.
 */
export function createFileLog(options: FileLogOptions): FileLog {
  const { dir, bus, onProblem, onRecovered, size = FILE_SIZE } = options;
  const { open = (folder, limit) => openRotating(folder, limit, onProblem) } = options;
  /** In order; the first `inFlight` ones are being written. */
  const waiting: Chunk[] = [];
  let waitingBytes = 0;
  let inFlight = 0;
  let stream: Writable | null = null;
  let retry: NodeJS.Timeout | null = null;
  let failures = 0;
  let leftOut = 0;
  let reportedSlow = false;
  /** Called when no lines wait, or writing fails. */
  let onIdle: (() => void) | null = null;

  function write(records: LogRecord[]): void {
    if (records.length === 0) return;
    const text = `${records.map((record) => JSON.stringify(toLine(record))).join('\n')}\n`;
    if (waitingBytes + text.length > MAX_WAITING_BYTES) {
      leftOut += records.length;
      if (!reportedSlow && failures === 0) onProblem(tooSlow(dir));
      reportedSlow = true;
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
    // End a partial line that a full disk or a killed app left, so that it does not corrupt the next one.
    if (failures > 0 || endsInsideLine(join(dir, LOG_FILE))) opened.write('\n');
    send();
  }

  function send(): void {
    const target = stream;
    if (target === null) return;
    while (inFlight < waiting.length) {
      const chunk = waiting[inFlight++];
      if (chunk) target.write(chunk.text, (error) => error == null && target === stream && onWritten());
    }
  }

  function onWritten(): void {
    inFlight--;
    waitingBytes -= waiting.shift()?.text.length ?? 0;
    if (failures > 0 || (leftOut > 0 && waiting.length === 0)) reportRecovery();
    if (waiting.length === 0) onIdle?.();
  }

  function reportRecovery(): void {
    const lines = leftOut;
    failures = 0;
    leftOut = 0;
    reportedSlow = false;
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
      // One last attempt: the disk may have space by now.
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
    // The callback may get an error, which `fail` has already reported.
    if (last !== null) await new Promise<void>((resolve) => last.end(() => resolve()));
  }

  return {
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** Opens the rotating file, or returns a stream that fails if the folder or the file is unsafe. */
function openRotating(dir: string, size: string, onProblem: (error: EarshotError) => void): Writable {
  try {
    // The stream creates a missing folder.
    if (existsSync(dir)) {
      secureFolderSync(dir);
      setAsideUnsafe(join(dir, LOG_FILE), onProblem);
    }
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return new Writable({ write: (_chunk, _encoding, done) => done(error) });
  }
  return createStream((index) => (index ? `earshot.${String(index)}.log` : LOG_FILE), {
    path: dir,
    size: size as typeof FILE_SIZE,
    rotate: OLDER_FILES,
    mode: FILE_MODE,
  });
}

/** Renames an unsafe file or link that has the log's name, so that it is never written to. */
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

/** Whether a file ends with a partial line. */
function endsInsideLine(path: string): boolean {
  try {
    const file = openOwnedFileSync(path);
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1);
      return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
    } finally {
      closeSync(file);
    }
  } catch {
    // The file does not exist or can't be read.
    return false;
  }
}

function tooSlow(dir: string): EarshotError {
  return new EarshotError(
    'log_incomplete',
    `The disk is too slow for the log: some lines are missing from the file in ${dir}. The log in the window is complete.`,
  );
}

function notWritten(dir: string, cause: unknown): EarshotError {
  return new EarshotError(
    'log_not_written',
    `The log file can't be written at the moment (${describeError(cause)}). Check the free space and the permissions of ` +
      `the folder ${dir}. Earshot retries automatically.`,
    { cause },
  );
}
