import { align } from '../../testing/audio/align.ts';
import type { Captured } from './page-api.ts';
import { OUTPUT_RATE } from './page-api.ts';

const FRAME_SAMPLES = 320;

/** Converts captured PCM16 to samples in -1..1. */
export function toFloat({ samples }: Captured): Float64Array {
  return Float64Array.from(samples, (sample) => sample / 32_768);
}

/** The offset in samples between two captures of the same track: `one[i]` corresponds to `other[i + lag]`. */
function lagOf(one: Captured, other: Captured): number {
  const sound = (captured: Captured) => ({ rate: OUTPUT_RATE, samples: toFloat(captured) });
  return align(sound(one), sound(other)).lag;
}

/** How much later the page receives a sample from `other` than from `one`: the mean over all samples, in ms. */
export function extraLatencyMs(one: Captured, other: Captured): number {
  const lag = lagOf(one, other);
  const arrivalOf = ({ arrivals }: Captured, sample: number) => arrivals[Math.floor(sample / FRAME_SAMPLES)];
  let sum = 0;
  let count = 0;
  for (let i = 0; i < one.samples.length; i++) {
    const mine = arrivalOf(one, i);
    const theirs = arrivalOf(other, i + lag);
    if (mine === undefined || theirs === undefined) continue;
    sum += theirs - mine;
    count++;
  }
  return sum / count;
}

/** The share of equal samples, 0 to 1, where two captures of the same track overlap. */
export function equalShare(one: Captured, other: Captured): number {
  const lag = lagOf(one, other);
  let equal = 0;
  let count = 0;
  for (const [i, sample] of one.samples.entries()) {
    const theirs = other.samples[i + lag];
    if (theirs === undefined) continue;
    count++;
    if (theirs === sample) equal++;
  }
  return equal / count;
}
