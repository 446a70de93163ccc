import { describe, expect, test } from 'vitest';
import { equalShare, extraLatencyMs } from './compare-captures.ts';
import type { Captured } from './page-api.ts';
import { OUTPUT_RATE } from './page-api.ts';
import { allTones } from './test-tones.ts';

const SOUND = Array.from(allTones(OUTPUT_RATE, 1), (sample) => Math.round(sample * 32_768));

/** A capture of the sound that starts at sample `from`. Each frame arrives `latencyMs` after its last sample. */
function captured(from: number, latencyMs: number): Captured {
  const samples = SOUND.slice(from);
  const arrivals = Array.from({ length: Math.ceil(samples.length / 320) }, (_, frame) => {
    const last = from + 320 * (frame + 1);
    return (last * 1_000) / OUTPUT_RATE + latencyMs;
  });
  return { samples, arrivals, gapsMs: 0 };
}

describe('comparing two captures of the same track', () => {
  test('finds all samples equal where the captures overlap, whichever starts first', () => {
    expect(equalShare(captured(0, 0), captured(500, 0))).toBe(1);
    expect(equalShare(captured(500, 0), captured(0, 0))).toBe(1);
  });

  test('counts the samples that differ', () => {
    const one = captured(0, 0);
    const other = { ...one, samples: one.samples.map((sample, i) => (i % 4 === 0 ? sample + 1 : sample)) };
    expect(equalShare(one, other)).toBe(0.75);
  });

  test('measures the latency of one capture relative to the other', () => {
    // Both start at a frame boundary, so the frame size does not affect the latency.
    expect(extraLatencyMs(captured(0, 5), captured(640, 25))).toBeCloseTo(20);
    expect(extraLatencyMs(captured(640, 25), captured(0, 5))).toBeCloseTo(-20);
  });
});
