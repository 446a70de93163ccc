import type { EarshotError } from '../../shared/errors.ts';
import { tooLarge } from './audio-file-error.ts';
import type { ByteSource } from './byte-source.ts';
import type { Sound, SoundBlock } from './sound.ts';

/**
 * Maximum size of a file that the browser can only decode as a whole. Decoded, it takes ten to thirty times the memory:
 * 32 MiB of AAC at 128 kbit/s are 35 minutes, and 800 MB as stereo.
 */
const MAX_WHOLE_FILE_BYTES = 32 * 1024 * 1024;
/** The rate to which the browser converts; the resampler does the rest. */
const DECODED_RATE = 48_000;
const BLOCK_FRAMES = 16_384;

/**
 * Decodes a file of any kind that the browser can play, all of it in memory.
 * @param failure the error if the browser can't decode it
 * @throws {EarshotError} `import_too_large`, or `failure`
 */
export async function decodeWholeFile(source: ByteSource, failure: (cause: unknown) => EarshotError): Promise<Sound> {
  if (source.size > MAX_WHOLE_FILE_BYTES) throw tooLarge();
  const bytes = await source.read(0, source.size);
  let buffer: AudioBuffer;
  try {
    buffer = await new OfflineAudioContext(1, 1, DECODED_RATE).decodeAudioData(bytes.buffer);
  } catch (cause) {
    throw failure(cause);
  }
  let at = 0;
  async function* blocks(): AsyncGenerator<SoundBlock, void, undefined> {
    for (; at < buffer.length; at += BLOCK_FRAMES) {
      const end = Math.min(at + BLOCK_FRAMES, buffer.length);
      const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) =>
        buffer.getChannelData(channel).subarray(at, end),
      );
      yield { rate: buffer.sampleRate, channels };
    }
  }
  return { seconds: buffer.duration, blocks, progress: () => Math.min(1, at / buffer.length) };
}
