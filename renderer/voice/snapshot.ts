import { RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { isBreakerOpen, viewOf } from '../connection/connection-state.ts';
import { isKept } from '../connection/connection-turn.ts';
import type { ConnectionState } from '../connection/connection-types.ts';
import type { TurnLosses, VoiceSnapshot } from './voice-client.ts';

/** What the window draws of a state, and of what only the driver knows. */
export function createSnapshot(
  state: ConnectionState,
  more: TurnLosses & Pick<VoiceSnapshot, 'retryAt' | 'listeningSince' | 'askingForMic' | 'microphone'>,
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
    ...finishingOf(state),
    ...deadlinesOf(state),
  };
}

/** Turns that have ended. While the next one is spoken, the session may still be that of the former one. */
function finishingOf(state: ConnectionState): Pick<VoiceSnapshot, 'finishing' | 'turnsBehind'> {
  const { wanted, voice, sealed, backlog, queued } = state;
  const behind = backlog + (queued ? 1 : 0);
  const isFormer = voice === 'stopping' || sealed;
  return {
    finishing: behind + (voice === 'stopping' ? 1 : 0),
    turnsBehind: behind + (wanted && isFormer ? 1 : 0),
  };
}

function deadlinesOf(state: ConnectionState): Pick<VoiceSnapshot, 'keptUntil' | 'triesUntil'> {
  const { voice, awaySince, pressedAt } = state;
  const isFormer = voice === 'stopping';
  if (awaySince === null) return { keptUntil: null, triesUntil: null };
  // A turn that is spoken while a former one is tried has a window of its own.
  const since = isFormer ? Math.max(awaySince, pressedAt) : awaySince;
  return {
    keptUntil: isKept(state) ? since + RESUME_WINDOW_MS : null,
    triesUntil: isFormer ? awaySince + RESUME_WINDOW_MS : null,
  };
}
