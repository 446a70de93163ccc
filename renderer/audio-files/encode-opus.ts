import { CHANNELS, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { exportFailed, opusUnsupported } from './audio-file-error.ts';
import { OggOpusWriter } from './ogg-opus-writer.ts';

/** Bits a second, on average. Speech of 16 kHz is hard to tell from the original: 14 MB an hour. */
const BITRATE = 32_000;
const CONFIG: AudioEncoderConfig = {
  codec: 'opus',
  sampleRate: SAMPLE_RATE,
  numberOfChannels: CHANNELS,
  bitrate: BITRATE,
};
/** Blocks that wait for the encoder. */
const MAX_QUEUED = 32;
/** Silence behind the sound (ms), so that the encoder's delay does not cut off its end. The file's length excludes it. */
const TAIL_MS = 60;
const MICROSECONDS = 1e6;

/** Whether this browser has an Opus encoder (WebCodecs). */
export async function canEncodeOpus(): Promise<boolean> {
  if (typeof AudioEncoder === 'undefined') return false;
  const found = await AudioEncoder.isConfigSupported(CONFIG).catch(() => null);
  return found?.supported === true;
}

/**
 * Encodes samples as Opus in Ogg, with the browser's encoder.
 * @param onPart receives the file's parts, in order
 * @throws {EarshotError} `export_unsupported`, `export_failed`
 */
export async function encodeOpus(
  samples: AsyncIterable<Int16Array<ArrayBuffer>>,
  onPart: (part: Uint8Array<ArrayBuffer>) => void,
  signal: AbortSignal,
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
      signal.throwIfAborted();
    }
    if (failure !== null) throw failure;
  }

  try {
    encoder.configure(CONFIG);
    for await (const block of samples) await encode(block);
    const length = count;
    await encode(new Int16Array((SAMPLE_RATE * TAIL_MS) / 1_000));
    await encoder.flush();
    if (failure !== null) throw failure;
    if (!hasBegun) writer.begin(null);
    writer.finish(length);
  } catch (cause) {
    signal.throwIfAborted();
    throw exportFailed(cause);
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
}

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
