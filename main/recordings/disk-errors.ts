import { describeError, EarshotError } from '../../shared/errors.ts';
import { errorCode } from './disk.ts';

/** Pauses (ms) before the tries after a failed write; the last one goes on. Short at first: most causes pass at once. */
const RETRY_PAUSES_MS = [250, 500, 1_000, 2_000] as const;

/** How long (ms) to wait before the next try, after so many failed ones. */
export function retryDelay(failures: number): number {
  return RETRY_PAUSES_MS[Math.min(failures, RETRY_PAUSES_MS.length) - 1] ?? RETRY_PAUSES_MS[0];
}

/** Whether another try may help: not when another program has changed the file. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof EarshotError);
}

/** A full disk: no space, or the user's share of it is used up. */
function isFull(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(String(errorCode(cause)));
}

/** Why a recording is not written at the moment, while it is kept in memory and tried again. */
export function recordingDelayed(dir: string, cause: unknown): EarshotError {
  return isFull(cause)
    ? new EarshotError('disk_full', 'The disk is full. Free some space: what you say is kept in memory meanwhile.', {
        cause,
      })
    : new EarshotError(
        'disk_not_written',
        `The recording can't be written at the moment (${describeError(cause)}). It is kept in memory and tried again. ` +
          `Check the folder ${dir}.`,
        { cause },
      );
}

/** Why a recording has ended before its turn did. */
export function recordingFailed(dir: string, cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  return isFull(cause)
    ? new EarshotError(
        'disk_full',
        'The disk is full, so the recording has ended. Free some space, then press the mic to record again. What had ' +
          'reached the disk is kept.',
        { cause },
      )
    : new EarshotError(
        'recording_failed',
        `The recording could not be written (${describeError(cause)}). Check the free space and the rights of the folder ` +
          `${dir}, then press the mic to record again. What had reached the disk is kept.`,
        { cause },
      );
}

/** The sound is saved, and its description is not. */
export function descriptionMissing(dir: string, cause: unknown): EarshotError {
  return new EarshotError(
    'description_not_written',
    `The recording is saved, but its description (the JSON beside it) could not be written (${describeError(cause)}). ` +
      `Check the folder ${dir}; the next start of Earshot writes it anew.`,
    { cause },
  );
}
