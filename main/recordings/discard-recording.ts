import { endsWithin, settlesWithin } from '../../shared/time-limit.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { retryDelay } from './disk-errors.ts';
import type { TurnFile } from './turn-file.ts';

/**
 * Removes the files of a discarded turn: first the WAV, then its JSON after the current write of it.
 * @param limitMs time limit (ms) for the retries of each of the two
 * @returns `kept` if the WAV can't be removed: nothing has changed then; `no answer` if the disk has not answered for
 *   twice the limit: the WAV may be gone. Removal of the JSON may go on in the background; readers ignore a JSON
 *   without a WAV
 */
export async function discardRecording(
  file: TurnFile,
  description: DescriptionWriter | null,
  limitMs: number,
): Promise<'removed' | 'kept' | 'no answer'> {
  const removal = repeat(() => file.remove(), limitMs).then(
    () => 'removed' as const,
    () => 'kept' as const,
  );
  if (!(await endsWithin(2 * limitMs, removal))) return 'no answer';
  if ((await removal) === 'kept') return 'kept';
  const removeDescription = async () => {
    await description?.stop();
    await repeat(() => file.removeDescription(), limitMs);
  };
  await settlesWithin(limitMs, removeDescription());
  return 'removed';
}

/** Retries `work` until the pauses add up to `limitMs`. @throws the last error */
async function repeat(work: () => Promise<void>, limitMs: number): Promise<void> {
  let waited = 0;
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (waited >= limitMs) throw error;
      waited += retryDelay(failures);
      await new Promise((resolve) => setTimeout(resolve, retryDelay(failures)));
    }
  }
}
