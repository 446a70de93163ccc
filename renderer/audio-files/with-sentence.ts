import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';
import { AudioFileError, type AudioFileErrorCode } from './audio-file-error.ts';

/**
 * The error that the user is shown.
 * @param cause an `EarshotError` of the host already has a sentence
 * @param otherwise the code of unexpected errors
 */
export function withSentence(cause: unknown, otherwise: AudioFileErrorCode): EarshotError {
  if (cause instanceof EarshotError) return cause;
  const code = cause instanceof AudioFileError ? cause.code : otherwise;
  return new EarshotError(code, text.audioFiles.errors[code], { cause });
}
