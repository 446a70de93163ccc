import { at, powerSpectrum } from './fft.ts';
import type { Sound } from './wav.ts';

export interface ToneOptions {
  /**
   * In Hz. A prime such as 997 (AES17) never fits whole periods into a frame, so that a lost frame breaks its phase.
   */
  frequency: number;
  /** Of the tone alone, in seconds. */
  seconds: number;
  /** Peak, in dBFS. */
  dbfs?: number;
  rate?: number;
  /** Silence before and after it, in seconds. */
  silence?: number;
}

/** A sine with silence around it. */
export function tone({ frequency, seconds, dbfs = -12, rate = 48_000, silence = 0 }: ToneOptions): Sound {
  const lead = Math.round(silence * rate);
  const length = Math.round(seconds * rate);
  const samples = new Float64Array(lead + length + lead);
  const amplitude = 10 ** (dbfs / 20);
  for (let i = 0; i < length; i++) samples[lead + i] = amplitude * Math.sin((2 * Math.PI * frequency * i) / rate);
  return { rate, samples };
}

/** The strongest frequency in Hz, between two bins by the parabola through the peak's logarithms. */
export function dominantFrequency({ rate, samples }: Sound): number {
  const size = 2 ** Math.floor(Math.log2(Math.min(samples.length, 65_536)));
  const power = powerSpectrum(samples.subarray(0, size));
  const peak = power.reduce((found, value, k) => (value > at(power, found) ? k : found), 1);
  const [left, mid, right] = [peak - 1, peak, peak + 1].map((k) => Math.log(at(power, k))) as [number, number, number];
  return ((peak + (left - right) / (2 * (left - 2 * mid + right))) * rate) / size;
}

/** How far a tone is from a steady sine, at its worst moment. */
export interface ToneFaults {
  frequency: number;
  /** What is left of a block without its sine, against the sine, in dB. A click or noise raises it. */
  residualDb: number;
  /** Change of phase from one block to the next, in radians. Lost or doubled samples raise it. */
  phaseJump: number;
  /** Loudest block against the faintest, in dB. A gap raises it. */
  unsteadinessDb: number;
}

/** Blocks of 10 ms, half overlapping: short enough that a click of one sample stands out of its block. */
const FIT_S = 0.01;

/** Fits a sine of the tone's own frequency to every 10 ms of it (least squares) and reports the worst of each fault. */
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

/** Amplitude, phase against the sound's start, and the residual's RMS over the sine's. */
function fitSine({ rate, samples }: Sound, start: number, size: number, frequency: number) {
  const step = (2 * Math.PI * frequency) / rate;
  let [ss, sc, cc, ys, yc] = [0, 0, 0, 0, 0];
  for (let i = start; i < start + size; i++) {
    const [y, s, c] = [at(samples, i), Math.sin(step * i), Math.cos(step * i)];
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
    rest += (at(samples, i) - a * Math.sin(step * i) - b * Math.cos(step * i)) ** 2;
  }
  const amplitude = Math.hypot(a, b);
  return { amplitude, phase: Math.atan2(b, a), residual: Math.sqrt((2 * rest) / size) / amplitude };
}

/** An angle in -π..π. */
function wrap(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}

/** How loud one frequency is in a sound, as the peak of its sine in dBFS. */
export function levelAt({ rate, samples }: Sound, frequency: number): number {
  const step = (2 * Math.PI * frequency) / rate;
  let [re, im] = [0, 0];
  samples.forEach((sample, i) => {
    // Under a Hann window, so that a loud tone elsewhere does not leak into this one.
    const weighted = sample * (1 - Math.cos((2 * Math.PI * i) / samples.length));
    re += weighted * Math.cos(step * i);
    im += weighted * Math.sin(step * i);
  });
  return 20 * Math.log10((2 * Math.hypot(re, im)) / samples.length);
}
