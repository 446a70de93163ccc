import { CLOSE, RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { backoffMs } from './backoff.ts';
import { deliverNext, fail, finish, start, takeNext } from './connection-turn.ts';
import {
  BREAKER_MS,
  type Chance,
  type ConnectionEvent,
  DELIVERY_RETRY_MS,
  LAST_TRY_MS,
  MAX_FAILURES,
  type TimerName,
} from './connection-types.ts';
import type { ProblemCode } from './problems.ts';
import type { Transition } from './transition.ts';

/** Close codes after which trying again would be wrong, with what to tell the person. */
const FINAL: Readonly<Record<number, ProblemCode | null>> = {
  [CLOSE.done]: null,
  [CLOSE.policy]: 'refused_policy',
  [CLOSE.tooLarge]: 'refused_size',
  [CLOSE.takenOver]: 'taken_over',
};

export function welcome(draft: Transition, event: Extract<ConnectionEvent, { type: 'welcome' }>): void {
  const { state } = draft;
  const { socket, sessionId } = event;
  if (socket !== state.socket) return;
  if (state.link === 'welcomed' && state.sessionId === sessionId) {
    // A second copy: the server has not heard our `ready` yet. It changes nothing else.
    draft.run({ do: 'send_ready', socket, sessionId });
  }
  if (state.link !== 'opening') return;
  if (event.resumed) {
    if (state.sessionId !== sessionId || !event.agrees) return protocolError(draft, event);
    draft.set({ resumes: state.resumes + 1 });
    draft.greet();
    return goOn(draft);
  }
  if (state.sessionId !== null) bereave(draft);
  const { newSessions, bereft, wanted } = draft.state;
  draft.set({ sessionId, newSessions: newSessions + (bereft && wanted ? 1 : 0), bereft: false });
  draft.greet();
  // The words of a turn that has ended, and that no session has listened to yet.
  if (draft.state.voice === 'stopping') return draft.sendStart('stopping');
  // It was asked to take up a turn that had only to be finished.
  if (!wanted) return draft.closeLink();
  start(draft);
}

/** The session stands again: what was on its way is repeated, then it goes on where it was. */
function goOn(draft: Transition): void {
  const { voice, begun, socket } = draft.state;
  if (voice === 'idle') return start(draft);
  if (!begun) {
    // `start` was not answered. A turn that has ended since still has its words to deliver.
    draft.sendStart(voice === 'stopping' ? 'stopping' : 'starting');
    return;
  }
  draft.clear('idle');
  draft.run({ do: 'resume_audio', socket });
  finish(draft);
}

export function closed(draft: Transition, event: Extract<ConnectionEvent, { type: 'closed' }>): void {
  const { link, socket, wanted, voice, sessionId } = draft.state;
  const { code, random, at, retryAfterMs } = event;
  if (event.socket !== socket || link === 'none' || link === 'waiting') return;
  if (link === 'closing') return linkGone(draft);
  if (Object.hasOwn(FINAL, code)) {
    // A turn that was being delivered is over. A press since then is for the next one, whatever became of this.
    if (!wanted || voice === 'stopping') return linkGone(draft);
    return fail(draft, FINAL[code] ?? null);
  }
  if (code === CLOSE.nothingToResume && sessionId !== null) {
    bereave(draft);
    if (isDone(draft)) return linkGone(draft);
    if (link === 'opening') {
      // The server is there and does not know the session: a new one, now.
      draft.stopLinkTimers();
      return draft.openLink();
    }
  }
  lost(draft, { random, at, atOnce: code === CLOSE.goingAway, retryAfterMs });
}

/** Nothing is wanted, and nothing is left to deliver. */
function isDone({ state }: Transition): boolean {
  return !state.wanted && state.voice !== 'stopping';
}

/** The session can't be taken up any more: its audio that was not acknowledged is not in its recording. */
function bereave(draft: Transition): void {
  const { voice, begun } = draft.state;
  if (voice === 'stopping' && !begun) {
    // It never listened: the words are in no session, and another one can still have them.
    draft.run({ do: 'end_session', turnOver: false });
    draft.set({ sessionId: null });
    return;
  }
  if (begun && voice !== 'stopping') draft.set({ bereft: true });
  draft.endSession();
  // Its connection may have gone with it: the next one says that it starts.
  takeNext(draft);
}

/** The socket has gone as it should, or nobody minds. */
function linkGone(draft: Transition): void {
  draft.leave();
  const { wanted, backlog, queued, salvage } = draft.state;
  if (!wanted) draft.stopMic();
  if (backlog > 0) return deliverNext(draft);
  // A press while it was closing.
  if (wanted) return draft.openLink();
  if (!queued) draft.run({ do: 'drop_audio', keep: salvage });
}

interface Loss extends Chance {
  /** There is nothing to wait for before the first retry. */
  atOnce?: boolean;
  retryAfterMs?: number | null;
}

/**
 * The connection has gone although it is needed: wait, then take the session up again. The microphone stays on meanwhile,
 * and what it hears is kept, until the window is over in which the server keeps the session.
 */
function lost(draft: Transition, { random, at, atOnce = false, retryAfterMs = null }: Loss): void {
  const { link, failures, broken, nudged, voice, lastTry } = draft.state;
  const stood = link === 'welcomed';
  draft.stopLinkTimers();
  draft.run({ do: 'hold_audio' });
  draft.set({ link: 'waiting', failures: failures + 1, broken: broken + (stood ? 1 : 0) });
  if (lastTry) return windowOver(draft, at);
  const since = draft.state.awaySince ?? at;
  if (draft.state.awaySince === null) draft.beginOutage(at, at);
  // At once only for a connection that stood: a server that turns everybody away must not be hammered.
  const backoff = atOnce && stood ? 0 : backoffMs(failures, random);
  // What has ended is only kept for the window: no long waits then.
  const pause = voice === 'stopping' ? DELIVERY_RETRY_MS : BREAKER_MS;
  const wait = failures + 1 >= MAX_FAILURES ? pause : Math.min(backoff, pause);
  const left = Math.max(since + RESUME_WINDOW_MS - LAST_TRY_MS - at, 0);
  if (left === 0) {
    draft.clear('window');
    draft.set({ lastTry: true });
  }
  const ms = Math.min(Math.max(nudged ? 0 : wait, retryAfterMs ?? 0), left);
  draft.set({ retryInMs: ms });
  draft.setTimer('retry', ms);
}

/** All tries failed for as long as a session is kept: what could not be delivered by now is kept for the person instead. */
function windowOver(draft: Transition, at: number): void {
  const { voice, wanted, backlog, pressedAt } = draft.state;
  if (voice !== 'stopping') return fail(draft, 'server_gone');
  if (backlog > 0) draft.run({ do: 'give_up_backlog' });
  draft.set({ backlog: 0 });
  if (!wanted) return linkGone(draft);
  draft.endSession();
  // The turn that is spoken has a window of its own, from its press on.
  draft.beginOutage(pressedAt, at);
  draft.openLink();
}

/** An open socket through which nothing comes is no connection. */
export function frozen(draft: Transition, { random, at }: Chance): void {
  draft.abandon(CLOSE.welcomeUnacknowledged);
  lost(draft, { random, at, atOnce: true });
}

/** What the server claims to hold of the session can't be true, so nothing of it can be relied on. */
export function protocolError(draft: Transition, { random, at }: Chance): void {
  draft.abandon(CLOSE.protocolError);
  bereave(draft);
  if (isDone(draft)) linkGone(draft);
  else lost(draft, { random, at });
}

/**
 * Another program answers in Earshot's place. It gets nothing and is not asked again, until a press; what was said stays in
 * the window.
 */
export function unproven(draft: Transition): void {
  const { link, backlog, mic } = draft.state;
  if (link !== 'waiting') draft.abandon(CLOSE.protocolError);
  // Before the turn in front of them is over as well.
  if (backlog > 0) draft.run({ do: 'give_up_backlog' });
  draft.set({ backlog: 0, queued: false });
  fail(draft, 'other_program');
  // What the microphone still holds, of whichever turn, is kept with the rest.
  draft.set({ salvage: mic !== 'off' });
}

export function timer(draft: Transition, name: TimerName, { random, at }: Chance): void {
  const { link, voice, pulse } = draft.state;
  const unanswered = (name === 'welcome' && link === 'opening') || (name === 'answer' && link === 'welcomed');
  if (unanswered) {
    draft.abandon(CLOSE.welcomeUnacknowledged);
    return lost(draft, { random, at });
  }
  if (name === 'pong' && link === 'welcomed') return frozen(draft, { random, at });
  if (name === 'stable' && link === 'welcomed') {
    draft.endOutage();
    draft.set({ failures: 0, nudged: false });
  }
  if (name === 'window') {
    // In time, where a connection stands.
    if (link === 'welcomed') return draft.set({ awaySince: null });
    draft.set({ lastTry: true });
    if (link === 'waiting') draft.openLink();
  }
  if (name === 'idle' && link === 'welcomed' && voice === 'idle' && pulse === 'fresh') draft.set({ pulse: 'stale' });
  if (name === 'retry' && link === 'waiting') draft.openLink();
  if (name === 'close' && link === 'closing') {
    draft.abandon(CLOSE.done);
    linkGone(draft);
  }
}
