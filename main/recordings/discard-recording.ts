import type { DescriptionWriter } from './description-writer.ts';
import { retryPause } from './disk-trouble.ts';
import type { TurnFile } from './turn-file.ts';

/**
 * Takes away what is on the disk of a turn that is not kept: first the WAV, and then its JSON, once no version of it is being
 * written. Until the WAV is gone nothing has changed.
 * @param limitMs how long each of the two may take
 * @returns false: the WAV can't be removed. A JSON that can't be removed in time is removed later, if the disk lets us;
 *   without its sound it is no recording to any reader
 */
export async function discardRecording(
  file: TurnFile,
  description: DescriptionWriter | null,
  limitMs: number,
): Promise<boolean> {
  try {
    await repeat(() => file.remove(), limitMs);
  } catch {
    return false;
  }
  const removeDescription = async () => {
    await description?.stop();
    await repeat(() => file.removeDescription(), limitMs);
  };
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    removeDescription()
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(timer);
        resolve();
      });
  });
  return true;
}

/** Repeats what fails, with pauses of so long (ms) in all. @throws the last error */
async function repeat(work: () => Promise<void>, limitMs: number): Promise<void> {
  let waited = 0;
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (waited >= limitMs) throw error;
      waited += retryPause(failures);
      await new Promise((resolve) => setTimeout(resolve, retryPause(failures)));
    }
  }
}
