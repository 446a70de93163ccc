import type { DescriptionWriter } from './description-writer.ts';
import { retryDelay } from './disk-errors.ts';
import type { TurnFile } from './turn-file.ts';

/**
 * Removes the files of a discarded turn: first the WAV, then its JSON after the current write of it.
 * @param limitMs time limit (ms) for the retries of each of the two
 * @returns `kept` if the WAV can't be removed: nothing has changed then; `no answer` if the disk has not answered for twice
 *   the limit: the WAV may be gone. Removal of the JSON may go on in the background; readers ignore a JSON without a WAV
 */
export async function discardRecording(
  file: TurnFile,
  description: DescriptionWriter | null,
  limitMs: number,
): Promise<'removed' | 'kept' | 'no answer'> {
  const wav = await resultWithin(
    repeat(() => file.remove(), limitMs).then(
      () => 'removed' as const,
      () => 'kept' as const,
    ),
    2 * limitMs,
  );
  if (wav !== 'removed') return wav;
  const removeDescription = async () => {
    await description?.stop();
    await repeat(() => file.removeDescription(), limitMs);
  };
  await resultWithin(
    removeDescription().catch(() => undefined),
    limitMs,
  );
  return 'removed';
}

/** The result of `work`, which must not reject, or `no answer` after `limitMs`. */
function resultWithin<T>(work: Promise<T>, limitMs: number): Promise<T | 'no answer'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('no answer'), limitMs);
    void work.then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
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
