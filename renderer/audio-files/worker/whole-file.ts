import { type AudioFileError, tooLarge } from '../audio-file-error.ts';
import type { Ask, SoundBlock } from '../worker-messages.ts';
import type { Sound } from './sound.ts';

/**
 * Maximum size of a file that the browser can only decode as a whole. It copies the decoded sound in one step of the page:
 * 4 MiB of AAC at 128 kbit/s are 4 minutes, 100 MB as stereo, which takes about 30 ms.
 */
const MAX_WHOLE_FILE_BYTES = 4 * 1024 * 1024;

/**
 * A file that the page decodes as a whole: a worker has no decoder for files of any kind.
 * @param size of the file, in bytes
 * @param failure the error if the browser can't decode it
 * @throws {AudioFileError} `import_too_large`, or `failure`
 */
export async function openWholeFile(
  size: number,
  { ask, failure }: { ask: Ask; failure: () => AudioFileError },
): Promise<Sound> {
  if (size > MAX_WHOLE_FILE_BYTES) throw tooLarge();
  const { seconds } = await ask({ type: 'decode' }, 'decoded');
  if (seconds === null) throw failure();
  let taken = 0;
  async function* blocks(): AsyncGenerator<SoundBlock, void, undefined> {
    for (;;) {
      const { block, part } = await ask({ type: 'next block' }, 'block');
      taken = part;
      if (block === null) return;
      yield block;
    }
  }
  return { seconds, blocks, progress: () => taken };
}
