import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/en.ts';

/** The errors of exports and imports that the page finds itself. The host's errors have sentences of their own. */
type Code = keyof typeof text.audioFiles.errors;

function errorOf(code: Code, cause?: unknown): EarshotError {
  return new EarshotError(code, text.audioFiles.errors[code], { cause });
}

export const cancelled = () => errorOf('cancelled');
export const exportFailed = (cause: unknown) => asEarshotError(cause, 'export_failed');
export const opusUnsupported = (cause?: unknown) => errorOf('export_unsupported', cause);

export const notAudio = (cause?: unknown) => errorOf('import_not_audio', cause);
export const unsupported = (cause?: unknown) => errorOf('import_unsupported', cause);
export const damaged = (cause?: unknown) => errorOf('import_damaged', cause);
export const unreadable = (cause?: unknown) => errorOf('import_unreadable', cause);
export const noSound = () => errorOf('import_empty');
export const tooLong = () => errorOf('import_too_long');
export const tooLarge = () => errorOf('import_too_large');
export const importBusy = () => errorOf('import_busy');
export const importFailed = (cause: unknown) => asEarshotError(cause, 'import_failed');

/** Errors that have a sentence already keep it. */
function asEarshotError(cause: unknown, code: Code): EarshotError {
  return cause instanceof EarshotError ? cause : errorOf(code, cause);
}
