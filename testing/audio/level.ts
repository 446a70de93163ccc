import type { Sound } from './wav.ts';

/** Length of the blocks in which levels are measured, in seconds. */
export const BLOCK_S = 0.02;
/** A block that is this much (dB) quieter than the loudest one counts as silence. */
const ACTIVE_RANGE_DB = 40;

/** RMS in dBFS (a full-scale sine reads -3.01); -Infinity for digital silence. */
export function rmsDbfs(samples: Float64Array): number {
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** Peak in dBFS; -Infinity for digital silence. */
export function peakDbfs(samples: Float64Array): number {
  return 20 * Math.log10(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0));
}

/** RMS of each whole 20 ms block, in dBFS. */
function blockLevels({ rate, samples }: Sound): number[] {
  const size = Math.round(rate * BLOCK_S);
  return Array.from({ length: Math.floor(samples.length / size) }, (_, i) =>
    rmsDbfs(samples.subarray(i * size, (i + 1) * size)),
  );
}

/**
 * Removes the silence at both ends, in blocks of 20 ms.
 * @throws {Error} if the sound is digital silence
 */
export function trimSilence(sound: Sound): Sound {
  const levels = blockLevels(sound);
  const threshold =
    levels.reduce((loudest, level) => Math.max(loudest, level), Number.NEGATIVE_INFINITY) - ACTIVE_RANGE_DB;
  const first = levels.findIndex((level) => level > threshold);
  if (first < 0) throw new Error('digital silence');
  const last = levels.findLastIndex((level) => level > threshold);
  const size = Math.round(sound.rate * BLOCK_S);
  return { rate: sound.rate, samples: sound.samples.subarray(first * size, (last + 1) * size) };
}

/** Duration of a sound in seconds. */
export function durationOf({ rate, samples }: Sound): number {
  return samples.length / rate;
}
