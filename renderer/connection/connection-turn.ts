import type { VoiceState } from '../../shared/protocol.ts';
import type { ConnectionState } from './connection-types.ts';
import type { ProblemCode } from './problems.ts';
import type { Transition } from './transition.ts';

/** A press that wants to listen. The microphone and the socket are opened side by side, in this very step. */
export function begin(draft: Transition, at: number): void {
  draft.set({
    wanted: true,
    problem: null,
    failures: 0,
    broken: 0,
    resumes: 0,
    newSessions: 0,
    bereft: false,
    pressedAt: at,
    promised: false,
  });
  const { link, voice, sealed, mic } = draft.state;
  if (link === 'none' || link === 'waiting') draft.openLink();
  // The former turn may still be on its way: once its microphone has been flushed, what is heard belongs to the new one.
  if (mic === 'off' && (voice === 'idle' || sealed)) draft.openMic();
}

/**
 * Whether the window says, or has said since the press, that what is heard is kept until there is a connection. Before that
 * a press cancels, and nothing that was heard is wanted.
 */
export function isKept({ wanted, promised, failures, broken, awaySince }: ConnectionState): boolean {
  return wanted && (promised || failures > 0 || broken > 0 || awaySince !== null);
}

/** Nothing is wanted any more: by a press (`problem` null), or because of a problem that the person is told. */
export function stop(draft: Transition, problem: ProblemCode | null): void {
  const { link, voice, begun, mic, sealed } = draft.state;
  const kept = mic === 'live' && isKept(draft.state);
  draft.set({ wanted: false, problem });
  if (voice === 'stopping' || sealed || link === 'closing') {
    // A former turn is on its way, and goes on. What was heard of this one is delivered behind it.
    if (kept) draft.set({ queued: true });
    if (link === 'waiting') draft.openLink();
  } else if (begun || voice === 'starting' || kept) {
    endTurn(draft);
    if (link === 'waiting') draft.openLink();
    // It waited for a pong before it started.
    if (link === 'welcomed' && voice === 'idle') draft.sendStart('stopping');
  } else if (link === 'waiting') {
    // Taken back before anything was kept: there is nothing to deliver.
    draft.leave();
  } else if (link !== 'none') {
    draft.closeLink();
  }
  draft.stopMic();
  const { state } = draft;
  if (!state.queued && (state.voice === 'idle' || state.sealed)) draft.run({ do: 'drop_audio', keep: state.salvage });
}

/** The turn ends at once, and what could not be delivered of it is kept for the person. */
export function fail(draft: Transition, problem: ProblemCode | null): void {
  draft.set({ wanted: false, problem });
  draft.leave(true);
  draft.stopMic();
}

/** What was said until now is delivered; a live microphone is flushed first. */
function endTurn(draft: Transition): void {
  if (draft.state.voice === 'stopping') return;
  // Last words have tries of their own, however many failed before.
  draft.set({ voice: 'stopping', failures: 0 });
}

/** Once the microphone has been flushed and the session has listened: `stop`, behind the last frames. */
export function finish(draft: Transition): void {
  const { voice, begun, sealed, link } = draft.state;
  if (voice === 'stopping' && begun && sealed && link === 'welcomed') draft.sendStop();
}

/** Once both the welcome and the microphone are there, and the connection is known to be alive. */
export function start(draft: Transition): void {
  const { wanted, link, voice, mic, pulse } = draft.state;
  if (!wanted || link !== 'welcomed' || voice !== 'idle' || mic !== 'live') return;
  if (pulse === 'stale') draft.ping();
  if (pulse === 'fresh') draft.sendStart();
}

export function voiceState(draft: Transition, answer: VoiceState): void {
  const { voice, begun, sealed, socket } = draft.state;
  if (answer === 'listening' && !begun && (voice === 'starting' || voice === 'stopping')) {
    draft.clear('answer');
    draft.endOutage();
    draft.set({ begun: true, voice: voice === 'starting' ? 'listening' : 'stopping' });
    draft.run({ do: 'open_audio', socket });
    finish(draft);
  } else if (answer === 'idle' && begun && voice === 'stopping' && sealed) {
    draft.set({ voice: 'idle', begun: false });
    draft.closeLink();
  } else if (answer === 'idle' && begun && voice === 'listening') {
    // Unasked: the server can keep no more of what is said.
    draft.set({ wanted: false, problem: 'recording_ended' });
    draft.stopMic();
    draft.endSession(true);
    draft.closeLink();
  }
}

/** The microphone is off, whether it was stopped or never came. */
export function microphoneLost(draft: Transition): void {
  const { voice, sealed, queued, salvage } = draft.state;
  draft.set({ mic: 'off', queued: false, salvage: false });
  if (voice === 'stopping' && !sealed) {
    draft.run({ do: 'seal_audio' });
    draft.set({ sealed: true });
    finish(draft);
  } else if (queued) {
    draft.run({ do: 'seal_audio' });
    draft.set({ backlog: draft.state.backlog + 1 });
    deliverNext(draft);
  } else {
    // The last samples belonged to a turn that is over: none of them may begin the next one.
    draft.run({ do: 'drop_audio', keep: salvage });
  }
  if (draft.state.wanted) draft.openMic();
}

/** The next one of the turns that have ended is the one to deliver, unless a former one is still on its way. */
export function takeNext(draft: Transition): boolean {
  const { backlog, voice, sealed, link } = draft.state;
  if (backlog === 0 || voice !== 'idle' || sealed || link === 'closing') return false;
  draft.set({ backlog: backlog - 1, voice: 'stopping', sealed: true });
  return true;
}

/** Takes the next one of the turns that have ended, and delivers it on the connection there is. */
export function deliverNext(draft: Transition): void {
  if (!takeNext(draft)) return;
  if (draft.state.link === 'none') draft.openLink();
  else if (draft.state.link === 'welcomed') draft.sendStart('stopping');
}
