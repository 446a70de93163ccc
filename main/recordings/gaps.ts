import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { RecordingInfo } from '../../shared/recording.ts';

export type Gaps = RecordingInfo['gaps'];

/** Those gaps that lie in the first `durationS` seconds; one that reaches over the end is cut there. */
export function gapsWithin(gaps: Gaps, durationS: number): Gaps {
  const end = toSamples(durationS);
  return gaps.flatMap((gap) => {
    const at = toSamples(gap.at_s);
    const length = toSamples(gap.seconds);
    if (at < 0 || at >= end || length < 1) return [];
    return at + length <= end ? [gap] : [{ at_s: gap.at_s, seconds: (end - at) / SAMPLE_RATE }];
  });
}

/** A time in a recording (s) as a number of samples. */
export function toSamples(seconds: number): number {
  return Math.round(seconds * SAMPLE_RATE);
}
