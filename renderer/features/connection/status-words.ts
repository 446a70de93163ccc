import type { MicrophoneState } from '../../../shared/microphone-state.ts';
import { PROBLEMS } from '../../../shared/problems.ts';
import { RESUME_WINDOW_MS } from '../../../shared/protocol.ts';
import { capital } from '../../ui/format.ts';
import type { VoiceSnapshot } from '../../voice/voice-client.ts';
import { microphoneName, microphoneWords } from './microphone-text.ts';

export interface StatusWords {
  title: string;
  /** What to do, or what happens next. */
  detail: string;
  /** A broken connection's second sentence: what becomes of what is said meanwhile. */
  kept?: string;
}

/**
 * The state of the connection in plain words.
 * @param now ms by `performance.now()`; matters only while waiting to reconnect
 * @param more a sentence after what to do against a problem
 */
export function statusWords(snapshot: VoiceSnapshot, now: number, more = ''): StatusWords {
  switch (snapshot.view) {
    case 'idle':
      return { title: 'Ready', detail: 'Press the mic, or Space, and speak.' };
    case 'connecting':
      if (snapshot.microphone !== null && !snapshot.hearing) return waitingWords(snapshot.microphone);
      return snapshot.askingForMic
        ? { title: 'Allow the microphone…', detail: 'Your system is asking whether Earshot may listen.' }
        : { title: 'Connecting…', detail: 'Press again to cancel.' };
    case 'listening':
      return microphoneWords(snapshot.microphone) ?? { title: 'Listening', detail: 'Press again to stop.' };
    case 'reconnecting':
      return {
        title: snapshot.breakerOpen ? PROBLEMS.server_gone.title : 'Connection lost',
        detail: retryWords(snapshot.retryAt, now),
        ...keptWords(snapshot),
      };
    case 'stopping':
      return { title: 'Finishing…', detail: 'Your last words are on their way.' };
    case 'error': {
      const { title, action } = PROBLEMS[snapshot.problem ?? 'server_gone'];
      return { title, detail: more ? `${action} ${more}` : action };
    }
  }
}

/** What a screen reader is told: the same words without the countdown, which would be read out every second. */
export function announcement(snapshot: VoiceSnapshot, more = ''): string {
  const { title, detail, kept } = statusWords({ ...snapshot, retryAt: null }, 0, more);
  return `${title}${/[.…]$/.test(title) ? '' : '.'} ${detail}${kept ? ` ${kept}` : ''}`;
}

/** The microphone is open, and its first sound has not come: a headset takes seconds to connect. */
function waitingWords(microphone: MicrophoneState): StatusWords {
  const muted = microphone.status === 'muted' ? microphoneWords(microphone) : null;
  return (
    muted ?? {
      title: 'Waiting for the microphone…',
      detail: `${capital(microphoneName(microphone))} is open and has sent no sound yet. Speak when it says “Listening”.`,
    }
  );
}

function retryWords(retryAt: number | null, now: number): string {
  if (retryAt === null) return 'Trying again…';
  const seconds = Math.ceil((retryAt - now) / 1000);
  return seconds > 0 ? `Trying again in ${seconds}\u00a0s.` : 'Trying again…';
}

/** What happens meanwhile to what is said: nothing, while the microphone is not open. */
function keptWords({ hearing, breakerOpen, microphone }: VoiceSnapshot): Pick<StatusWords, 'kept'> {
  if (!hearing) return {};
  const trouble = microphoneWords(microphone);
  if (trouble) return { kept: `${trouble.title}.` };
  // An outage that the breaker has noticed may well last longer than the session is kept.
  const howLong = breakerOpen ? ` for up to ${RESUME_WINDOW_MS / 1000}\u00a0s` : '';
  return { kept: `What you say is kept${howLong}.` };
}
