import { at, powerSpectrum } from './fft.ts';
import type { Sound } from './wav.ts';

/** 64 ms at 16 kHz: 15.6 Hz a bin, so that even the lowest band has a bin of its own. */
const WINDOW_S = 0.064;
/** Third-octave bands (IEC 61260-1, base ten) with centres from 125 Hz to 6.3 kHz: what 16 kHz audio can carry. */
const BAND_CENTRES = Array.from({ length: 18 }, (_, i) => 1000 * 10 ** ((i - 9) / 10));
/** A band this far (dB) below the loudest says nothing about a voice. */
const AUDIBLE_RANGE_DB = 45;

/** Mean power in each third-octave band, in dB; only differences between two sounds mean anything. */
function bandLevels({ rate, samples }: Sound): number[] {
  const size = 2 ** Math.round(Math.log2(rate * WINDOW_S));
  const mean = new Float64Array(size / 2);
  let blocks = 0;
  for (let start = 0; start + size <= samples.length; start += size / 2, blocks++) {
    powerSpectrum(samples.subarray(start, start + size)).forEach((power, k) => {
      // The transform's gain grows with its size: dividing makes sounds of different rates comparable.
      mean[k] = at(mean, k) + power / size ** 2;
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

/**
 * Mean difference (dB) of two sounds over the bands in which the first one has something to say. 0: the same colour.
 */
export function spectralDistance(one: Sound, other: Sound): number {
  const levels = bandLevels(one);
  const others = bandLevels(other);
  const audible = Math.max(...levels) - AUDIBLE_RANGE_DB;
  const differences = levels.flatMap((level, i) => (level > audible ? [Math.abs(level - (others[i] ?? 0))] : []));
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
}
