import { describe, expect, test } from 'vitest';
import { tone } from '../../testing/audio/tone.ts';
import { OUTPUT_RATE } from './page-api.ts';
import { toneContinuity } from './tone-continuity.ts';

const FREQUENCY = 997;
const PEAK = 0.25;
const { samples } = tone({ frequency: FREQUENCY, seconds: 2, rate: OUTPUT_RATE, silence: 0.5, dbfs: -12.04 });

/** Removes `count` samples from the tone, starting at `at`, and rounds the rest to 16 bits as in a recording. */
function without(at: number, count: number, from: Float64Array = samples): Float64Array {
  const rest = [...from.subarray(0, at), ...from.subarray(at + count)];
  return Float64Array.from(rest, (sample) => Math.round(sample * 32_768) / 32_768);
}

describe('toneContinuity', () => {
  test('finds no break in an intact 16-bit tone, and measures its length', () => {
    const { breaks, length } = toneContinuity(without(0, 0), FREQUENCY, PEAK);
    expect(breaks).toBe(0);
    expect(Math.abs(length - 2 * OUTPUT_RATE)).toBeLessThan(4);
  });

  // A period is 16.05 samples, so the loss of 16 samples would hardly change the waveform.
  test.each([1, 2, 7, 160, 320])('finds one break where %i samples are lost', (count) => {
    const { breaks, length } = toneContinuity(without(20_000, count), FREQUENCY, PEAK);
    expect(breaks).toBe(1);
    expect(Math.abs(length - (2 * OUTPUT_RATE - count))).toBeLessThan(4);
  });

  test('finds one break where samples are added', () => {
    const added = Float64Array.from([...samples.subarray(0, 20_000), ...samples.subarray(19_900)]);
    expect(toneContinuity(added, FREQUENCY, PEAK).breaks).toBe(1);
  });

  test('counts breaks that are more than 20 ms apart', () => {
    const twice = without(14_000, 7, without(20_000, 7));
    expect(toneContinuity(twice, FREQUENCY, PEAK).breaks).toBe(2);
  });

  test('finds nothing in silence', () => {
    expect(toneContinuity(new Float64Array(1_000), FREQUENCY, PEAK)).toEqual({ breaks: 0, length: 0 });
  });
});
