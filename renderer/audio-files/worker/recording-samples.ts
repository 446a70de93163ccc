import { ChannelPicker } from '../../capture/channel-picker.ts';
import { toPcm16 } from '../../capture/framer.ts';
import { Resampler } from '../../capture/resampler.ts';
import type { SoundBlock } from '../worker-messages.ts';

/** Samples per channel that are converted at once: 20 ms to 90 ms of sound. */
const STEP_FRAMES = 4_096;

/**
 * Converts a sound of any rate and channels to what a recording holds: one channel, 16 kHz, 16 bits. Of several channels
 * the one that carries the sound is used, as when recording; they are never summed.
 */
export async function* toRecordingSamples(
  blocks: AsyncIterable<SoundBlock>,
): AsyncGenerator<Int16Array<ArrayBuffer>, void, undefined> {
  let rate = 0;
  let resampler: Resampler | null = null;
  let picker: ChannelPicker | null = null;
  for await (const block of blocks) {
    if (resampler === null || picker === null || block.rate !== rate) {
      if (resampler !== null) yield toSamples(resampler.flush());
      rate = block.rate;
      resampler = new Resampler(rate);
      picker = new ChannelPicker(rate, 0);
    }
    const length = block.channels[0]?.length ?? 0;
    for (let at = 0; at < length; at += STEP_FRAMES) {
      const picked = picker.pick(block.channels.map((samples) => samples.subarray(at, at + STEP_FRAMES)));
      if (picked !== undefined) yield toSamples(resampler.process(picked));
    }
  }
  if (resampler !== null) yield toSamples(resampler.flush());
}

function toSamples(samples: Float32Array): Int16Array<ArrayBuffer> {
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) pcm[i] = toPcm16(samples[i] as number);
  return pcm;
}
