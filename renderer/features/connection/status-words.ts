import { PROBLEMS } from '../../../shared/problems.ts';
import { formatSeconds } from '../../ui/format.ts';
import type { VoiceSnapshot } from '../../voice/voice-client.ts';

export interface StatusWords {
  title: string;
  /** What to do, or what happens next; empty where the title says it all. */
  detail: string;
}

/** The state of the connection in plain words. `now` (ms since the epoch) only matters while waiting to reconnect. */
export function statusWords(snapshot: VoiceSnapshot, now: number): StatusWords {
  switch (snapshot.view) {
    case 'idle':
      return { title: 'Ready', detail: 'Press the mic, or Space, and speak.' };
    case 'connecting':
      return snapshot.askingForMic
        ? { title: 'Allow the microphone…', detail: 'Your system is asking whether Earshot may listen.' }
        : { title: 'Connecting…', detail: 'Press again to cancel.' };
    case 'listening':
      return { title: 'Listening', detail: 'Press again to stop.' };
    case 'reconnecting':
      return { title: 'Connection lost', detail: retryWords(snapshot.retryAt, now) };
    case 'stopping':
      return { title: 'Finishing…', detail: 'Your last words are on their way.' };
    case 'error': {
      const { title, action } = PROBLEMS[snapshot.problem ?? 'server_gone'];
      return { title, detail: action };
    }
  }
}

/** What a screen reader is told: the same words without the countdown, which would be read out every second. */
export function announcement(snapshot: VoiceSnapshot): string {
  const { title, detail } = statusWords({ ...snapshot, retryAt: null }, 0);
  return /[.…]$/.test(title) ? `${title} ${detail}` : `${title}. ${detail}`;
}

/** What a broken connection cost since the last press, or null when nothing has to be said. */
export function lossWords({ newSessions, lostMs }: Pick<VoiceSnapshot, 'newSessions' | 'lostMs'>): string | null {
  if (newSessions === 0 && lostMs === 0) return null;
  // Under 50 ms it would read "about 0.0 s".
  const seconds = lostMs >= 50 ? formatSeconds(lostMs / 1000) : null;
  // Not back, or not back before the turn was over.
  if (newSessions === 0) return seconds && `About ${seconds} were not recorded.`;
  const came =
    newSessions === 1
      ? 'The connection broke and came back as a new session'
      : `The connection broke ${newSessions} times and came back as new sessions`;
  if (seconds === null) return `${came}.`;
  return `${came}; about ${seconds} in between ${newSessions > 1 ? 'were' : 'was'} not recorded.`;
}

function retryWords(retryAt: number | null, now: number): string {
  if (retryAt === null) return 'Trying again…';
  const seconds = Math.ceil((retryAt - now) / 1000);
  return seconds > 0 ? `Trying again in ${seconds} s` : 'Trying again…';
}
