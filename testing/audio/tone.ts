import { powerSpectrum, sampleAt } from './fft.ts';
import type { Sound } from './wav.ts';

export interface ToneOptions {
  /**
   * In Hz. With a prime such as 997 (AES17), a frame has no integer number of periods: a lost frame shifts the phase.
   */
  frequency: number;
  /** Duration of the tone, in seconds. */
  seconds: number;
  /** Peak level, in dBFS. */
  dbfs?: number;
  rate?: number;
  /** Silence before and after the tone, in seconds. */
  silence?: number;
}

/** Makes a sine tone with silence before and after it. */
export function tone({ frequency, seconds, dbfs = -12, rate = 48_000, silence = 0 }: ToneOptions): Sound {
  const lead = Math.round(silence * rate);
  const length = Math.round(seconds * rate);
  const samples = new Float64Array(lead + length + lead);
  const amplitude = 10 ** (dbfs / 20);
  for (let i = 0; i < length; i++) samples[lead + i] = amplitude * Math.sin((2 * Math.PI * frequency * i) / rate);
  return { rate, samples };
}

/**
 * Finds the strongest frequency in Hz, interpolated by a parabola through the log levels of the bins around the peak.
 */
export function dominantFrequency({ rate, samples }: Sound): number {
  const size = 2 ** Math.floor(Math.log2(Math.min(samples.length, 65_536)));
  const power = powerSpectrum(samples.subarray(0, size));
  const peak = power.reduce((found, value, k) => (value > sampleAt(power, found) ? k : found), 1);
  const [left, mid, right] = [peak - 1, peak, peak + 1].map((k) => Math.log(sampleAt(power, k))) as [
    number,
    number,
    number,
  ];
  return ((peak + (left - right) / (2 * (left - 2 * mid + right))) * rate) / size;
}

/** The largest deviations of a tone from a steady sine. */
export interface ToneFaults {
  frequency: number;
  /** Level of what remains of a block without the sine, relative to the sine, in dB. Clicks and noise raise it. */
  residualDb: number;
  /** Unexpected change of phase between two blocks, in radians. Lost or duplicate samples raise it. */
  phaseJump: number;
  /** Level of the loudest block relative to the quietest, in dB. Gaps raise it. */
  unsteadinessDb: number;
}

/** Length of the blocks in seconds, short enough to detect a click of one sample. They overlap by half. */
const FIT_S = 0.01;

/** Fits a sine of the tone's frequency to each block of 10 ms (least squares), and reports the largest deviations. */
export function toneFaults(sound: Sound): ToneFaults {
  const frequency = dominantFrequency(sound);
  const size = Math.round(sound.rate * FIT_S);
  const fits = Array.from({ length: Math.floor((2 * sound.samples.length) / size) - 1 }, (_, i) =>
    fitSine(sound, (i * size) >> 1, size, frequency),
  );
  const amplitudes = fits.map((fit) => fit.amplitude);
  const jumps = fits.slice(1).map((fit, i) => Math.abs(wrap(fit.phase - (fits[i]?.phase ?? 0))));
  return {
    frequency,
    residualDb: 20 * Math.log10(Math.max(...fits.map((fit) => fit.residual))),
    phaseJump: Math.max(...jumps),
    unsteadinessDb: 20 * Math.log10(Math.max(...amplitudes) / Math.min(...amplitudes)),
  };
}

/**
 * Returns amplitude, phase (relative to the start of the sound), and RMS of the residual relative to the sine's RMS.
 */
function fitSine({ rate, samples }: Sound, start: number, size: number, frequency: number) {
  const step = (2 * Math.PI * frequency) / rate;
  let [ss, sc, cc, ys, yc] = [0, 0, 0, 0, 0];
  for (let i = start; i < start + size; i++) {
    const [y, s, c] = [sampleAt(samples, i), Math.sin(step * i), Math.cos(step * i)];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    ys += y * s;
    yc += y * c;
  }
  const determinant = ss * cc - sc * sc;
  const a = (ys * cc - yc * sc) / determinant;
  const b = (yc * ss - ys * sc) / determinant;
  let rest = 0;
  for (let i = start; i < start + size; i++) {
    rest += (sampleAt(samples, i) - a * Math.sin(step * i) - b * Math.cos(step * i)) ** 2;
  }
  const amplitude = Math.hypot(a, b);
  return { amplitude, phase: Math.atan2(b, a), residual: Math.sqrt((2 * rest) / size) / amplitude };
}

/** Maps an angle to -π..π. */
function wrap(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}

/** Measures the peak level of one frequency in a sound, in dBFS. */
export function levelAt({ rate, samples }: Sound, frequency: number): number {
  const step = (2 * Math.PI * frequency) / rate;
  let [re, im] = [0, 0];
  samples.forEach((sample, i) => {
    // The Hann window reduces leakage from loud tones at other frequencies.
    const weighted = sample * (1 - Math.cos((2 * Math.PI * i) / samples.length));
    re += weighted * Math.cos(step * i);
    im += weighted * Math.sin(step * i);
  });
  return 20 * Math.log10((2 * Math.hypot(re, im)) / samples.length);
}
