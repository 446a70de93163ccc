import { describeError, EarshotError } from '../../../shared/errors.ts';
import { errorCode } from '../disk.ts';
import { isFull } from '../disk-errors.ts';

/**
 * The error of a failed change.
 * @param code the code, unless the disk is full (`disk_full`) or the cause is an `EarshotError`, which passes through
 * @param what completes the sentence "…, so …", e.g. `the recording was not deleted`
 * @param dir the folder to check
 */
export function changeFailed(code: string, what: string, dir: string, cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  if (isFull(cause))
    return new EarshotError('disk_full', `The disk is full, so ${what}. Free some space, then try again.`, { cause });
  const why: Record<string, string> = {
    ETIMEDOUT: 'The disk does not answer',
    EACCES: `Earshot may not change the folder ${dir}`,
    EPERM: `Earshot may not change the folder ${dir}`,
    EROFS: `The folder ${dir} is read-only`,
  };
  const known = why[String(errorCode(cause))] ?? `The folder ${dir} could not be used (${describeError(cause)})`;
  return new EarshotError(code, `${known}, so ${what}. Check the folder, then try again.`, { cause });
}

/** The error for a change of a recording that is not finished. */
export function recordingInProgress(): EarshotError {
  return new EarshotError(
    'recording_in_progress',
    'This recording is still being written. Stop it first, then try again.',
  );
}

/** The error for a recording whose JSON can't be parsed. */
export function recordingDamaged(id: string): EarshotError {
  return new EarshotError(
    'recording_damaged',
    `The description of this recording (${id}.json) is damaged. Restart Earshot: it keeps a copy and writes a new one.`,
  );
}
