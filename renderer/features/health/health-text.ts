import { FRAME_MS } from '../../../shared/audio-format.ts';
import { type Health, RETRY_RECOVERED_RATE, RETRY_WARNING_RATE } from '../../../shared/health.ts';
import { formatCount, formatMs, formatSeconds, formatShare } from '../../text/format.ts';
import { text } from '../../text/text.ts';

type Recent = Health['recent'];
type Totals = Health['totals'];

/** Names the connections that the figures cover: `Last 37 connections`. */
export function windowText({ connections }: Recent): string {
  return text.health.lastConnections({ connections });
}

/** The percentage that follows the warning's label; empty if it is unknown. */
export function warningShare({ retry_rate }: Recent): string {
  return retry_rate === null ? '' : text.health.manyRetriesShare({ share: formatShare(retry_rate) });
}

/** What the warning means, and where to look. */
export function warningText(): string {
  return text.health.warning({ above: formatShare(RETRY_WARNING_RATE), at: formatShare(RETRY_RECOVERED_RATE) });
}

export interface Bar {
  /** The label under the bar: its upper bound in ms, or in seconds from 1000 ms on. */
  mark: string;
  /** The range as text, for screen readers. */
  range: string;
  count: number;
  /** Height relative to the highest bar, in [0, 1]. */
  share: number;
}

/** The histogram as bars, fastest first. */
export function barsOf(histogram: Recent['histogram']): Bar[] {
  const highest = Math.max(1, ...histogram.map(({ count }) => count));
  return histogram.map(({ up_to_ms, count }, i) => ({
    mark: labelOf(up_to_ms),
    range: rangeText(histogram[i - 1]?.up_to_ms ?? null, up_to_ms),
    count,
    share: count / highest,
  }));
}

function labelOf(upTo: number | null): string {
  if (upTo === null) return text.health.slowerMark;
  return upTo < 1000 ? String(upTo) : text.health.secondsMark({ seconds: upTo / 1000 });
}

/** Both in ms; null if the range has no bound on that side. */
function rangeText(over: number | null, upTo: number | null): string {
  if (upTo === null) return over === null ? text.health.anyTime : text.health.over({ time: formatMs(over) });
  if (over === null) return text.health.upTo({ time: formatMs(upTo) });
  return text.health.between({ over: formatMs(over), upTo: formatMs(upTo) });
}

/** How many lost connections were resumed: `12 of 13`. */
export function resumedText({ resumed, expired }: Totals): string {
  const lost = resumed + expired;
  return lost === 0 ? text.health.noneLost : text.health.resumedOf({ resumed, lost });
}

/** Missing frames and their duration: `12 (0.2 s)`. */
export function missingFramesText({ missing }: Totals): string {
  if (missing === 0) return formatCount(0);
  return text.health.missingLength({ frames: missing, length: formatSeconds((missing * FRAME_MS) / 1000) });
}
