import { powerSpectrum, sampleAt } from './fft.ts';
import type { Sound } from './wav.ts';

/** Length of the window: 64 ms give 15.6 Hz per bin, so that even the lowest band contains a bin. */
const WINDOW_S = 0.064;
/** Centres of third-octave bands (IEC 61260-1, base ten) from 125 Hz to 6.3 kHz, which 16 kHz audio can contain. */
const BAND_CENTRES = Array.from({ length: 18 }, (_, i) => 1000 * 10 ** ((i - 9) / 10));
/** Bands that are this much (dB) quieter than the loudest one are ignored. */
const AUDIBLE_RANGE_DB = 45;

/** Mean power in each third-octave band, in dB relative to an arbitrary reference. */
function bandLevels({ rate, samples }: Sound): number[] {
  const size = 2 ** Math.round(Math.log2(rate * WINDOW_S));
  const mean = new Float64Array(size / 2);
  let blocks = 0;
  for (let start = 0; start + size <= samples.length; start += size / 2, blocks++) {
    powerSpectrum(samples.subarray(start, start + size)).forEach((power, k) => {
      // Divide by the gain of the transform, which grows with its size, to make different rates comparable.
      mean[k] = sampleAt(mean, k) + power / size ** 2;
    });
  }
  const edge = 10 ** 0.05;
  return BAND_CENTRES.map((centre) => {
    const from = Math.ceil((centre / edge) * (size / rate));
    const to = Math.ceil(centre * edge * (size / rate));
    const power = mean.subarray(from, to).reduce((sum, bin) => sum + bin, 0) / Math.max(blocks, 1);
    return 10 * Math.log10(power);
  });
}

/** Mean level difference (dB) in the bands that are audible in the first sound. 0: the spectra are the same. */
export function spectralDistance(one: Sound, other: Sound): number {
  const levels = bandLevels(one);
  const others = bandLevels(other);
  const audible = Math.max(...levels) - AUDIBLE_RANGE_DB;
  const differences = levels.flatMap((level, i) => (level > audible ? [Math.abs(level - (others[i] ?? 0))] : []));
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
}
