import { describe, expect, test } from 'vitest';
import { Resampler } from '../../renderer/capture/resampler.ts';
import { INPUT_RATES, OUTPUT_RATE } from './page-api.ts';
import { aliasOf, responseOf, summariseResponse } from './response.ts';
import { allTones, PASSBAND, STOPBAND, TRANSITION, tonesBelow } from './test-tones.ts';

/** Keeps every nth sample. There is no filter, so aliases keep their level. */
function decimated(samples: Float64Array, n: number): Float64Array {
  return samples.filter((_, i) => i % n === 0);
}

describe('the tones', () => {
  test('are at least 20 Hz apart at 16 kHz, aliases included', () => {
    const found = [...PASSBAND, ...TRANSITION, ...STOPBAND].map(aliasOf).sort((a, b) => a - b);
    const distances = found.slice(1).map((frequency, i) => frequency - (found[i] ?? 0));
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(20);
  });

  test.each(INPUT_RATES)('stay below full scale at %i Hz', (rate) => {
    const peak = allTones(rate, 1).reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
    expect(peak).toBeLessThan(1);
  });
});

describe('responseOf', () => {
  test('measures every tone at its original level without a filter', () => {
    const { gain, levels } = responseOf(decimated(allTones(48_000, 1.5), 3), tonesBelow(48_000));
    expect(gain).toBeCloseTo(0, 2);
    for (const level of Object.values(levels)) expect(Math.abs(level)).toBeLessThan(0.01);
  });

  test('reports the gain separately from the levels', () => {
    const halved = decimated(allTones(48_000, 1.5), 3).map((sample) => sample / 2);
    const { gain, levels } = responseOf(halved, tonesBelow(48_000));
    expect(gain).toBeCloseTo(-6.02, 1);
    expect(Math.abs(levels[2_999] ?? Number.NaN)).toBeLessThan(0.01);
  });

  test('measures a second in which no samples are lost', () => {
    const samples = decimated(allTones(48_000, 3), 3);
    const broken = Float64Array.from([...samples.subarray(0, 20_000), ...samples.subarray(20_100)]);
    const { levels } = responseOf(broken, tonesBelow(48_000));
    for (const level of Object.values(levels)) expect(Math.abs(level)).toBeLessThan(0.01);
  });

  test("measures the passband and stopband of the app's resampler", () => {
    const resampler = new Resampler(48_000);
    const output = resampler.process(Float32Array.from(allTones(48_000, 1.5)));
    const response = responseOf(Float64Array.from(output).subarray(4_000), tonesBelow(48_000));
    const summary = summariseResponse(response);
    expect(summary.to7kHz).toBeLessThan(0.1);
    expect(summary.alias8500).toBeGreaterThan(-80);
    expect(Math.max(summary.alias8600, summary.alias12000)).toBeLessThan(-80);
  });

  test('reports noise if samples are lost in every second', () => {
    const samples = decimated(allTones(48_000, 1.5), 3);
    const broken = Float64Array.from([...samples.subarray(0, 12_000), ...samples.subarray(12_100)]);
    expect(responseOf(samples, [997]).noise).toBeLessThan(-80);
    expect(responseOf(broken, [997]).noise).toBeGreaterThan(-70);
  });

  test('rejects less than 1 s of sound', () => {
    expect(() => responseOf(new Float64Array(OUTPUT_RATE - 1), [997])).toThrow('needs 16000 samples');
  });
});
