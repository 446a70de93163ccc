import { EarshotError } from '../../shared/errors.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { text } from '../text/text.ts';
import { createNumbering } from './number-lines.ts';
import { readLogLine } from './read-log-line.ts';
import { createSlices, type SliceOptions } from './slices.ts';

export interface ParsedLog {
  /** In the order of the file, with numbers that only grow: see `createNumbering`. */
  records: LogRecord[];
  /** Lines that are not lines of a log: how many, and the numbers of the first ones in the file, from 1. */
  malformed: { count: number; firstLines: number[] };
}

type LogFileErrorCode = 'log_file_too_large' | 'log_file_unreadable' | 'not_a_log';

/** Largest file (bytes): twice all that Earshot keeps on the disk, about 400,000 lines. */
export const MAX_LOG_FILE_BYTES = 128 * 1024 * 1024;
/** Longest line (characters). Earshot's have 40,000 at most. */
export const MAX_LOG_LINE = 128 * 1024;
/** A file whose first lines are none of a log is not read to its end. */
const LINES_TO_RECOGNISE = 1_000;
const PIECE_BYTES = 128 * 1024;
/** How much (characters) is read between two looks at the clock. */
const SLICE_CHARACTERS = 8 * 1024;
/** How many numbers of malformed lines are kept. */
const MAX_LISTED = 5;

/**
 * Reads a log file, as Earshot writes or exports it, without blocking the window.
 * @param onProgress called after each piece, with the part that has been read, from 0 to 1
 * @param signal cancels the reading
 * @throws {EarshotError} with a sentence for the user: `log_file_too_large`, `not_a_log`, `log_file_unreadable`
 * @throws the signal's reason
 */
export async function parseLog(
  file: Blob,
  onProgress: (part: number) => void = () => {},
  signal?: AbortSignal,
  options?: SliceOptions,
): Promise<ParsedLog> {
  if (file.size > MAX_LOG_FILE_BYTES) throw logFileError('log_file_too_large');
  const reader = createLineReader();
  const decoder = new TextDecoder();
  const slices = createSlices(options);
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    const bytes = await readPiece(file, at);
    signal?.throwIfAborted();
    for (const part of slicesOf(decoder.decode(bytes, { stream: true }))) {
      reader.add(part);
      if (!slices.isOver()) continue;
      await slices.next();
      signal?.throwIfAborted();
    }
    if (reader.isHopeless()) throw logFileError('not_a_log');
    onProgress(Math.min((at + PIECE_BYTES) / file.size, 1));
  }
  reader.add(decoder.decode());
  const log = reader.end();
  if (log.records.length === 0) throw logFileError('not_a_log');
  return log;
}

async function readPiece(file: Blob, at: number): Promise<ArrayBuffer> {
  try {
    return await file.slice(at, at + PIECE_BYTES).arrayBuffer();
  } catch (cause) {
    throw logFileError('log_file_unreadable', cause);
  }
}

/** Parts that are read in well under a millisecond. */
function* slicesOf(piece: string): Generator<string> {
  for (let at = 0; at < piece.length; at += SLICE_CHARACTERS) yield piece.slice(at, at + SLICE_CHARACTERS);
}

/** Reads the lines of a text that arrives in parts. */
function createLineReader() {
  const numbering = createNumbering();
  const malformed = { count: 0, firstLines: [] as number[] };
  let number = 0;
  /** The line that has not ended yet. */
  let open = '';
  let tooLong = false;

  function extend(text: string): void {
    tooLong ||= open.length + text.length > MAX_LOG_LINE;
    open = tooLong ? '' : open + text;
  }

  function endLine(): void {
    number++;
    const line = open.trim();
    const isEmpty = line === '' && !tooLong;
    const read = readLogLine(line);
    open = '';
    tooLong = false;
    if (isEmpty) return;
    if (read !== null) numbering.add(read);
    else countMalformed();
  }

  function countMalformed(): void {
    malformed.count++;
    if (malformed.firstLines.length < MAX_LISTED) malformed.firstLines.push(number);
  }

  return {
    add(part: string): void {
      const [first = '', ...others] = part.split('\n');
      extend(first);
      for (const other of others) {
        endLine();
        extend(other);
      }
    },
    /** Whether the text has many lines, and none of a log. */
    isHopeless: () => numbering.count === 0 && malformed.count >= LINES_TO_RECOGNISE,
    end(): ParsedLog {
      endLine();
      return { records: numbering.end(), malformed };
    },
  };
}

function logFileError(code: LogFileErrorCode, cause?: unknown): EarshotError {
  return new EarshotError(code, text.logFile.errors[code], { cause });
}
