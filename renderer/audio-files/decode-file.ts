import { unreadable } from './audio-file-error.ts';
import type { SoundBlock } from './worker-messages.ts';

/** The rate to which the browser converts; the resampler does the rest. */
const DECODED_RATE = 48_000;
/** Samples per channel in a block: a third of a second. */
const BLOCK_FRAMES = 16_384;

/** A file that was decoded as a whole, all of it in memory. */
export interface DecodedFile {
  /** Its length. */
  seconds: number;
  /** The next block, null at the end; and how much has been taken then, 0..1. */
  next(): { block: SoundBlock | null; part: number };
}

/**
 * Decodes a file of any kind that the browser can play. Only a page has this decoder, not a worker; it works in a thread
 * of the browser.
 * @returns null if the browser can't decode it
 * @throws {AudioFileError} `import_unreadable`
 */
export async function decodeFile(file: Blob): Promise<DecodedFile | null> {
  const bytes = await file.arrayBuffer().catch((cause: unknown) => {
    throw unreadable(cause);
  });
  const buffer = await new OfflineAudioContext(1, 1, DECODED_RATE).decodeAudioData(bytes).catch(() => null);
  if (buffer === null) return null;
  let at = 0;
  return {
    seconds: buffer.duration,
    next() {
      const from = at;
      at = Math.min(from + BLOCK_FRAMES, buffer.length);
      if (from === at) return { block: null, part: 1 };
      const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) =>
        // A copy: of a view, the message would contain the whole channel.
        buffer.getChannelData(channel).slice(from, at),
      );
      return { block: { rate: buffer.sampleRate, channels }, part: at / buffer.length };
    },
  };
}
