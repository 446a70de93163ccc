import { CHANNELS, SAMPLE_RATE } from '../../../shared/audio-format.ts';
import { AudioFileError, exportFailed, opusUnsupported } from '../audio-file-error.ts';
import { canEncodeOpus, OPUS_CONFIG } from '../opus-encoder-config.ts';
import { OggOpusWriter } from './ogg-opus-writer.ts';

/** Blocks that wait for the encoder. */
const MAX_QUEUED = 32;
/** Silence behind the sound (ms), so that the encoder's delay does not cut off its end. The file's length excludes it. */
const TAIL_MS = 60;
const MICROSECONDS = 1e6;

/**
 * Encodes samples as Opus in Ogg, with the browser's encoder.
 * @param onPart receives the file's parts, in order
 * @throws {AudioFileError} `export_unsupported`, `export_failed`
 */
export async function encodeOpus(
  samples: AsyncIterable<Int16Array<ArrayBuffer>>,
  onPart: (part: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  if (!(await canEncodeOpus())) throw opusUnsupported();
  const writer = new OggOpusWriter(onPart, crypto.getRandomValues(new Uint32Array(1))[0] as number);
  let hasBegun = false;
  let failure: unknown = null;
  let wake = () => {};
  const encoder = new AudioEncoder({
    output(chunk, metadata) {
      if (!hasBegun) {
        const description = metadata?.decoderConfig?.description;
        writer.begin(description === undefined ? null : bytesOf(description));
        hasBegun = true;
      }
      const packet = new Uint8Array(chunk.byteLength);
      chunk.copyTo(packet);
      writer.push(packet);
    },
    error(cause) {
      failure = cause;
      wake();
    },
  });
  encoder.ondequeue = () => wake();
  let count = 0;

  async function encode(data: Int16Array<ArrayBuffer>): Promise<void> {
    if (data.length === 0) return;
    const block = new AudioData({
      format: 's16',
      sampleRate: SAMPLE_RATE,
      numberOfFrames: data.length,
      numberOfChannels: CHANNELS,
      timestamp: Math.round((count * MICROSECONDS) / SAMPLE_RATE),
      data,
    });
    count += data.length;
    encoder.encode(block);
    block.close();
    while (encoder.encodeQueueSize > MAX_QUEUED && failure === null) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failure !== null) throw failure;
  }

  try {
    encoder.configure(OPUS_CONFIG);
    for await (const block of samples) await encode(block);
    const length = count;
    await encode(new Int16Array((SAMPLE_RATE * TAIL_MS) / 1_000));
    await encoder.flush();
    if (failure !== null) throw failure;
    if (!hasBegun) writer.begin(null);
    writer.finish(length);
  } catch (cause) {
    throw cause instanceof AudioFileError ? cause : exportFailed(cause);
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
