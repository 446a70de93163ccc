import { expect } from '@playwright/test';
import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { SavedRecording } from '../../testing/data-dir.ts';

/**
 * Fails unless a recording holds what its page had captured at some moment (captured-audio.ts): every sample once and in
 * order. What the browser captures on a busy machine is its own affair, so that no sound is compared with a perfect one.
 * @param lostS seconds at the end of it that may be missing
 */
export function expectContainsCaptured(
  { sound }: Pick<SavedRecording, 'sound'>,
  captured: { samples: readonly number[] },
  lostS = 0,
): void {
  const all = captured.samples.length;
  expect(all / SAMPLE_RATE, 'captured, s').toBeGreaterThan(1);
  expect(sound.samples.length, 'samples').toBeGreaterThanOrEqual(all - lostS * SAMPLE_RATE);
  const expected = captured.samples.slice(0, sound.samples.length);
  const differs = expected.findIndex((sample, i) => sample !== Math.round((sound.samples[i] ?? 0) * 32_768));
  expect(differs, 'the first sample that is another').toBe(-1);
}

/** The same for a turn that has ended, and nothing else is in it. */
export function expectEqualsCaptured(
  kept: Pick<SavedRecording, 'sound'>,
  captured: { samples: readonly number[] },
): void {
  expectContainsCaptured(kept, captured);
  expect(kept.sound.samples.length, 'samples').toBe(captured.samples.length);
}
