import type { Draft } from './connection-draft.ts';
import type { ProblemCode } from './problems.ts';
import type { VoiceState } from './protocol.ts';

/** A press that wants to listen. The microphone and the socket are opened side by side, in this very step. */
export function begin(draft: Draft): void {
  draft.set({
    wanted: true,
    problem: null,
    failures: 0,
    broken: 0,
    resumes: 0,
    newSessions: 0,
    bereft: false,
  });
  const { link } = draft.state;
  if (link === 'none' || link === 'waiting') draft.openLink();
  // While the former turn is delivered, or the former microphone flushed, the new one waits for its turn.
  const { voice, mic } = draft.state;
  if (draft.state.link === 'opening' && voice === 'idle' && mic === 'off') draft.openMic();
}

/** Nothing is wanted any more: by a press (`problem` null), or because of a problem that the person is told. */
export function stop(draft: Draft, problem: ProblemCode | null): void {
  draft.set({ wanted: false, problem });
  const { link, voice } = draft.state;
  if (link === 'welcomed') {
    if (voice === 'idle') draft.closeLink();
    else endTurn(draft);
  } else if (link === 'opening' || link === 'waiting') {
    if (draft.state.begun || voice === 'stopping') {
      endTurn(draft);
      if (link === 'waiting') draft.openLink();
    } else {
      // Taken back before the server listened: there is nothing to deliver.
      draft.set({ voice: 'idle' });
      if (link === 'opening') draft.closeLink();
      else draft.leave();
    }
  }
  draft.stopMic();
  if (draft.state.voice === 'idle') draft.run({ do: 'drop_audio' });
}

/** What was said until now is delivered; a live microphone is flushed first. */
function endTurn(draft: Draft): void {
  if (draft.state.voice === 'stopping') return;
  // Last words have tries of their own, however many failed before.
  draft.set({ voice: 'stopping', failures: 0 });
  finish(draft);
}

/** Once the microphone is off and the session has listened: the last frames, and `stop` behind them. */
export function finish(draft: Draft): void {
  const { voice, begun, mic, link } = draft.state;
  if (voice !== 'stopping' || !begun || mic !== 'off') return;
  draft.run({ do: 'seal_audio' });
  if (link === 'welcomed') draft.sendStop();
}

/** Once both the welcome and the microphone are there, and the connection is known to be alive. */
export function start(draft: Draft): void {
  const { wanted, link, voice, mic, pulse } = draft.state;
  if (!wanted || link !== 'welcomed' || voice !== 'idle' || mic !== 'live') return;
  if (pulse === 'stale') draft.ping();
  if (pulse === 'fresh') draft.sendStart();
}

export function voiceState(draft: Draft, answer: VoiceState): void {
  const { voice, begun, mic, socket } = draft.state;
  if (answer === 'listening' && !begun && (voice === 'starting' || voice === 'stopping')) {
    draft.clear('answer');
    draft.set({ begun: true, voice: voice === 'starting' ? 'listening' : 'stopping' });
    draft.run({ do: 'open_audio', socket });
    finish(draft);
  } else if (answer === 'idle' && begun && voice === 'stopping' && mic === 'off') {
    draft.set({ voice: 'idle', begun: false });
    draft.closeLink();
  } else if (answer === 'idle' && begun && voice === 'listening') {
    // Unasked: the server can keep no more of what is said.
    draft.set({ wanted: false, problem: 'recording_ended', voice: 'stopping' });
    draft.stopMic();
    draft.endSession();
    draft.closeLink();
  }
}

/** The microphone is off, whether it was stopped or never came. */
export function micGone(draft: Draft): void {
  draft.set({ mic: 'off' });
  const { wanted, link, voice } = draft.state;
  if (voice === 'stopping') return finish(draft);
  // The last samples belonged to a turn that is over: none of them may begin the next one.
  draft.run({ do: 'drop_audio' });
  if (wanted && link !== 'closing' && link !== 'none') draft.openMic();
}
