import { isBreakerOpen, viewOf } from '../../shared/connection-state.ts';
import type { ConnectionState } from '../../shared/connection-types.ts';
import type { VoiceSnapshot } from './voice-client.ts';

/** What the window draws of a state, and of what only the driver knows. */
export function pictureOf(
  state: ConnectionState,
  more: Pick<
    VoiceSnapshot,
    'retryAt' | 'listeningSince' | 'lostMs' | 'uncapturedMs' | 'stalledMs' | 'changedMs' | 'askingForMic' | 'microphone'
  >,
): VoiceSnapshot {
  const { sessionId, problem, failures, newSessions, resumes } = state;
  return {
    ...more,
    view: viewOf(state),
    sessionId,
    problem,
    failures,
    newSessions,
    resumes,
    breakerOpen: isBreakerOpen(state),
    hearing: state.mic === 'live',
    microphone: state.mic === 'live' || state.mic === 'opening' ? more.microphone : null,
  };
}
