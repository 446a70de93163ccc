import type { RecordingInfo } from '../../../shared/recording.ts';
import { formatClock, formatDbfs, formatLength, formatSeconds } from '../../ui/format.ts';

/** `Recording saved, 0:12`. */
export function savedWords({ duration_s }: RecordingInfo): string {
  return `Recording saved, ${formatLength(duration_s)}`;
}

/** Levels of the whole recording in one line. */
export function levelWords({ peak_dbfs, rms_dbfs }: RecordingInfo): string {
  if (peak_dbfs === null) return 'Silence only: is the right microphone chosen?';
  return `Peak ${formatDbfs(peak_dbfs)} · RMS ${formatDbfs(rms_dbfs)} dBFS`;
}

/** How much is missing in all, `0.4 s missing`, or null when nothing is. */
export function missingWords({ gaps }: RecordingInfo): string | null {
  if (gaps.length === 0) return null;
  return `${formatSeconds(gaps.reduce((sum, gap) => sum + gap.seconds, 0))} missing`;
}

/** What is missing and where, or null when nothing is. */
export function gapWords(recording: RecordingInfo): string | null {
  const missing = missingWords(recording);
  const { gaps } = recording;
  const where = gaps.length === 1 && gaps[0] ? `at ${formatClock(gaps[0].at_s)}` : `in ${gaps.length} places`;
  return missing && `${missing} ${where}; it is silent there`;
}

/**
 * A recording under way ends, as far as it is on disk, about when it was listed (ms since the epoch); the host writes
 * every second or sooner, so one that ended this long (ms) before will not go on.
 */
const STILL_WRITING_MS = 10_000;

/** Whether a recording was broken off, as by a host that died: not finished, and not under way either. */
function isCutShort(recording: RecordingInfo, listedAt: number): boolean {
  const { complete, repaired, started_at, duration_s } = recording;
  if (repaired) return true;
  return !complete && listedAt - (Date.parse(started_at) + duration_s * 1000) > STILL_WRITING_MS;
}

/** What a person has to know of how a recording ended, in a word or two and in a sentence; null: nothing. */
export function endWords(recording: RecordingInfo, listedAt: number): { mark: string; sentence: string } | null {
  const { ended_early, rebuilt } = recording;
  if (ended_early === 'disk_full') {
    return { mark: 'disk full', sentence: 'The disk was full: the recording ended before you did' };
  }
  if (ended_early !== undefined) {
    return { mark: 'ended early', sentence: `The recording ended before you did (${ended_early}); the log says why` };
  }
  if (isCutShort(recording, listedAt)) {
    return {
      mark: 'cut short',
      sentence: 'Earshot ended before this recording did; what was written until then is here',
    };
  }
  if (rebuilt) {
    return {
      mark: 'details lost',
      sentence: 'The file beside it was lost: who spoke, and what is missing, is not known',
    };
  }
  return null;
}

/** The day and minute a recording began, local, e.g. `22 Nov, 19:41`. */
export function startedWords({ started_at }: RecordingInfo): string {
  const date = new Date(started_at);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `${day}, ${time}`;
}
