import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { MAX_IMPORT_BYTES } from '../../shared/recording-import.ts';
import { tooLong } from './audio-file-error.ts';
import { type DecodedFile, decodeFile } from './decode-file.ts';
import { importName } from './file-name.ts';
import { type AudioFileWorker, startWorker, type WorkerDependencies } from './start-worker.ts';
import { type UploadDependencies, uploadSamples } from './upload-samples.ts';
import { withSentence } from './with-sentence.ts';

const MAX_SECONDS = MAX_IMPORT_BYTES / BYTES_PER_SAMPLE / SAMPLE_RATE;

export interface ImportOptions {
  /** The file that the user chose or dropped. Its content says what it is, its name is only kept. */
  file: File;
  /** Cancels the import. */
  signal?: AbortSignal;
  /** Called with the part that is done, 0..1. */
  onProgress?(part: number): void;
}

export type ImportDependencies = UploadDependencies & WorkerDependencies;

/**
 * Makes an audio file a recording: a worker decodes it, takes the channel that carries the sound and converts it to
 * 16 kHz; the page uploads it. The recording becomes visible when all of it is there; `onRecordingSaved` and
 * `onRecordingChanged` follow in every window.
 * @returns the recording
 * @throws {EarshotError} `cancelled`; about the file: `import_empty`, `import_not_audio`, `import_damaged`,
 *   `import_unsupported`, `import_unreadable`, `import_too_long`, `import_too_large`; about the host: `import_busy`,
 *   `disk_full`, `no_such_import`, `import_failed`. Nothing is kept then
 */
export async function importAudioFile(
  options: ImportOptions,
  dependencies: ImportDependencies,
): Promise<RecordingInfo> {
  const { file } = options;
  const signal = options.signal ?? new AbortController().signal;
  try {
    const worker = await startWorker({ type: 'import', file }, signal, dependencies);
    try {
      return await uploadSamples(importName(file.name), samplesOf(worker, options), dependencies, signal);
    } finally {
      worker.end();
    }
  } catch (cause) {
    throw withSentence(signal.aborted ? null : cause, signal.aborted ? 'cancelled' : 'import_failed');
  }
}

/** The samples that the worker sends. What it can't decode by itself is decoded here, by the browser. */
async function* samplesOf(
  worker: AudioFileWorker,
  { file, onProgress }: ImportOptions,
): AsyncGenerator<Int16Array<ArrayBuffer>, void, undefined> {
  let decoded: DecodedFile | null = null;
  for (;;) {
    const report = await worker.next();
    switch (report.type) {
      case 'opened':
        if (report.seconds !== null && report.seconds > MAX_SECONDS) throw tooLong();
        break;
      case 'samples':
        onProgress?.(report.part);
        yield report.samples;
        worker.answer({ type: 'continue' });
        break;
      case 'decode':
        decoded = await decodeFile(file);
        worker.answer({ type: 'decoded', seconds: decoded?.seconds ?? null });
        break;
      case 'next block':
        worker.answer({ type: 'block', ...(decoded?.next() ?? { block: null, part: 1 }) });
        break;
      case 'imported':
        return;
    }
  }
}
