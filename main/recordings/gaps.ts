import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

export type Gaps = RecordingInfo['gaps'];

/** The gaps within the first `durationS` seconds. A gap that extends past the end is shortened. */
export function gapsWithin(gaps: Gaps, durationS: number): Gaps {
  const end = toSamples(durationS);
  return gaps.flatMap((gap) => {
    const at = toSamples(gap.at_s);
    const length = toSamples(gap.seconds);
    if (at < 0 || at >= end || length < 1) return [];
    return at + length <= end ? [gap] : [{ at_s: gap.at_s, seconds: (end - at) / SAMPLE_RATE }];
  });
}

/** Converts seconds to a whole number of samples. */
export function toSamples(seconds: number): number {
  return Math.round(seconds * SAMPLE_RATE);
}
