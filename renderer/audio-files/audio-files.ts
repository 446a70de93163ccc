import type { RecordingInfo } from '../../shared/recording.ts';
import { importBusy } from './audio-file-error.ts';
import {
  type ExportDependencies,
  type ExportedFile,
  type ExportFormat,
  type ExportOptions,
  exportFormats,
  exportRecording,
} from './export-recording.ts';
import { type ImportOptions, importAudioFile } from './import-audio-file.ts';
import type { UploadDependencies } from './upload-samples.ts';

/** Exports recordings as audio files, and imports audio files as recordings. */
export interface AudioFiles {
  /** The formats that this browser can write. */
  formats(): Promise<ExportFormat[]>;
  /** See `exportRecording`. */
  exportRecording(options: ExportOptions): Promise<ExportedFile>;
  /** See `importAudioFile`. One import at a time: another one fails with `import_busy`. */
  importFile(options: ImportOptions): Promise<RecordingInfo>;
}

export function createAudioFiles(dependencies: ExportDependencies & UploadDependencies): AudioFiles {
  let isImporting = false;
  return {
    formats: exportFormats,
    exportRecording: (options) => exportRecording(options, dependencies),
    async importFile(options) {
      if (isImporting) throw importBusy();
      isImporting = true;
      try {
        return await importAudioFile(options, dependencies);
      } finally {
        isImporting = false;
      }
    },
  };
}
