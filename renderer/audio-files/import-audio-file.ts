import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { MAX_IMPORT_BYTES } from '../../shared/recording-import.ts';
import { cancelled, importFailed, tooLong } from './audio-file-error.ts';
import { fileSource } from './byte-source.ts';
import { importName } from './file-name.ts';
import { openSound } from './open-sound.ts';
import { toRecordingSamples } from './recording-samples.ts';
import { createSlices } from './slices.ts';
import { type UploadDependencies, uploadSamples } from './upload-samples.ts';

const MAX_SECONDS = MAX_IMPORT_BYTES / BYTES_PER_SAMPLE / SAMPLE_RATE;

export interface ImportOptions {
  /** The file that the user chose or dropped. Its content says what it is, its name is only kept. */
  file: File;
  /** Cancels the import. */
  signal?: AbortSignal;
  /** Called with the part that is done, 0..1. */
  onProgress?(part: number): void;
}

/**
 * Makes an audio file a recording: decodes it, takes the channel that carries the sound, converts it to 16 kHz and uploads
 * it. The recording becomes visible when all of it is there; `onRecordingSaved` follows in every window.
 * @returns the recording
 * @throws {EarshotError} `cancelled`; about the file: `import_empty`, `import_not_audio`, `import_damaged`,
 *   `import_unsupported`, `import_unreadable`, `import_too_long`, `import_too_large`; about the host: `import_busy`,
 *   `disk_full`, `no_such_import`, `import_failed`. Nothing is kept then
 */
export async function importAudioFile(
  options: ImportOptions,
  dependencies: UploadDependencies,
): Promise<RecordingInfo> {
  const { file, onProgress } = options;
  const signal = options.signal ?? new AbortController().signal;
  try {
    const sound = await openSound(fileSource(file, signal), signal);
    if (sound.seconds !== null && sound.seconds > MAX_SECONDS) throw tooLong();
    const slice = createSlices(signal);
    const samples = toRecordingSamples(sound.blocks(), async () => {
      onProgress?.(sound.progress());
      await slice();
    });
    return await uploadSamples(importName(file.name), samples, dependencies, signal);
  } catch (cause) {
    if (signal.aborted) throw cancelled();
    throw importFailed(cause);
  }
}
