import { CLOSE, RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { backoffMs } from './backoff.ts';
import { deliverNext, dequeueTurn, failTurn, sendStartIfReady, sendStopIfReady } from './connection-turn.ts';
import {
  BREAKER_MS,
  type ConnectionEvent,
  DELIVERY_RETRY_MS,
  LAST_TRY_MS,
  MAX_FAILURES,
  type TimerName,
  type Timing,
} from './connection-types.ts';
import type { ProblemCode } from './problems.ts';
import type { Transition } from './transition.ts';

/** Close codes after which the client must not reconnect, with the problem to show. */
const FINAL: Readonly<Record<number, ProblemCode | null>> = {
  [CLOSE.done]: null,
  [CLOSE.policy]: 'refused_policy',
  [CLOSE.tooLarge]: 'refused_size',
  [CLOSE.takenOver]: 'taken_over',
};

export function onWelcome(transition: Transition, event: Extract<ConnectionEvent, { type: 'welcome' }>): void {
  const { state } = transition;
  const { socket, sessionId } = event;
  if (socket !== state.socket) return;
  if (state.link === 'welcomed' && state.sessionId === sessionId) {
    // A repeated welcome: the server has not received `ready` yet. Send it again.
    transition.run({ do: 'send_ready', socket, sessionId });
  }
  if (state.link !== 'opening') return;
  if (event.resumed) {
    if (state.sessionId !== sessionId || !event.isConsistent) return onProtocolError(transition, event);
    transition.set({ resumes: state.resumes + 1 });
    transition.enterWelcomed();
    return resumeTurn(transition);
  }
  if (state.sessionId !== null) discardSession(transition);
  const { newSessions, sessionLost, shouldListen } = transition.state;
  transition.set({ sessionId, newSessions: newSessions + (sessionLost && shouldListen ? 1 : 0), sessionLost: false });
  transition.enterWelcomed();
  // An ended turn that no session has accepted yet.
  if (transition.state.voice === 'stopping') return transition.sendStart('stopping');
  // The session to resume is gone, and its turn only had to be finished.
  if (!shouldListen) return transition.closeLink();
  sendStartIfReady(transition);
}

/** The session was resumed: repeats what was in flight and continues the turn. */
function resumeTurn(transition: Transition): void {
  const { voice, turnConfirmed, socket } = transition.state;
  if (voice === 'idle') return sendStartIfReady(transition);
  if (!turnConfirmed) {
    // `start` was not answered. A turn that has ended meanwhile still has to be delivered.
    transition.sendStart(voice === 'stopping' ? 'stopping' : 'starting');
    return;
  }
  transition.clear('idle');
  transition.run({ do: 'resume_audio', socket });
  sendStopIfReady(transition);
}

export function onClosed(transition: Transition, event: Extract<ConnectionEvent, { type: 'closed' }>): void {
  const { link, socket, shouldListen, voice, sessionId } = transition.state;
  const { code, random, at, retryAfterMs } = event;
  if (event.socket !== socket || link === 'none' || link === 'waiting') return;
  if (link === 'closing') return onLinkClosed(transition);
  if (Object.hasOwn(FINAL, code)) {
    // The turn being delivered is over. A press since then belongs to the next turn, so it does not fail with this one.
    if (!shouldListen || voice === 'stopping') return onLinkClosed(transition);
    return failTurn(transition, FINAL[code] ?? null);
  }
  if (code === CLOSE.nothingToResume && sessionId !== null) {
    discardSession(transition);
    if (isDone(transition)) return onLinkClosed(transition);
    if (link === 'opening') {
      // The server is up but does not know the session: start a new one immediately.
      transition.stopLinkTimers();
      return transition.openLink();
    }
  }
  onLost(transition, { random, at, atOnce: code === CLOSE.goingAway, retryAfterMs });
}

/** Whether the user is not recording and nothing is left to deliver. */
function isDone({ state }: Transition): boolean {
  return !state.shouldListen && state.voice !== 'stopping';
}

/** The session can't be resumed. Its unacknowledged audio is not in its recording. */
function discardSession(transition: Transition): void {
  const { voice, turnConfirmed } = transition.state;
  if (voice === 'stopping' && !turnConfirmed) {
    // The server never confirmed the turn, so its audio can still go to another session.
    transition.run({ do: 'end_session', turnOver: false });
    transition.set({ sessionId: null });
    return;
  }
  if (turnConfirmed && voice !== 'stopping') transition.set({ sessionLost: true });
  transition.endSession();
  // The connection may be lost as well; the next one sends `start`.
  dequeueTurn(transition);
}

/** The socket closed, and no session needs it any more. */
function onLinkClosed(transition: Transition): void {
  transition.endLinkAndSession();
  const { shouldListen, backlog, joinsBacklog, keepLastSamples } = transition.state;
  if (!shouldListen) transition.stopMic();
  if (backlog > 0) return deliverNext(transition);
  // The user pressed while the socket was closing.
  if (shouldListen) return transition.openLink();
  if (!joinsBacklog) transition.run({ do: 'drop_audio', keep: keepLastSamples });
}

interface Loss extends Timing {
  /** Skip the backoff of the first retry. */
  atOnce?: boolean;
  retryAfterMs?: number | null;
}

/**
 * A connection that is still needed was lost: schedule a retry that resumes the session. Until the server's resume
 * window ends, the microphone stays on and its audio is buffered.
 */
function onLost(transition: Transition, { random, at, atOnce = false, retryAfterMs = null }: Loss): void {
  const { link, failures, lostConnections, retryAtOnce, voice, lastTry } = transition.state;
  const wasWelcomed = link === 'welcomed';
  transition.stopLinkTimers();
  transition.run({ do: 'hold_audio' });
  transition.set({ link: 'waiting', failures: failures + 1, lostConnections: lostConnections + (wasWelcomed ? 1 : 0) });
  if (lastTry) return onWindowEnd(transition, at);
  const since = transition.state.offlineSince ?? at;
  if (transition.state.offlineSince === null) transition.beginOutage(at, at);
  // Skip the backoff only after an established connection, so that a server that refuses connections is not flooded.
  const backoff = atOnce && wasWelcomed ? 0 : backoffMs(failures, random);
  // An ended turn is kept only for the resume window, so its retries are more frequent.
  const pause = voice === 'stopping' ? DELIVERY_RETRY_MS : BREAKER_MS;
  const wait = failures + 1 >= MAX_FAILURES ? pause : Math.min(backoff, pause);
  const left = Math.max(since + RESUME_WINDOW_MS - LAST_TRY_MS - at, 0);
  if (left === 0) {
    transition.clear('window');
    transition.set({ lastTry: true });
  }
  const ms = Math.min(Math.max(retryAtOnce ? 0 : wait, retryAfterMs ?? 0), left);
  transition.set({ retryInMs: ms });
  transition.setTimer('retry', ms);
}

/** The resume window ended without a connection: undelivered audio is offered to the user. */
function onWindowEnd(transition: Transition, at: number): void {
  const { voice, shouldListen, backlog, pressedAt } = transition.state;
  if (voice !== 'stopping') return failTurn(transition, 'server_gone');
  if (backlog > 0) transition.run({ do: 'give_up_backlog' });
  transition.set({ backlog: 0 });
  if (!shouldListen) return onLinkClosed(transition);
  transition.endSession();
  // The turn being captured has its own window, which starts at its press.
  transition.beginOutage(pressedAt, at);
  transition.openLink();
}

/** The socket is open but no data gets through: abandon it and reconnect. */
export function onFrozen(transition: Transition, { random, at }: Timing): void {
  transition.abandon(CLOSE.welcomeUnacknowledged);
  onLost(transition, { random, at, atOnce: true });
}

/** The server's view of the session contradicts what was sent, so the session can't be trusted. */
export function onProtocolError(transition: Transition, { random, at }: Timing): void {
  transition.abandon(CLOSE.protocolError);
  discardSession(transition);
  if (isDone(transition)) onLinkClosed(transition);
  else onLost(transition, { random, at });
}

/**
 * Another program answers in Earshot's place. Send it nothing and don't reconnect until the next press; the audio stays
 * in the window.
 */
export function onUnproven(transition: Transition): void {
  const { link, backlog, mic } = transition.state;
  if (link !== 'waiting') transition.abandon(CLOSE.protocolError);
  // Must precede the end of the turn in front of the backlog.
  if (backlog > 0) transition.run({ do: 'give_up_backlog' });
  transition.set({ backlog: 0, joinsBacklog: false });
  failTurn(transition, 'other_program');
  // Keep the last samples of the microphone, whichever turn they belong to.
  transition.set({ keepLastSamples: mic !== 'off' });
}

export function onTimer(transition: Transition, name: TimerName, { random, at }: Timing): void {
  const { link, voice, liveness } = transition.state;
  const unanswered = (name === 'welcome' && link === 'opening') || (name === 'answer' && link === 'welcomed');
  if (unanswered) {
    transition.abandon(CLOSE.welcomeUnacknowledged);
    return onLost(transition, { random, at });
  }
  if (name === 'pong' && link === 'welcomed') return onFrozen(transition, { random, at });
  if (name === 'stable' && link === 'welcomed') {
    transition.endOutage();
    transition.set({ failures: 0, retryAtOnce: false });
  }
  if (name === 'window') {
    // Connected in time.
    if (link === 'welcomed') return transition.set({ offlineSince: null });
    transition.set({ lastTry: true });
    if (link === 'waiting') transition.openLink();
  }
  if (name === 'idle' && link === 'welcomed' && voice === 'idle' && liveness === 'fresh')
    transition.set({ liveness: 'stale' });
  if (name === 'retry' && link === 'waiting') transition.openLink();
  if (name === 'close' && link === 'closing') {
    transition.abandon(CLOSE.done);
    onLinkClosed(transition);
  }
}
