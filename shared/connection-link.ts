import { backoffMs } from './backoff.ts';
import type { Draft } from './connection-draft.ts';
import { finish, start, stop } from './connection-turn.ts';
import { BREAKER_MS, type ConnectionEvent, MAX_FAILURES, type TimerName } from './connection-types.ts';
import type { ProblemCode } from './problems.ts';
import { CLOSE } from './protocol.ts';

/** Close codes after which trying again would be wrong, with what to tell the person. */
const FINAL: Readonly<Record<number, ProblemCode | null>> = {
  [CLOSE.done]: null,
  [CLOSE.policy]: 'refused_policy',
  [CLOSE.tooLarge]: 'refused_size',
  [CLOSE.takenOver]: 'taken_over',
};

export function welcome(draft: Draft, event: Extract<ConnectionEvent, { type: 'welcome' }>): void {
  const { state } = draft;
  const { socket, sessionId } = event;
  if (socket !== state.socket) return;
  if (state.link === 'welcomed' && state.sessionId === sessionId) {
    // A second copy: the server has not heard our `ready` yet. It changes nothing else.
    draft.run({ do: 'send_ready', socket, sessionId });
  }
  if (state.link !== 'opening') return;
  if (event.resumed) {
    if (state.sessionId !== sessionId || !event.agrees) return protocolError(draft, event.random);
    draft.set({ resumes: state.resumes + 1 });
    draft.greet();
    return goOn(draft);
  }
  if (state.sessionId !== null) bereave(draft);
  const { newSessions, bereft, wanted } = draft.state;
  draft.set({ sessionId, newSessions: newSessions + (bereft && wanted ? 1 : 0), bereft: false });
  draft.greet();
  // It was asked to take up a turn that had only to be finished.
  if (!wanted) return draft.closeLink();
  start(draft);
}

/** The session stands again: what was on its way is repeated, then it goes on where it was. */
function goOn(draft: Draft): void {
  const { voice, begun, socket } = draft.state;
  if (voice === 'idle') return start(draft);
  if (!begun) {
    // `start` was not answered. A turn that has ended since still has its words to deliver.
    draft.sendStart();
    draft.set({ voice });
    return;
  }
  draft.clear('idle');
  draft.run({ do: 'resume_audio', socket });
  finish(draft);
}

export function closed(draft: Draft, event: Extract<ConnectionEvent, { type: 'closed' }>): void {
  const { link, socket, wanted, voice, sessionId } = draft.state;
  const { code } = event;
  if (event.socket !== socket || link === 'none' || link === 'waiting') return;
  if (link === 'closing') return linkGone(draft);
  if (Object.hasOwn(FINAL, code)) {
    // A turn that was being delivered is over. A press since then is for the next one, whatever became of this.
    if (!wanted || voice === 'stopping') return linkGone(draft);
    draft.leave();
    return stop(draft, FINAL[code] ?? null);
  }
  if (code === CLOSE.nothingToResume && sessionId !== null) {
    bereave(draft);
    if (!wanted) return linkGone(draft);
    if (link === 'opening') {
      // The server is there and does not know the session: a new one, now.
      draft.stopLinkTimers();
      return draft.openLink();
    }
  }
  lost(draft, { random: event.random, atOnce: code === CLOSE.goingAway, retryAfterMs: event.retryAfterMs });
}

/** The session can't be taken up any more: its audio that was not acknowledged is lost. */
function bereave(draft: Draft): void {
  if (draft.state.begun) draft.set({ bereft: true });
  draft.endSession();
  // A press that waited for the former turn to be delivered.
  if (draft.state.wanted && draft.state.mic === 'off') draft.openMic();
}

/** The socket has gone as it should, or nobody minds. */
function linkGone(draft: Draft): void {
  draft.leave();
  draft.stopMic();
  if (!draft.state.wanted) {
    draft.run({ do: 'drop_audio' });
    return;
  }
  // A press while it was closing.
  draft.openLink();
  if (draft.state.mic === 'off') draft.openMic();
}

interface Loss {
  random: number;
  /** There is nothing to wait for before the first retry. */
  atOnce?: boolean;
  retryAfterMs?: number | null;
}

/**
 * The connection has gone although it is needed: wait, then take the session up again. The microphone stays on meanwhile,
 * and what it hears is kept.
 */
function lost(draft: Draft, { random, atOnce = false, retryAfterMs = null }: Loss): void {
  const { link, failures, broken, wanted, nudged } = draft.state;
  const stood = link === 'welcomed';
  draft.stopLinkTimers();
  draft.run({ do: 'hold_audio' });
  draft.set({ link: 'waiting', failures: failures + 1, broken: broken + (stood ? 1 : 0) });
  const open = failures + 1 >= MAX_FAILURES;
  if (open && !wanted) {
    // Last words that can't be delivered: nobody waits for them for ever.
    bereave(draft);
    return linkGone(draft);
  }
  // At once only for a connection that stood: a server that turns everybody away must not be hammered.
  const backoff = atOnce && stood ? 0 : backoffMs(failures, random);
  const ms = Math.max(nudged ? 0 : open ? BREAKER_MS : backoff, retryAfterMs ?? 0);
  draft.set({ retryInMs: ms });
  draft.setTimer('retry', ms);
}

/** An open socket through which nothing comes is no connection. */
export function frozen(draft: Draft, random: number): void {
  draft.abandon(CLOSE.welcomeUnacknowledged);
  lost(draft, { random, atOnce: true });
}

/** What the server claims to hold of the session can't be true, so nothing of it can be relied on. */
export function protocolError(draft: Draft, random: number): void {
  draft.abandon(CLOSE.protocolError);
  bereave(draft);
  if (draft.state.wanted) lost(draft, { random });
  else linkGone(draft);
}

export function timer(draft: Draft, name: TimerName, random: number): void {
  const { link, voice, pulse } = draft.state;
  const unanswered = (name === 'welcome' && link === 'opening') || (name === 'answer' && link === 'welcomed');
  if (unanswered) {
    draft.abandon(CLOSE.welcomeUnacknowledged);
    return lost(draft, { random });
  }
  if (name === 'pong' && link === 'welcomed') return frozen(draft, random);
  if (name === 'stable' && link === 'welcomed') draft.set({ failures: 0, nudged: false });
  if (name === 'idle' && link === 'welcomed' && voice === 'idle' && pulse === 'fresh') draft.set({ pulse: 'stale' });
  if (name === 'retry' && link === 'waiting') draft.openLink();
  if (name === 'close' && link === 'closing') {
    draft.abandon(CLOSE.done);
    linkGone(draft);
  }
}
