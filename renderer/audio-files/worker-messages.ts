import type { AudioFileErrorCode } from './audio-file-error.ts';

// The messages between the page and the worker of one export or import.

/** A part of a sound, decoded. */
export interface SoundBlock {
  /** Sample rate, in Hz. */
  rate: number;
  /** One array per channel, all of the same length, at least one; -1..1. */
  channels: readonly Float32Array[];
}

/** The first message to a worker. Each worker does one task. */
export type WorkerTask =
  | {
      type: 'export';
      /** The absolute, signed URL of the recording. */
      url: string;
      format: 'flac' | 'opus';
    }
  | { type: 'import'; file: Blob };

/** Messages of the worker. `part`: how much is done, 0..1. */
export type WorkerReport =
  /** The worker's code is loaded. */
  | { type: 'loaded' }
  /** `code` is null if the error was not expected. The last message. */
  | { type: 'failed'; code: AudioFileErrorCode | null; reason: string }
  | { type: 'progress'; part: number }
  /** The last message of an export. */
  | { type: 'exported'; file: Blob }
  /** The length of the file to import, in seconds; null: not known. */
  | { type: 'opened'; seconds: number | null }
  /** The last message of an import. */
  | { type: 'imported' }
  | WorkerQuestion;

/** Reports after which the worker waits for an answer. */
type WorkerQuestion =
  /** Samples at 16 kHz. Answered with `continue` when they are taken, so that no more of them are in memory. */
  | { type: 'samples'; samples: Int16Array<ArrayBuffer>; part: number }
  /** Only the page can decode this file. Answered with `decoded`. */
  | { type: 'decode' }
  /** Asks for the next part of the decoded file. Answered with `block`. */
  | { type: 'next block' };

export type PageAnswer =
  | { type: 'continue' }
  /** The sound's length; null: the browser can't decode the file. */
  | { type: 'decoded'; seconds: number | null }
  /** null: the sound has ended. */
  | { type: 'block'; block: SoundBlock | null; part: number };

/** Reports something to the page and waits for its answer. */
export type Ask = <Type extends PageAnswer['type']>(
  question: WorkerQuestion,
  type: Type,
) => Promise<Extract<PageAnswer, { type: Type }>>;
