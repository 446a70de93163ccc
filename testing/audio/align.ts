import { at, fft, powerOfTwoFor } from './fft.ts';
import { BLOCK_S, rmsDbfs } from './level.ts';
import type { Sound } from './wav.ts';

/** The position of one sound in another. */
export interface Alignment {
  /** In samples: `one[i]` corresponds to `other[i + lag]`. */
  lag: number;
  /** Correlation at this lag: 1 for the same waveform at any level, 0 for unrelated sounds. */
  correlation: number;
}

/** Finds one sound in another by cross-correlation of their samples. Both have the same rate. */
export function align(one: Sound, other: Sound): Alignment {
  const n = powerOfTwoFor(one.samples.length + other.samples.length);
  const [aRe, aIm] = transform(one.samples, n);
  const [bRe, bIm] = transform(other.samples, n);
  // conj(A) · B. The inverse transform is the forward transform of the conjugate; only the real part is used.
  const re = aRe.map((_, k) => at(aRe, k) * at(bRe, k) + at(aIm, k) * at(bIm, k));
  const im = aRe.map((_, k) => -(at(aRe, k) * at(bIm, k) - at(aIm, k) * at(bRe, k)));
  fft(re, im);
  const best = re.reduce((found, value, k) => (value > at(re, found) ? k : found), 0);
  const energy = Math.sqrt(sumOfSquares(one.samples) * sumOfSquares(other.samples));
  return { lag: best < n / 2 ? best : best - n, correlation: at(re, best) / n / energy };
}

function transform(samples: Float64Array, n: number): [Float64Array, Float64Array] {
  const re = new Float64Array(n);
  re.set(samples);
  const im = new Float64Array(n);
  fft(re, im);
  return [re, im];
}

function sumOfSquares(samples: Float64Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}

/**
 * Seconds of one sound that are missing from the other: 20 ms blocks of speech whose counterpart is over 10 dB quieter.
 * @param lag as found by `align`
 */
export function missingSeconds(one: Sound, other: Sound, lag: number): number {
  const size = Math.round(one.rate * BLOCK_S);
  const loud = rmsDbfs(one.samples) - 20;
  let missing = 0;
  for (let start = 0; start + size <= one.samples.length; start += size) {
    const level = rmsDbfs(one.samples.subarray(start, start + size));
    const kept = rmsDbfs(Float64Array.from({ length: size }, (_, i) => at(other.samples, start + lag + i)));
    if (level > loud && kept < level - 10) missing++;
  }
  return missing * BLOCK_S;
}

/**
 * Half the length of the low-pass before a decimation, in output samples: 60 dB attenuation at the new Nyquist rate.
 */
const HALF_TAPS = 24;

/** Resamples a sound to an integer fraction of its rate (48 kHz to 16 kHz: 3), with a windowed-sinc low-pass. */
export function decimate({ rate, samples }: Sound, factor: number): Sound {
  if (!Number.isInteger(factor) || rate % factor !== 0) throw new RangeError(`${rate} Hz by ${factor}`);
  const half = HALF_TAPS * factor;
  // Cutoff at 90 % of the new Nyquist frequency; the other 10 % are the transition band.
  const cutoff = 0.9 / factor;
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = i - half;
    const sinc = x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x);
    return sinc * (0.42 + 0.5 * Math.cos((Math.PI * x) / half) + 0.08 * Math.cos((2 * Math.PI * x) / half));
  });
  const out = Float64Array.from({ length: Math.floor(samples.length / factor) }, (_, i) =>
    taps.reduce((sum, tap, k) => sum + tap * at(samples, i * factor + k - half), 0),
  );
  return { rate: rate / factor, samples: out };
}
