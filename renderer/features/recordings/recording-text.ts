import type { MicrophoneStatus } from '../../../shared/microphone-state.ts';
import type { RecordingInfo } from '../../../shared/recording.ts';
import type { SavedRecording } from '../../state/file-tasks-store.ts';
import { levelWord } from '../../state/recording-level.ts';
import { ownTitle } from '../../state/recording-title.ts';
import { dates } from '../../text/dates.ts';
import { formatClock, formatDbfs, formatLength, formatSeconds } from '../../text/format.ts';
import { text } from '../../text/text.ts';

/** `Recording saved, 0:12`. */
export function savedText({ duration_s }: RecordingInfo): string {
  return text.recordings.saved({ length: formatLength(duration_s) });
}

/** Peak and RMS level of the whole recording. */
export function levelText({ peak_dbfs, rms_dbfs }: RecordingInfo): string {
  if (peak_dbfs === null) return text.recordings.silent;
  return text.recordings.levels({ peak: formatDbfs(peak_dbfs), rms: formatDbfs(rms_dbfs) });
}

/** How much audio is missing, `0.4 s missing`; null if none is. */
export function missingText({ gaps }: RecordingInfo): string | null {
  return gaps.length === 0 ? null : text.recordings.missing({ length: missingLength(gaps) });
}

/** How much audio is missing, and where; null if none is. */
export function gapText({ gaps }: RecordingInfo): string | null {
  const [first] = gaps;
  if (first === undefined) return null;
  const length = missingLength(gaps);
  if (gaps.length === 1) return text.recordings.missingAt({ length, at: formatClock(first.at_s) });
  return text.recordings.missingInPlaces({ length, places: gaps.length });
}

function missingLength(gaps: RecordingInfo['gaps']): string {
  return formatSeconds(gaps.reduce((sum, { seconds }) => sum + seconds, 0));
}

/** Shown instead of a saved recording: `Too short to keep (0.2 s).` */
export function discardedText(duration_s: number): string {
  return text.recordings.discarded({ length: formatSeconds(duration_s) });
}

/** The sentences for each status in which the microphone gives no usable sound. */
function flawSentences() {
  const { muted, stalled, microphoneSilent: silent, noise } = text.recordings;
  return { muted, stalled, silent, noise } satisfies Record<Exclude<MicrophoneStatus, 'ok' | 'muted_in_app'>, unknown>;
}

/** Where the microphone gave no usable sound, with one sentence for each cause; null if it always did. */
export function microphoneFlaws(recording: RecordingInfo): string | null {
  const sentences = Object.entries(flawSentences()).flatMap(
    ([status, flaw]) => stretchText(recording, status, flaw) ?? [],
  );
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** What the user did during the recording: pauses and mutes; null: neither. */
export function actionsText(recording: RecordingInfo): string | null {
  const { pauses = [] } = recording;
  const length = formatSeconds(pauses.reduce((sum, { seconds }) => sum + seconds, 0));
  const [first] = pauses;
  const { once, often } = text.recordings.paused;
  const paused =
    first === undefined
      ? null
      : pauses.length === 1
        ? once({ at: formatClock(first.at_s), length })
        : often({ places: pauses.length, length });
  const muted = stretchText(recording, 'muted_in_app', text.recordings.mutedInApp);
  return [paused, muted].filter((sentence) => sentence !== null).join(' ') || null;
}

/** The sentence about the stretches in which the microphone had a status; null if there are none. */
function stretchText(
  { microphone = [], duration_s }: RecordingInfo,
  status: string,
  sentences: typeof text.recordings.muted,
): string | null {
  const stretches = microphone.flatMap(({ at_s, ...state }, i) =>
    state.status === status && at_s < duration_s
      ? [{ at_s, seconds: Math.min(microphone[i + 1]?.at_s ?? duration_s, duration_s) - at_s }]
      : [],
  );
  const [first] = stretches;
  if (first === undefined) return null;
  const length = formatSeconds(stretches.reduce((sum, { seconds }) => sum + seconds, 0));
  if (stretches.length > 1) return sentences.often({ places: stretches.length, length });
  if (first.seconds >= duration_s) return sentences.always;
  return sentences.once({ at: formatClock(first.at_s), length });
}

/** Whether the host ended before the recording was finished. */
function isCutShort({ complete, repaired, being_written }: RecordingInfo): boolean {
  return repaired === true || (!complete && being_written !== true);
}

/** A short mark and a sentence about how a recording ended; null if it ended normally. */
export function endText(recording: RecordingInfo): { mark: string; sentence: string } | null {
  const { ended_early, rebuilt } = recording;
  if (ended_early === 'disk_full') return text.recordings.diskFull;
  if (ended_early !== undefined) {
    const { mark, sentence } = text.recordings.endedEarly;
    return { mark, sentence: sentence({ code: ended_early }) };
  }
  if (isCutShort(recording)) return text.recordings.cutShort;
  return rebuilt ? text.recordings.detailsLost : null;
}

/** The day and minute a recording began, local, e.g. `Nov 22, 7:41 PM`. */
export function startedText({ started_at }: RecordingInfo): string {
  return text.recordings.started(new Date(started_at));
}

/** The title, or one made of the time. */
export function titleText(recording: RecordingInfo): string {
  return ownTitle(recording) || text.recordings.untitled({ time: dates.time(new Date(recording.started_at)) });
}

/** A recording with the name under which it is saved, without the ending: its title, or when it began. */
export function savedAs(recording: RecordingInfo): SavedRecording {
  const began = new Date(recording.started_at);
  const local = new Date(began.getTime() - began.getTimezoneOffset() * 60_000).toISOString();
  const when = `${local.slice(0, 10)} ${local.slice(11, 19).replaceAll(':', '-')}`;
  return { id: recording.id, name: ownTitle(recording) || text.recordingFiles.untitled({ when }) };
}

/** Where another microphone than the chosen one was used; null if none was. */
function otherMicrophone({ microphone = [] }: RecordingInfo): string | null {
  const other = microphone.find(({ instead_of }) => instead_of !== null);
  if (!other?.instead_of) return null;
  const { unnamed, sentence } = text.recordings.otherMicrophone;
  return sentence({ chosen: other.instead_of, used: other.label || unnamed });
}

/** What is wrong with a recording, each as a short mark for the list and a sentence. */
export function flawsOf(recording: RecordingInfo): { mark: string; sentence: string }[] {
  const { otherMicrophone: other, level, levelHint, microphoneMark } = text.recordings;
  const flaws = [
    { mark: missingText(recording), sentence: gapText(recording) },
    { mark: microphoneMark, sentence: microphoneFlaws(recording) },
    endText(recording),
    levelWord(recording) === 'clipped' ? { mark: level.clipped, sentence: levelHint.clipped } : null,
    { mark: other.mark, sentence: otherMicrophone(recording) },
  ];
  return flaws.flatMap((flaw) =>
    flaw !== null && flaw.mark !== null && flaw.sentence !== null ? [{ mark: flaw.mark, sentence: flaw.sentence }] : [],
  );
}
