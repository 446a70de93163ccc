import { OUTPUT_RATE } from './contract.ts';

/** Deviation from a sine, as a share of its peak, that counts as a break. One lost sample of 997 Hz gives up to 0.15. */
const BREAK = 0.02;
/** Deviations within 20 ms are one break. */
const APART = 0.02 * OUTPUT_RATE;
/** The start and the end of the tone, 50 ms each, are not examined: a filter rings there. */
const EDGE = 0.05 * OUTPUT_RATE;
/** Share of the peak from which a sample belongs to the tone. */
const AUDIBLE = 0.1;

export interface ToneContinuity {
  /** Places at which samples are lost, added or changed. */
  breaks: number;
  /** Samples from the first to the last of the tone. */
  length: number;
}

/**
 * Finds the places where a recorded tone is not a steady sine: three consecutive samples of a sine satisfy
 * x[n+1] = 2 cos(w) x[n] - x[n-1].
 * @param samples -1..1 at 16 kHz, with silence before and after the tone
 * @param peak of the tone
 */
export function toneContinuity(samples: Float64Array, frequency: number, peak: number): ToneContinuity {
  const isAudible = (sample: number) => Math.abs(sample) > AUDIBLE * peak;
  const first = samples.findIndex(isAudible);
  const last = samples.findLastIndex(isAudible);
  if (first < 0) return { breaks: 0, length: 0 };
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / OUTPUT_RATE);
  let breaks = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (let n = first + EDGE; n < last - EDGE; n++) {
    const [before = 0, now = 0, after = 0] = samples.subarray(n - 1, n + 2);
    if (Math.abs(after - factor * now + before) < BREAK * peak) continue;
    if (n - previous > APART) breaks++;
    previous = n;
  }
  return { breaks, length: last - first + 1 };
}
