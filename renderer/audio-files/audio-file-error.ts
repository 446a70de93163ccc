import type { text } from '../text/text.ts';

/** The errors of exports and imports that the window finds itself. The host's errors have sentences of their own. */
export type AudioFileErrorCode = keyof typeof text.audioFiles.errors;

/** An error without its sentence, since the worker has no texts. `withSentence` adds it in the page. */
export class AudioFileError extends Error {
  override readonly name = 'AudioFileError';

  constructor(
    readonly code: AudioFileErrorCode,
    cause?: unknown,
  ) {
    super(code, { cause });
  }
}

const errorOf = (code: AudioFileErrorCode) => (cause?: unknown) => new AudioFileError(code, cause);

export const exportFailed = errorOf('export_failed');
export const opusUnsupported = errorOf('export_unsupported');

export const notAudio = errorOf('import_not_audio');
export const unsupported = errorOf('import_unsupported');
export const damaged = errorOf('import_damaged');
export const unreadable = errorOf('import_unreadable');
export const noSound = errorOf('import_empty');
export const tooLong = errorOf('import_too_long');
export const tooLarge = errorOf('import_too_large');
