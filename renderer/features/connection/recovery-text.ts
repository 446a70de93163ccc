import { capital, formatLength, formatSeconds } from '../../ui/format.ts';
import type { TurnLosses, VoiceSnapshot } from '../../voice/voice-client.ts';

export interface RecoveryText {
  /** `good`: it broke, and nobody has to mind. `loss`: some of what was said is not in the recording. */
  tone: 'good' | 'loss';
  words: string;
}

type Mends = TurnLosses & Pick<VoiceSnapshot, 'view' | 'resumes' | 'newSessions'>;

/**
 * What happened to the connection and to the microphone since the last press, and what that cost. Null: there is nothing to
 * say.
 * @param isOffered what could not be delivered is offered to the person, or was saved as a file: it is not lost
 */
export function recoveryText(all: Mends, isOffered: boolean): RecoveryText | null {
  const undeliveredMs = isOffered ? all.undeliveredMs : 0;
  const mends = { ...all, undeliveredMs, lostMs: all.lostMs - undeliveredMs };
  const words = [connectionWords(mends), captureWords(mends), sleepWords(mends)].filter(
    (sentence) => sentence !== null,
  );
  if (words.length === 0) return null;
  return { tone: mends.lostMs + mends.uncapturedMs > 0 ? 'loss' : 'good', words: words.join(' ') };
}

function connectionWords({ view, resumes, newSessions, lostMs, undeliveredMs, uncapturedMs }: Mends): string | null {
  // What was not captured is a part of what is lost, once it has been counted.
  const lost = Math.max(lostMs - uncapturedMs, 0);
  const cost = lost > 0 ? `about ${formatSeconds(lost / 1000)} were lost` : 'nothing was lost';
  // Broken again, or over: what was mended before is no comfort now.
  const back = view !== 'reconnecting' && view !== 'error';
  if (back && resumes + newSessions > 0) {
    const broke = `The connection broke ${cameBack(resumes, newSessions)}`;
    // What is missing all the same is told by another sentence, or by the offer.
    return lost === 0 && uncapturedMs + undeliveredMs > 0 ? `${broke}.` : `${broke}; ${cost}.`;
  }
  if (lost === 0) return null;
  return `${capital(cost)}${view === 'reconnecting' ? ' so far' : ''}.`;
}

function captureWords({ uncapturedMs, stalledMs, changedMs }: Mends): string | null {
  const words = [
    notRecorded(stalledMs, 'the microphone sent nothing'),
    notRecorded(changedMs, 'the microphone went away, until another took its place'),
    notRecorded(uncapturedMs - stalledMs - changedMs, 'Earshot or the system’s audio was held up'),
  ].filter((sentence) => sentence !== null);
  return words.length === 0 ? null : words.join(' ');
}

function sleepWords({ sleptMs }: Mends): string | null {
  if (sleptMs === 0) return null;
  return `The computer slept for about ${formatLength(sleptMs / 1000)}, or its clock was set forward. Nothing is recorded while it sleeps.`;
}

function notRecorded(ms: number, why: string): string | null {
  return ms > 0 ? `About ${formatSeconds(ms / 1000)} were not recorded, because ${why}.` : null;
}

/** For at least one of the two: how often it broke, and how it came back. */
function cameBack(resumes: number, newSessions: number): string {
  if (newSessions === 0) return resumes === 1 ? 'and was mended' : `${times(resumes)} and was mended each time`;
  if (resumes === 0) {
    return newSessions === 1
      ? 'and came back as a new session'
      : `${times(newSessions)} and came back as a new session each time`;
  }
  const all = times(resumes + newSessions);
  return `${all}: it was mended ${times(resumes)} and came back as a new session ${times(newSessions)}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}
