import { fft, nextPowerOfTwo, sampleAt } from './fft.ts';
import { BLOCK_S, rmsDbfs } from './level.ts';
import type { Sound } from './wav.ts';

/** The position of one sound within another. */
export interface Alignment {
  /** In samples: `one[i]` corresponds to `other[i + lag]`. */
  lag: number;
  /** Correlation at this lag: 1 for the same waveform at any level, 0 for unrelated sounds. */
  correlation: number;
}

/** Finds the position of one sound in another by cross-correlation. Both must have the same sample rate. */
export function align(one: Sound, other: Sound): Alignment {
  const n = nextPowerOfTwo(one.samples.length + other.samples.length);
  const [aRe, aIm] = transform(one.samples, n);
  const [bRe, bIm] = transform(other.samples, n);
  // conj(A) · B. The forward transform of its conjugate gives the inverse transform, of which the real part is needed.
  const re = aRe.map((_, k) => sampleAt(aRe, k) * sampleAt(bRe, k) + sampleAt(aIm, k) * sampleAt(bIm, k));
  const im = aRe.map((_, k) => -(sampleAt(aRe, k) * sampleAt(bIm, k) - sampleAt(aIm, k) * sampleAt(bRe, k)));
  fft(re, im);
  const best = re.reduce((found, value, k) => (value > sampleAt(re, found) ? k : found), 0);
  const energy = Math.sqrt(sumOfSquares(one.samples) * sumOfSquares(other.samples));
  return { lag: best < n / 2 ? best : best - n, correlation: sampleAt(re, best) / n / energy };
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
 * Measures how many seconds of speech in `one` are missing from `other`: blocks of 20 ms that are more than 10 dB
 * quieter in `other`.
 * @param lag as found by `align`
 */
export function missingSeconds(one: Sound, other: Sound, lag: number): number {
  const size = Math.round(one.rate * BLOCK_S);
  const loud = rmsDbfs(one.samples) - 20;
  let missing = 0;
  for (let start = 0; start + size <= one.samples.length; start += size) {
    const level = rmsDbfs(one.samples.subarray(start, start + size));
    const kept = rmsDbfs(Float64Array.from({ length: size }, (_, i) => sampleAt(other.samples, start + lag + i)));
    if (level > loud && kept < level - 10) missing++;
  }
  return missing * BLOCK_S;
}

/** Half the length of the low-pass filter, in output samples. It attenuates by 60 dB at the new Nyquist frequency. */
const HALF_TAPS = 24;

/** Reduces the sample rate by an integer factor (3: 48 to 16 kHz), with a windowed-sinc low-pass filter. */
export function decimate({ rate, samples }: Sound, factor: number): Sound {
  if (!Number.isInteger(factor) || rate % factor !== 0) throw new RangeError(`${rate} Hz by ${factor}`);
  const half = HALF_TAPS * factor;
  // The cutoff is at 90 % of the new Nyquist frequency; the last 10 % are the transition band.
  const cutoff = 0.9 / factor;
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = i - half;
    const sinc = x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x);
    return sinc * (0.42 + 0.5 * Math.cos((Math.PI * x) / half) + 0.08 * Math.cos((2 * Math.PI * x) / half));
  });
  const out = Float64Array.from({ length: Math.floor(samples.length / factor) }, (_, i) =>
    taps.reduce((sum, tap, k) => sum + tap * sampleAt(samples, i * factor + k - half), 0),
  );
  return { rate: rate / factor, samples: out };
}
