import { describeError, EarshotError } from '../../shared/errors.ts';
import { HostError } from '../text/host-error.ts';
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
  if (isFull(cause)) return new HostError('disk_full', ({ delayedFull }) => delayedFull, { cause });
  const why = describeError(cause);
  return new HostError('disk_not_written', ({ delayed }) => delayed({ why, dir }), { cause });
}

/** The error shown when a recording has ended before its turn. */
export function recordingFailed(dir: string, cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  if (isFull(cause)) return new HostError('disk_full', ({ recordingFull }) => recordingFull, { cause });
  const why = describeError(cause);
  return new HostError('recording_failed', (errors) => errors.recordingFailed({ why, dir }), { cause });
}

/** The error shown when the audio is saved but its description is not. */
export function descriptionMissing(dir: string, cause: unknown): EarshotError {
  const why = describeError(cause);
  return new HostError('description_not_written', (errors) => errors.descriptionMissing({ why, dir }), { cause });
}
