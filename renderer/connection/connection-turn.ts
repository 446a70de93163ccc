import type { VoiceState } from '../../shared/protocol.ts';
import type { ConnectionState } from './connection-types.ts';
import type { ProblemCode } from './problems.ts';
import type { Transition } from './transition.ts';

/** Starts a turn. Opens the microphone and the socket in the same step. */
export function beginTurn(transition: Transition, at: number): void {
  transition.set({
    shouldListen: true,
    problem: null,
    failures: 0,
    lostConnections: 0,
    resumes: 0,
    newSessions: 0,
    sessionLost: false,
    pressedAt: at,
    audioShownAsKept: false,
    limitReached: false,
  });
  const { link, voice, captureEnded, mic } = transition.state;
  if (link === 'none' || link === 'waiting') transition.openLink();
  // The previous turn may still be in delivery. The new turn can begin once that turn's microphone has been flushed.
  if (mic === 'off' && (voice === 'idle' || captureEnded)) transition.openMic();
}

/** Whether a microphone is live for a turn, so that it can be paused and muted. */
export function isCapturing({ shouldListen, mic }: ConnectionState): boolean {
  return shouldListen && mic === 'live';
}

/** Pauses the turn or continues it. The connection and the session are not affected. */
export function setPaused(transition: Transition, paused: boolean): void {
  const { state } = transition;
  if (!isCapturing(state) || state.paused === paused) return;
  transition.set({ paused });
  // No audio was acknowledged during the pause, so a connection that has died meanwhile is found out here.
  if (!paused && state.link === 'welcomed' && state.liveness !== 'asked') transition.ping();
}

/**
 * Whether the window shows, or has shown since the press, that audio is kept until there is a connection. Before that,
 * a second press cancels and the captured audio is discarded.
 */
export function isAudioShownAsKept({
  shouldListen,
  audioShownAsKept,
  failures,
  lostConnections,
  offlineSince,
}: ConnectionState): boolean {
  return shouldListen && (audioShownAsKept || failures > 0 || lostConnections > 0 || offlineSince !== null);
}

/** Ends the turn, by a press (`problem` null) or because of a problem that is shown to the user. */
export function stopTurn(transition: Transition, problem: ProblemCode | null): void {
  const { link, voice, turnConfirmed, mic, captureEnded } = transition.state;
  const keepsAudio = mic === 'live' && isAudioShownAsKept(transition.state);
  transition.set({ shouldListen: false, problem });
  if (voice === 'stopping' || captureEnded || link === 'closing') {
    // The previous turn is still being delivered; this one joins the backlog.
    if (keepsAudio) transition.set({ joinsBacklog: true });
    if (link === 'waiting') transition.openLink();
  } else if (turnConfirmed || voice === 'starting' || keepsAudio) {
    beginDelivery(transition);
    if (link === 'waiting') transition.openLink();
    // The start was waiting for a pong.
    if (link === 'welcomed' && voice === 'idle') transition.sendStart('stopping');
  } else if (link === 'waiting') {
    // Cancelled before any audio was kept: there is nothing to deliver.
    transition.endLinkAndSession();
  } else if (link !== 'none') {
    transition.closeLink();
  }
  transition.stopMic();
  const { state } = transition;
  if (!state.joinsBacklog && (state.voice === 'idle' || state.captureEnded))
    transition.run({ do: 'drop_audio', keep: state.keepLastSamples });
}

/** Ends the turn immediately; its undelivered audio is offered to the user. */
export function failTurn(transition: Transition, problem: ProblemCode | null): void {
  transition.set({ shouldListen: false, problem });
  transition.endLinkAndSession(true);
  transition.stopMic();
}

/** Delivers the audio captured so far; a live microphone is flushed first. */
function beginDelivery(transition: Transition): void {
  if (transition.state.voice === 'stopping') return;
  // Delivery gets its own attempts, regardless of earlier failures.
  transition.set({ voice: 'stopping', failures: 0 });
}

/** Sends `stop` after the last frames, once the microphone has been flushed and the server has confirmed the turn. */
export function sendStopIfReady(transition: Transition): void {
  const { voice, turnConfirmed, captureEnded, link } = transition.state;
  if (voice === 'stopping' && turnConfirmed && captureEnded && link === 'welcomed') transition.sendStop();
}

/** Sends `start` once the welcome and the microphone are there and the connection is known to be alive. */
export function sendStartIfReady(transition: Transition): void {
  const { shouldListen, link, voice, mic, liveness } = transition.state;
  if (!shouldListen || link !== 'welcomed' || voice !== 'idle' || mic !== 'live') return;
  if (liveness === 'stale') transition.ping();
  if (liveness === 'fresh') transition.sendStart();
}

export function onVoiceState(transition: Transition, reported: VoiceState): void {
  const { voice, turnConfirmed, captureEnded, socket } = transition.state;
  if (reported === 'listening' && !turnConfirmed && (voice === 'starting' || voice === 'stopping')) {
    transition.clear('answer');
    transition.endOutage();
    transition.set({ turnConfirmed: true, voice: voice === 'starting' ? 'listening' : 'stopping' });
    transition.run({ do: 'open_audio', socket });
    sendStopIfReady(transition);
  } else if (reported === 'idle' && turnConfirmed && voice === 'stopping' && captureEnded) {
    transition.set({ voice: 'idle', turnConfirmed: false });
    transition.closeLink();
  } else if (reported === 'idle' && turnConfirmed && voice === 'listening') {
    // Not requested by the client: the server can't record any more.
    transition.set({ shouldListen: false, problem: 'recording_ended' });
    transition.stopMic();
    transition.endSession(true);
    transition.closeLink();
  }
}

/** The microphone is off, because it was stopped or failed to open. */
export function onMicrophoneOff(transition: Transition): void {
  const { voice, captureEnded, joinsBacklog, keepLastSamples } = transition.state;
  transition.set({ mic: 'off', joinsBacklog: false, keepLastSamples: false });
  if (voice === 'stopping' && !captureEnded) {
    transition.run({ do: 'end_capture' });
    transition.set({ captureEnded: true });
    sendStopIfReady(transition);
  } else if (joinsBacklog) {
    transition.run({ do: 'end_capture' });
    transition.set({ backlog: transition.state.backlog + 1 });
    deliverNext(transition);
  } else {
    // The last samples belong to a turn that is over and must not start the next one.
    transition.run({ do: 'drop_audio', keep: keepLastSamples });
  }
  if (transition.state.shouldListen) transition.openMic();
}

/** Takes the next ended turn from the backlog, unless an earlier one is still being delivered. */
export function dequeueTurn(transition: Transition): boolean {
  const { backlog, voice, captureEnded, link } = transition.state;
  if (backlog === 0 || voice !== 'idle' || captureEnded || link === 'closing') return false;
  transition.set({ backlog: backlog - 1, voice: 'stopping', captureEnded: true });
  return true;
}

/** Takes the next ended turn from the backlog and delivers it, on the existing connection if there is one. */
export function deliverNext(transition: Transition): void {
  if (!dequeueTurn(transition)) return;
  if (transition.state.link === 'none') transition.openLink();
  else if (transition.state.link === 'welcomed') transition.sendStart('stopping');
}
