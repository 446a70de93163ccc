import { expect } from '@playwright/test';
import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { SavedRecording } from '../../testing/data-dir.ts';

/**
 * Fails unless a recording starts with the samples that its page has captured (captured-audio.ts), each once and in
 * order. A comparison with the microphone's sound would fail, because a browser on a busy machine drops audio.
 * @param lostS seconds that may be missing at the end
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
  expect(differs, 'index of the first different sample').toBe(-1);
}

/** Fails unless a finished recording contains exactly the captured samples. */
export function expectEqualsCaptured(
  recording: Pick<SavedRecording, 'sound'>,
  captured: { samples: readonly number[] },
): void {
  expectContainsCaptured(recording, captured);
  expect(recording.sound.samples.length, 'samples').toBe(captured.samples.length);
}
