import { formatSeconds } from '../../ui/format.ts';
import type { VoiceSnapshot } from '../../voice/voice-client.ts';

export interface MendWords {
  /** `good`: it broke, and nobody has to mind. */
  tone: 'good' | 'loss';
  words: string;
}

type Mends = Pick<VoiceSnapshot, 'view' | 'resumes' | 'newSessions' | 'lostMs'>;

/** How the connection broke and came back since the last press, and what that cost. Null: there is nothing to say. */
export function mendWords({ view, resumes, newSessions, lostMs }: Mends): MendWords | null {
  const tone = lostMs > 0 ? 'loss' : 'good';
  const cost = tone === 'loss' ? `about ${formatSeconds(lostMs / 1000)} were lost` : 'nothing was lost';
  // Broken again, or over: what was mended before is no comfort now.
  const back = view !== 'reconnecting' && view !== 'error';
  if (back && resumes + newSessions > 0) {
    return { tone, words: `The connection broke ${cameBack(resumes, newSessions)}; ${cost}.` };
  }
  if (tone === 'good') return null;
  return { tone, words: `${capital(cost)}${view === 'reconnecting' ? ' so far' : ''}.` };
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

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
