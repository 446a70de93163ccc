import { damaged, unsupported } from '../audio-file-error.ts';
import type { SoundBlock } from '../worker-messages.ts';
import type { PacketSound } from './sound.ts';

/** Packets that wait for the decoder: half a second to two seconds of sound. */
const MAX_QUEUED = 32;

/** Whether this browser has a decoder for a sound (WebCodecs). */
export async function canDecode(config: AudioDecoderConfig): Promise<boolean> {
  if (typeof AudioDecoder === 'undefined') return false;
  const found = await AudioDecoder.isConfigSupported(config).catch(() => null);
  return found?.supported === true;
}

/**
 * Decodes packets with the browser's decoder, as fast as the caller takes the blocks.
 * @throws {AudioFileError} `import_damaged`; `import_unsupported` if there is no decoder
 */
export async function* decodePackets({
  config,
  packets,
  skip,
  length,
  gain,
}: PacketSound): AsyncGenerator<SoundBlock, void, undefined> {
  const outputs: AudioData[] = [];
  let failure: unknown = null;
  let wake = () => {};
  const decoder = new AudioDecoder({
    output(data) {
      outputs.push(data);
      wake();
    },
    error(cause) {
      failure = cause;
      wake();
    },
  });
  decoder.ondequeue = () => wake();
  const changed = () => new Promise<void>((resolve) => (wake = resolve));

  /** Decoded samples per channel so far, with the skipped ones. */
  let decoded = 0;
  function* take(): Generator<SoundBlock> {
    if (failure !== null) throw damaged(failure);
    for (let data = outputs.shift(); data !== undefined; data = outputs.shift()) {
      // HE-AAC has twice the rate that its file states.
      const scale = data.sampleRate / config.sampleRate;
      const from = Math.min(Math.max(Math.round(skip * scale) - decoded, 0), data.numberOfFrames);
      const to = Math.min(Math.max(Math.round((skip + length()) * scale) - decoded, from), data.numberOfFrames);
      decoded += data.numberOfFrames;
      if (to > from) yield blockOf(data, from, to, gain);
      data.close();
    }
  }

  try {
    try {
      decoder.configure(config);
    } catch (cause) {
      throw unsupported(cause);
    }
    let time = 0;
    for await (const { data, frames } of packets()) {
      if (failure !== null) throw damaged(failure);
      const duration = (frames * 1e6) / config.sampleRate;
      decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: Math.round(time), duration, data }));
      time += duration;
      yield* take();
      while (decoder.decodeQueueSize > MAX_QUEUED && failure === null) {
        await changed();
        yield* take();
      }
    }
    await decoder.flush().catch((cause: unknown) => {
      failure ??= cause;
    });
    yield* take();
  } finally {
    for (const data of outputs.splice(0)) data.close();
    if (decoder.state !== 'closed') decoder.close();
  }
}

function blockOf(data: AudioData, from: number, to: number, gain: number): SoundBlock {
  const channels = Array.from({ length: data.numberOfChannels }, (_, planeIndex) => {
    const samples = new Float32Array(to - from);
    data.copyTo(samples, { planeIndex, format: 'f32-planar', frameOffset: from, frameCount: to - from });
    if (gain !== 1) for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) * gain;
    return samples;
  });
  return { rate: data.sampleRate, channels };
}
