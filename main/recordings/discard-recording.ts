import type { DescriptionWriter } from './description-writer.ts';
import { retryDelay } from './disk-errors.ts';
import type { TurnFile } from './turn-file.ts';

/**
 * Takes away what is on the disk of a turn that is not kept: first the WAV, and then its JSON, once no version of it is being
 * written. Until the WAV is gone nothing has changed.
 * @param limitMs how long each of the two is tried
 * @returns `kept`: the WAV can't be removed; `no answer`: whether it is gone the disk does not say, for twice the limit. A
 *   JSON that can't be removed in time is removed later, if the disk lets us; without its sound it is no recording to any reader
 */
export async function discardRecording(
  file: TurnFile,
  description: DescriptionWriter | null,
  limitMs: number,
): Promise<'removed' | 'kept' | 'no answer'> {
  const wav = await answered(
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
  await answered(
    removeDescription().catch(() => undefined),
    limitMs,
  );
  return 'removed';
}

/** What comes of work that does not reject, or `no answer` after so long (ms). */
function answered<T>(work: Promise<T>, limitMs: number): Promise<T | 'no answer'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('no answer'), limitMs);
    void work.then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}

/** Repeats what fails, with pauses of so long (ms) in all. @throws the last error */
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
