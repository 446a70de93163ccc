import { describe, expect, test } from 'vitest';
import type { Captured } from './contract.ts';
import { OUTPUT_RATE } from './contract.ts';
import { equalShare, extraLatencyMs } from './live.ts';
import { allTones } from './signals.ts';

const SOUND = Array.from(allTones(OUTPUT_RATE, 1), (sample) => Math.round(sample * 32_768));

/** A capture of the sound from a sample on, whose frames arrive `latencyMs` after their last sample. */
function captured(from: number, latencyMs: number): Captured {
  const samples = SOUND.slice(from);
  const arrivals = Array.from({ length: Math.ceil(samples.length / 320) }, (_, frame) => {
    const last = from + 320 * (frame + 1);
    return (last * 1_000) / OUTPUT_RATE + latencyMs;
  });
  return { samples, arrivals, gapsMs: 0 };
}

describe('two captures of one track', () => {
  test('are equal where both have the sound, wherever they begin', () => {
    expect(equalShare(captured(0, 0), captured(500, 0))).toBe(1);
    expect(equalShare(captured(500, 0), captured(0, 0))).toBe(1);
  });

  test('are unequal in the samples that differ', () => {
    const one = captured(0, 0);
    const other = { ...one, samples: one.samples.map((sample, i) => (i % 4 === 0 ? sample + 1 : sample)) };
    expect(equalShare(one, other)).toBe(0.75);
  });

  test('have a latency relative to each other', () => {
    // Both begin with a whole frame, so that the frames add nothing.
    expect(extraLatencyMs(captured(0, 5), captured(640, 25))).toBeCloseTo(20);
    expect(extraLatencyMs(captured(640, 25), captured(0, 5))).toBeCloseTo(-20);
  });
});
