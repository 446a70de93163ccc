import { AudioFileError, exportFailed } from '../audio-file-error.ts';
import { BlobParts } from './blob-parts.ts';
import type { ByteSource } from './byte-source.ts';
import { encodeOpus } from './encode-opus.ts';
import { FlacEncoder } from './flac-encoder.ts';
import { toRecordingSamples } from './recording-samples.ts';
import { openWav } from './wav-file.ts';

/** RFC 9639 section 9 and RFC 7845 section 9. */
const TYPES = { flac: 'audio/flac', opus: 'audio/ogg; codecs=opus' } as const;

/**
 * Encodes a recording. Reads it in parts.
 * @param onProgress receives the part that has been read, 0..1
 * @throws {AudioFileError} `export_unsupported`, `export_failed`
 */
export async function encodeRecording(
  source: ByteSource,
  format: 'flac' | 'opus',
  onProgress: (part: number) => void,
): Promise<Blob> {
  try {
    const sound = await openWav(source);
    const parts = new BlobParts();

    async function* samples(): AsyncGenerator<Int16Array<ArrayBuffer>, void, undefined> {
      for await (const block of toRecordingSamples(sound.blocks())) {
        onProgress(sound.progress());
        yield block;
      }
    }

    if (format === 'opus') {
      await encodeOpus(samples(), (part) => parts.push(part));
      return parts.toBlob(TYPES.opus);
    }
    const encoder = new FlacEncoder();
    for await (const block of samples()) encoder.push(block, (frame) => parts.push(frame));
    encoder.finish((frame) => parts.push(frame));
    return parts.toBlob(TYPES.flac, encoder.header());
  } catch (cause) {
    // The codes about damaged files are those of an import.
    throw cause instanceof AudioFileError && cause.code.startsWith('export_') ? cause : exportFailed(cause);
  }
}
