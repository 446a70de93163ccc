import { describeError, EarshotError } from '../../shared/errors.ts';
import { errorCode } from './disk.ts';

/**
 * Pauses (ms) before the retries of a failed write; the last one repeats. Short at first, since most causes are brief.
 */
const RETRY_PAUSES_MS = [250, 500, 1_000, 2_000] as const;

/** How long (ms) to wait before the next attempt. @param failures number of failed attempts so far, from 1 */
export function retryDelay(failures: number): number {
  return RETRY_PAUSES_MS[Math.min(failures, RETRY_PAUSES_MS.length) - 1] ?? RETRY_PAUSES_MS[0];
}

/** Whether a retry may help. An `EarshotError` is final, for example when another program has changed the file. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof EarshotError);
}

/** Whether the disk is full or the user's quota is used up. */
export function isFull(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(String(errorCode(cause)));
}

/** The error shown while a recording can't be written and is kept in memory. */
export function recordingDelayed(dir: string, cause: unknown): EarshotError {
  return isFull(cause)
    ? new EarshotError(
        'disk_full',
        'The disk is full. Free some space. In the meantime, the recording is kept in memory.',
        {
          cause,
        },
      )
    : new EarshotError(
        'disk_not_written',
        `The recording can't be written at the moment (${describeError(cause)}). It is kept in memory and retried. ` +
          `Check the folder ${dir}.`,
        { cause },
      );
}

/** The error shown when a recording has ended before its turn. */
export function recordingFailed(dir: string, cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  return isFull(cause)
    ? new EarshotError(
        'disk_full',
        'The disk is full, so the recording has ended. Free some space, then press the mic to record again. The part ' +
          'that is on the disk is kept.',
        { cause },
      )
    : new EarshotError(
        'recording_failed',
        `The recording could not be written (${describeError(cause)}). Check the free space and the permissions of the ` +
          `folder ${dir}, then press the mic to record again. The part that is on the disk is kept.`,
        { cause },
      );
}

/** The error shown when the audio is saved but its description is not. */
export function descriptionMissing(dir: string, cause: unknown): EarshotError {
  return new EarshotError(
    'description_not_written',
    `The recording is saved, but its description (the JSON beside it) could not be written (${describeError(cause)}). ` +
      `Check the folder ${dir}; Earshot writes it at its next start.`,
    { cause },
  );
}
