import type { MicrophoneState } from '../../../shared/microphone-state.ts';
import { RESUME_WINDOW_MS } from '../../../shared/protocol.ts';
import { isWaitingToFinish } from '../../state/voice-store.ts';
import { text } from '../../text/text.ts';
import { LIMIT_WARNING_MS } from '../../voice/turn-limit.ts';
import type { VoiceSnapshot } from '../../voice/voice-client.ts';
import { microphoneName, microphoneText } from './microphone-text.ts';

export interface StatusText {
  title: string;
  /** What to do, or what happens next. */
  detail: string;
  /** Further sentences while there is no connection: what is kept, and for how long. */
  kept?: string;
}

/**
 * Describes the state of the connection.
 * @param now ms by `performance.now()`; used only while there is no connection
 * @param more a sentence added to a problem's action
 */
export function statusText(snapshot: VoiceSnapshot, now: number, more = ''): StatusText {
  switch (snapshot.view) {
    case 'idle':
      return snapshot.limitReachedMin === null ? text.status.idle : limitReachedText(snapshot.limitReachedMin);
    case 'connecting':
      if (snapshot.microphone !== null && !snapshot.micLive) return waitingText(snapshot.microphone);
      return snapshot.askingForMic ? text.status.allowMicrophone : text.status.connecting;
    case 'listening':
      return withLimit(microphoneText(snapshot.microphone) ?? text.status.listening, snapshot.limitLeftS);
    case 'paused':
      return text.status.paused;
    case 'reconnecting':
      return {
        title:
          snapshot.pausedAt !== null
            ? text.status.pausedAndLost
            : snapshot.breakerOpen
              ? text.problems.server_gone.title
              : text.status.connectionLost,
        detail: retryText(snapshot.retryAt, now),
        ...keptText(snapshot, now),
      };
    case 'stopping':
      return isWaitingToFinish(snapshot) ? finishingText(snapshot, now) : text.status.finishing;
    case 'error': {
      const { title, action } = text.problems[snapshot.problem ?? 'server_gone'];
      const kept = snapshot.triesUntil === null ? null : earlierText(snapshot.finishing, text.status.earlierWaiting);
      return { title, detail: more ? `${action} ${more}` : action, ...(kept && { kept }) };
    }
  }
}

/** The same text for a screen reader, without the countdown, which would be read out every second. */
export function announcement(snapshot: VoiceSnapshot, more = ''): string {
  const limitLeftS = snapshot.limitLeftS === null ? null : LIMIT_WARNING_MS / 1000;
  const { title, detail, kept } = statusText(
    { ...snapshot, retryAt: null, limitLeftS },
    Number.NEGATIVE_INFINITY,
    more,
  );
  return `${text.status.sentence({ title })} ${detail}${kept ? ` ${kept}` : ''}`;
}

/** The last turn has reached the length limit. */
function limitReachedText(minutes: number): StatusText {
  const { title, detail } = text.status.limitReached;
  return { title, detail: detail({ minutes }) };
}

/** Adds how long the turn still lasts to the text of a turn that listens. */
function withLimit(status: StatusText, leftS: number | null): StatusText {
  if (leftS === null) return status;
  return { ...status, detail: `${text.status.limitNear({ seconds: leftS })} ${status.detail}` };
}

/** The microphone is open but has sent no sound yet: a headset takes seconds to connect. */
function waitingText(microphone: MicrophoneState): StatusText {
  const muted = microphone.status === 'muted' ? microphoneText(microphone) : null;
  const { title, detail } = text.status.waitingForMicrophone;
  return muted ?? { title, detail: detail({ microphone: microphoneName(microphone) }) };
}

function retryText(retryAt: number | null, now: number): string {
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000);
  return seconds > 0 ? text.status.retryIn({ seconds }) : text.status.retrying;
}

function finishingText({ finishing, retryAt, triesUntil }: VoiceSnapshot, now: number): StatusText {
  const recordings = Math.max(finishing, 1);
  const { title, detail, kept } = text.status.waitingToFinish;
  return {
    title: title({ recordings }),
    detail: detail({ retry: retryText(retryAt, now) }),
    kept: kept({ recordings, seconds: secondsKept(triesUntil, now) }),
  };
}

/** Which audio of this turn and of earlier ones is kept. This turn is left out while the microphone is not open. */
function keptText(snapshot: VoiceSnapshot, now: number): Pick<StatusText, 'kept'> {
  const { micLive, keptUntil, finishing, microphone } = snapshot;
  const microphoneProblem = microphoneText(microphone);
  const current = microphoneProblem
    ? text.status.sentence({ title: microphoneProblem.title })
    : text.status.kept({ seconds: secondsKept(keptUntil, now) });
  const kept = [
    micLive && snapshot.pausedAt === null && current,
    earlierText(finishing, text.status.earlierAlsoWaiting),
  ]
    .filter(Boolean)
    .join(' ');
  return kept ? { kept } : {};
}

/** A sentence about ended turns that wait for a connection; null if there are none. */
function earlierText(finishing: number, format: (values: { recordings: number }) => string): string | null {
  return finishing === 0 ? null : format({ recordings: finishing });
}

/** For how many more seconds audio is kept; null: not known, or `now` is not given. */
function secondsKept(until: number | null, now: number): number | null {
  if (until === null || until - now > RESUME_WINDOW_MS) return null;
  return Math.ceil((until - now) / 1000);
}
