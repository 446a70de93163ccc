import type { RecordingInfo } from '../../shared/recording.ts';
import { AudioFileError } from './audio-file-error.ts';
import {
  type ExportDependencies,
  type ExportedFile,
  type ExportFormat,
  type ExportOptions,
  exportFormats,
  exportRecording,
} from './export-recording.ts';
import { type ImportDependencies, type ImportOptions, importAudioFile } from './import-audio-file.ts';
import { withSentence } from './with-sentence.ts';

/** Exports recordings as audio files, and imports audio files as recordings. */
export interface AudioFiles {
  /** The formats that this browser can write. */
  formats(): Promise<ExportFormat[]>;
  /** See `exportRecording`. One at a time: others wait for their turn, except WAV, which needs no encoding. */
  exportRecording(options: ExportOptions): Promise<ExportedFile>;
  /** See `importAudioFile`. One import at a time: another one fails with `import_busy`. */
  importFile(options: ImportOptions): Promise<RecordingInfo>;
}

export function createAudioFiles(dependencies: ExportDependencies & ImportDependencies): AudioFiles {
  let isImporting = false;
  let lastExport: Promise<unknown> = Promise.resolve();
  return {
    formats: exportFormats,
    exportRecording(options) {
      if (options.format === 'wav') return exportRecording(options, dependencies);
      const isCancelled = cancellation(options.signal);
      const exported = Promise.race([lastExport, isCancelled]).then(() => exportRecording(options, dependencies));
      // A cancelled one that never had its turn must not let the next one begin early.
      lastExport = Promise.allSettled([lastExport, exported]);
      return exported;
    },
    async importFile(options) {
      if (isImporting) throw withSentence(new AudioFileError('import_busy'), 'import_busy');
      isImporting = true;
      try {
        return await importAudioFile(options, dependencies);
      } finally {
        isImporting = false;
      }
    },
  };
}

/** Resolves when the signal is aborted; never without a signal. */
function cancellation(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
