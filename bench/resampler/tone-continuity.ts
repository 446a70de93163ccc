import { OUTPUT_RATE } from './page-api.ts';

/**
 * A larger deviation from a sine, relative to its peak, is a break. One lost sample at 997 Hz deviates by up to 0.15.
 */
const BREAK_THRESHOLD = 0.02;
/** Deviations within 20 ms, in samples, count as one break. */
const MIN_DISTANCE = 0.02 * OUTPUT_RATE;
/** Number of samples to skip at the start and the end of the tone, 50 ms each, where the filter rings. */
const EDGE_SAMPLES = 0.05 * OUTPUT_RATE;
/** A sample above this level, relative to the peak, belongs to the tone. */
const AUDIBLE_THRESHOLD = 0.1;

export interface ToneContinuity {
  /** Number of places where samples are lost, added or changed. */
  breaks: number;
  /** Number of samples from the first to the last sample of the tone. */
  length: number;
}

/**
 * Finds the places where a recorded tone is not a steady sine: three consecutive samples of a sine satisfy
 * x[n+1] = 2 cos(w) x[n] - x[n-1].
 * @param samples -1..1 at 16 kHz, with silence before and after the tone
 * @param frequency of the tone, in Hz
 * @param peak of the tone, 0 to 1
 */
export function toneContinuity(samples: Float64Array, frequency: number, peak: number): ToneContinuity {
  const isAudible = (sample: number) => Math.abs(sample) > AUDIBLE_THRESHOLD * peak;
  const first = samples.findIndex(isAudible);
  const last = samples.findLastIndex(isAudible);
  if (first < 0) return { breaks: 0, length: 0 };
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / OUTPUT_RATE);
  let breaks = 0;
  let lastDeviation = Number.NEGATIVE_INFINITY;
  for (let n = first + EDGE_SAMPLES; n < last - EDGE_SAMPLES; n++) {
    const [before = 0, now = 0, after = 0] = samples.subarray(n - 1, n + 2);
    if (Math.abs(after - factor * now + before) < BREAK_THRESHOLD * peak) continue;
    if (n - lastDeviation > MIN_DISTANCE) breaks++;
    lastDeviation = n;
  }
  return { breaks, length: last - first + 1 };
}
