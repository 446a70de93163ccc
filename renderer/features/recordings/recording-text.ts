import type { MicrophoneStatus } from '../../../shared/microphone-state.ts';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { formatClock, formatDbfs, formatLength, formatSeconds } from '../../ui/format.ts';

/** `Recording saved, 0:12`. */
export function savedText({ duration_s }: RecordingInfo): string {
  return `Recording saved, ${formatLength(duration_s)}`;
}

/** Levels of the whole recording in one line. */
export function levelText({ peak_dbfs, rms_dbfs }: RecordingInfo): string {
  if (peak_dbfs === null) return 'Silence only: is the right microphone chosen?';
  return `Peak ${formatDbfs(peak_dbfs)} · RMS ${formatDbfs(rms_dbfs)} dBFS`;
}

/** How much is missing in all, `0.4 s missing`, or null when nothing is. */
export function missingText({ gaps }: RecordingInfo): string | null {
  if (gaps.length === 0) return null;
  return `${formatSeconds(gaps.reduce((sum, gap) => sum + gap.seconds, 0))} missing`;
}

/** What is missing and where, or null when nothing is. */
export function gapText(recording: RecordingInfo): string | null {
  const missing = missingText(recording);
  const { gaps } = recording;
  const where = gaps.length === 1 && gaps[0] ? `at ${formatClock(gaps[0].at_s)}` : `in ${gaps.length} places`;
  return missing && `${missing} ${where}; it is silent there`;
}

/** In the place of the saved recording, e.g. `Too short to keep (0.2 s).` */
export function discardedText(duration_s: number): string {
  return `Too short to keep (${formatSeconds(duration_s)}).`;
}

/** What a microphone did in a stretch that gave no sound. */
const DID: Record<Exclude<MicrophoneStatus, 'ok'>, string> = {
  muted: 'was muted',
  stalled: 'sent nothing',
  silent: 'gave only silence',
  noise: 'gave only faint noise',
};

/** Where the microphone gave no sound, one sentence a kind, or null where it always did. */
export function microphoneFlaws({ microphone = [], duration_s }: RecordingInfo): string | null {
  const sentences = Object.entries(DID).flatMap(([status, did]) => {
    const stretches = microphone.flatMap(({ at_s, ...state }, i) =>
      state.status === status && at_s < duration_s
        ? [{ at_s, seconds: Math.min(microphone[i + 1]?.at_s ?? duration_s, duration_s) - at_s }]
        : [],
    );
    const [first] = stretches;
    if (first === undefined) return [];
    const length = formatSeconds(stretches.reduce((sum, { seconds }) => sum + seconds, 0));
    if (stretches.length > 1) return [`The microphone ${did} in ${stretches.length} places, for ${length} in all.`];
    if (first.seconds >= duration_s) return [`The microphone ${did} all the time.`];
    return [`The microphone ${did} from ${formatClock(first.at_s)} for ${length}.`];
  });
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** Whether a recording was broken off, as by a host that died: not finished, and not being written either. */
function isCutShort({ complete, repaired, being_written }: RecordingInfo): boolean {
  return repaired === true || (!complete && being_written !== true);
}

/** What a person has to know of how a recording ended, in a word or two and in a sentence; null: nothing. */
export function endText(recording: RecordingInfo): { mark: string; sentence: string } | null {
  const { ended_early, rebuilt } = recording;
  if (ended_early === 'disk_full') {
    return { mark: 'disk full', sentence: 'The disk was full: the recording ended before you did' };
  }
  if (ended_early !== undefined) {
    return { mark: 'ended early', sentence: `The recording ended before you did (${ended_early}); the log says why` };
  }
  if (isCutShort(recording)) {
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
export function startedText({ started_at }: RecordingInfo): string {
  const date = new Date(started_at);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `${day}, ${time}`;
}
