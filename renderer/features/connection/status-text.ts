import type { MicrophoneState } from '../../../shared/microphone-state.ts';
import { RESUME_WINDOW_MS } from '../../../shared/protocol.ts';
import { PROBLEMS } from '../../connection/problems.ts';
import { capital } from '../../ui/format.ts';
import type { VoiceSnapshot } from '../../voice/voice-client.ts';
import { microphoneName, microphoneText } from './microphone-text.ts';

export interface StatusText {
  title: string;
  /** What to do, or what happens next. */
  detail: string;
  /** A broken connection's further sentences: what becomes of what was and is said. */
  kept?: string;
}

/**
 * The state of the connection in plain words.
 * @param now ms by `performance.now()`; matters only while there is no connection
 * @param more a sentence after what to do against a problem
 */
export function statusText(snapshot: VoiceSnapshot, now: number, more = ''): StatusText {
  switch (snapshot.view) {
    case 'idle':
      return { title: 'Ready', detail: 'Press the mic, or Space, and speak.' };
    case 'connecting':
      if (snapshot.microphone !== null && !snapshot.hearing) return waitingWords(snapshot.microphone);
      return snapshot.askingForMic
        ? { title: 'Allow the microphone…', detail: 'Your system is asking whether Earshot may listen.' }
        : { title: 'Connecting…', detail: 'Press again to cancel.' };
    case 'listening':
      return microphoneText(snapshot.microphone) ?? { title: 'Listening', detail: 'Press again to stop.' };
    case 'reconnecting':
      return {
        title: snapshot.breakerOpen ? PROBLEMS.server_gone.title : 'Connection lost',
        detail: retryWords(snapshot.retryAt, now),
        ...keptWords(snapshot, now),
      };
    case 'stopping':
      return isWaitingToFinish(snapshot)
        ? finishingWords(snapshot, now)
        : { title: 'Finishing…', detail: 'Your last words are on their way.' };
    case 'error': {
      const { title, action } = PROBLEMS[snapshot.problem ?? 'server_gone'];
      const kept = snapshot.triesUntil === null ? null : waitingWith(snapshot.finishing, 'for a connection');
      return { title, detail: more ? `${action} ${more}` : action, ...(kept && { kept }) };
    }
  }
}

/** What a screen reader is told: the same words without the countdown, which would be read out every second. */
export function announcement(snapshot: VoiceSnapshot, more = ''): string {
  const { title, detail, kept } = statusText({ ...snapshot, retryAt: null }, Number.NEGATIVE_INFINITY, more);
  return `${title}${/[.…]$/.test(title) ? '' : '.'} ${detail}${kept ? ` ${kept}` : ''}`;
}

/** The microphone is open, and its first sound has not come: a headset takes seconds to connect. */
function waitingWords(microphone: MicrophoneState): StatusText {
  const muted = microphone.status === 'muted' ? microphoneText(microphone) : null;
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

/** Turns that have ended wait for a connection. Where there is one, their last words take no time worth telling. */
export function isWaitingToFinish({ view, triesUntil }: Pick<VoiceSnapshot, 'view' | 'triesUntil'>): boolean {
  return view === 'stopping' && triesUntil !== null;
}

function finishingWords({ finishing, retryAt, triesUntil }: VoiceSnapshot, now: number): StatusText {
  const one = finishing <= 1;
  return {
    title: one ? 'Finishing the last recording…' : `Finishing ${finishing} recordings…`,
    detail: `The connection is lost. ${retryWords(retryAt, now)}`,
    kept: `${one ? 'It is' : 'They are'} kept${forHowLong(triesUntil, now)}. You can press the mic and speak meanwhile.`,
  };
}

/** What happens meanwhile to what is said, and to what was said before; nothing is said while the microphone is not open. */
function keptWords(snapshot: VoiceSnapshot, now: number): Pick<StatusText, 'kept'> {
  const { hearing, keptUntil, finishing, microphone } = snapshot;
  const trouble = microphoneText(microphone);
  const isKept = trouble ? `${trouble.title}.` : `What you say is kept${forHowLong(keptUntil, now)}.`;
  const words = [hearing && isKept, waitingWith(finishing, 'as well')];
  const said = words.filter(Boolean).join(' ');
  return said ? { kept: said } : {};
}

/** Turns that have ended, beside what is said first. */
function waitingWith(finishing: number, how: string): string | null {
  if (finishing === 0) return null;
  return `The last recording${finishing > 1 ? 's wait' : ' waits'} ${how}.`;
}

/** An outage that lasts longer than this (ms) may well last longer than anything is kept. */
const LONG_OUTAGE_MS = 5_000;

/** For a sentence that ends in "kept"; nothing while the outage is short. */
function forHowLong(until: number | null, now: number): string {
  if (until === null || until - now > RESUME_WINDOW_MS - LONG_OUTAGE_MS) return '';
  const seconds = Math.ceil((until - now) / 1000);
  return seconds > 0 ? ` for ${seconds}\u00a0s more` : ' during this last try';
}
