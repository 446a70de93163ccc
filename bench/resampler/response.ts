import { levelAt } from '../../testing/audio/tone.ts';
import { OUTPUT_RATE } from './page-api.ts';
import { PASSBAND, REFERENCE, STOPBAND, TONE_LEVEL, TRANSITION } from './test-tones.ts';

/** Length of one measurement in samples: 1 s, long enough to separate tones that are 20 Hz apart. */
const WINDOW = OUTPUT_RATE;
const HOP = WINDOW / 4;
/** Frequencies (Hz) without a tone or an alias. Sound there is noise, for example from lost samples. */
const NOISE_PROBES = [1_500, 3_500, 5_250];
const LEVEL_DB = 20 * Math.log10(TONE_LEVEL);

/** How a resampler changes each tone, in dB. */
export interface Response {
  /** Level of the reference tone in the output, relative to the input. */
  gain: number;
  /** Output level of each input frequency, relative to the reference tone. Above 8 kHz: the level of its alias. */
  levels: Record<number, number>;
  /** Level of the noise between the tones, relative to the reference tone. It is high if every second lost samples. */
  noise: number;
}

/** The frequency (Hz) of a tone after sampling at 16 kHz: its own below 8 kHz, its alias above. */
export function aliasOf(frequency: number): number {
  return Math.abs(frequency - OUTPUT_RATE * Math.round(frequency / OUTPUT_RATE));
}

/**
 * Measures the response to `allTones` in the second with the least noise, because a capture may have lost samples
 * elsewhere.
 * @param samples the output, -1..1 at 16 kHz: at least 1 s of the steady tones, without silence
 * @throws {Error} if it is shorter
 */
export function responseOf(samples: Float64Array, tones: readonly number[]): Response {
  if (samples.length < WINDOW) throw new Error(`a response needs ${WINDOW} samples, not ${samples.length}`);
  const window = quietestWindow(samples);
  const levelOf = (frequency: number) => levelIn(window, aliasOf(frequency)) - LEVEL_DB;
  const gain = levelOf(REFERENCE);
  const levels = Object.fromEntries(tones.map((frequency) => [frequency, levelOf(frequency) - gain]));
  return { gain, levels, noise: noiseIn(window) - LEVEL_DB - gain };
}

function quietestWindow(samples: Float64Array): Float64Array {
  const count = Math.floor((samples.length - WINDOW) / HOP) + 1;
  const windows = Array.from({ length: count }, (_, i) => samples.subarray(i * HOP, i * HOP + WINDOW));
  return windows
    .map((window) => ({ window, noise: noiseIn(window) }))
    .reduce((quietest, each) => (each.noise < quietest.noise ? each : quietest)).window;
}

function noiseIn(window: Float64Array): number {
  return Math.max(...NOISE_PROBES.map((frequency) => levelIn(window, frequency)));
}

function levelIn(window: Float64Array, frequency: number): number {
  return levelAt({ rate: OUTPUT_RATE, samples: window }, frequency);
}

/** The figures of the table, in dB. */
export interface ResponseSummary {
  /** Largest deviation of a tone up to 4 kHz, and up to 7 kHz. */
  to4kHz: number;
  to7kHz: number;
  /** Level at 7.5 kHz, in the transition band. */
  at7500: number;
  /** Level of the alias of 8.5 kHz, which appears at 7.5 kHz. */
  alias8500: number;
  /** Strongest alias of the tones from 8.6 to 12 kHz, whose aliases are above 4 kHz, and of the tones above 12 kHz. */
  alias8600: number;
  alias12000: number;
  /** Level of the noise between the tones. */
  noise: number;
}

export function summariseResponse({ levels, noise }: Response): ResponseSummary {
  const at = (frequency: number) => levels[frequency] ?? Number.NEGATIVE_INFINITY;
  const deviation = (limit: number) => Math.max(...PASSBAND.filter((f) => f < limit).map((f) => Math.abs(at(f))));
  const strongest = (from: number, to: number) => Math.max(...STOPBAND.filter((f) => f > from && f < to).map(at));
  return {
    to4kHz: deviation(4_000),
    to7kHz: deviation(7_000),
    at7500: at(TRANSITION[0]),
    alias8500: at(STOPBAND[0]),
    alias8600: strongest(8_600, 12_000),
    alias12000: strongest(12_000, 24_000),
    noise,
  };
}
