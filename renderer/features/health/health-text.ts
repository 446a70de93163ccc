import { FRAME_MS } from '../../../shared/audio-format.ts';
import { type Health, RETRY_RECOVERED_RATE, RETRY_WARNING_RATE } from '../../../shared/health.ts';
import { formatCount, formatMs, formatSeconds, formatShare } from '../../ui/format.ts';

type Recent = Health['recent'];
type Totals = Health['totals'];

/** Which connections the figures are about: `Last 37 connections`. */
export function windowText({ connections }: Recent): string {
  return connections === 1 ? 'Last connection' : `Last ${formatCount(connections)} connections`;
}

/** A warning in two words, for a place in the window that is always in sight, and its figure where there is room. */
export function warningLabel({ retry_rate }: Recent): { words: string; share: string } {
  return { words: 'Many retries', share: retry_rate === null ? '' : `, ${formatShare(retry_rate)}` };
}

/** What a warning means, and where to look. */
export const WARNING_TEXT = `Too many connections need another try. This warning comes over ${formatShare(RETRY_WARNING_RATE)} and goes at ${formatShare(RETRY_RECOVERED_RATE)}. The log names each one (WELCOME_RETRY).`;

export interface Bar {
  /** What stands under the bar: its upper bound in ms, from 1000 on in seconds. */
  mark: string;
  /** The whole range in words, for who does not see the bars. */
  range: string;
  count: number;
  /** Height, as a share of the highest bar. */
  share: number;
}

/** The histogram as bars, fastest first. */
export function barsOf(histogram: Recent['histogram']): Bar[] {
  const highest = Math.max(1, ...histogram.map(({ count }) => count));
  return histogram.map(({ up_to_ms, count }, i) => ({
    mark: markOf(up_to_ms),
    range: rangeWords(histogram[i - 1]?.up_to_ms ?? null, up_to_ms),
    count,
    share: count / highest,
  }));
}

function markOf(upTo: number | null): string {
  if (upTo === null) return 'more';
  return upTo < 1000 ? String(upTo) : `${upTo / 1000}\u00a0s`;
}

/** Both in ms; null where the range has no bound on that side. */
function rangeWords(over: number | null, upTo: number | null): string {
  if (upTo === null) return over === null ? 'any time' : `over ${formatMs(over)}`;
  return over === null ? `up to ${formatMs(upTo)}` : `over ${formatMs(over)}, up to ${formatMs(upTo)}`;
}

/** Lost connections whose session was taken up again in time: `12 of 13`. */
export function resumedText({ resumed, expired }: Totals): string {
  return resumed + expired === 0 ? 'none was lost' : `${formatCount(resumed)} of ${formatCount(resumed + expired)}`;
}

/** Frames that never came, and how much sound that is: `12 (0.2 s)`. */
export function missingFramesText({ missing }: Totals): string {
  return missing === 0 ? '0' : `${formatCount(missing)} (${formatSeconds((missing * FRAME_MS) / 1000)})`;
}
