import { RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { isBreakerOpen, viewOf } from '../connection/connection-state.ts';
import { isAudioShownAsKept, isCapturing } from '../connection/connection-turn.ts';
import type { ConnectionState } from '../connection/connection-types.ts';
import type { TurnLosses, VoiceSnapshot } from './voice-client.ts';

/** Builds the snapshot from the state machine's state and the driver's own values. */
export function createSnapshot(
  state: ConnectionState,
  more: TurnLosses &
    Pick<
      VoiceSnapshot,
      'retryAt' | 'listeningSince' | 'askingForMic' | 'microphone' | 'pausedAt' | 'limitLeftS' | 'limitReachedMin'
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
    micLive: state.mic === 'live',
    pausedAt: isCapturing(state) ? more.pausedAt : null,
    muted: isCapturing(state) && state.muted,
    limitLeftS: isCapturing(state) ? more.limitLeftS : null,
    limitReachedMin: state.limitReached ? more.limitReachedMin : null,
    microphone: state.mic === 'live' || state.mic === 'opening' ? more.microphone : null,
    ...countEndedTurns(state),
    ...deadlinesOf(state),
  };
}

/** Counts ended turns. While the next turn is captured, the session may still belong to the previous one. */
function countEndedTurns(state: ConnectionState): Pick<VoiceSnapshot, 'finishing' | 'turnsWaiting'> {
  const { shouldListen, voice, captureEnded, backlog, joinsBacklog } = state;
  const waiting = backlog + (joinsBacklog ? 1 : 0);
  const isPreviousTurn = voice === 'stopping' || captureEnded;
  return {
    finishing: waiting + (voice === 'stopping' ? 1 : 0),
    turnsWaiting: waiting + (shouldListen && isPreviousTurn ? 1 : 0),
  };
}

function deadlinesOf(state: ConnectionState): Pick<VoiceSnapshot, 'keptUntil' | 'triesUntil'> {
  const { voice, offlineSince, pressedAt } = state;
  const isPreviousTurn = voice === 'stopping';
  if (offlineSince === null) return { keptUntil: null, triesUntil: null };
  // A turn captured while an earlier one is retried has its own window.
  const since = isPreviousTurn ? Math.max(offlineSince, pressedAt) : offlineSince;
  return {
    keptUntil: isAudioShownAsKept(state) ? since + RESUME_WINDOW_MS : null,
    triesUntil: isPreviousTurn ? offlineSince + RESUME_WINDOW_MS : null,
  };
}
