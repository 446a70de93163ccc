import { expect } from 'vitest';
import { isBreakerOpen, viewOf } from '../../connection/connection-state.ts';
import { MAX_FAILURES, type TimerName } from '../../connection/connection-types.ts';
import type { Environment } from './environment.ts';

/** Checks the invariants that must hold after every step of the state machine. */
export function checkRules(model: Environment): void {
  checkResources(model);
  checkTimers(model);
  checkTurn(model);
  checkQueue(model);
  checkMessages(model);
  checkView(model);
  checkAudio(model);
}

/** There is at most one socket and one microphone, and they match the state. */
function checkResources({ state, sockets, mics, currentSession, sessionOf }: Environment): void {
  const { link, socket, mic, micNumber, sessionId } = state;
  const expected = { none: [], waiting: [], opening: ['live'], welcomed: ['live'], closing: ['closing'] }[link];
  expect([...sockets.values()], `sockets while ${link}`).toEqual(expected);
  if (sockets.size > 0) expect(sockets.has(socket)).toBe(true);
  expect([...mics.values()]).toEqual(mic === 'off' ? [] : [mic]);
  if (mic !== 'off') expect(mics.has(micNumber)).toBe(true);

  expect(sessionId, 'the session differs from the agreed one').toBe(currentSession);
  if (link === 'welcomed') expect(sessionId).toBe(sessionOf.get(socket) ?? 'no welcome');
  if (link === 'none') expect(sessionId).toBeNull();
}

/** Exactly the timers of the current waits are set. */
function checkTimers({ state, timers }: Environment): void {
  const { link, voice, turnConfirmed, liveness, captureEnded } = state;
  const expected = new Set<TimerName>();
  const set = new Set(timers.keys());
  if (link === 'opening') expected.add('welcome');
  if (link === 'closing') expected.add('close');
  if (link === 'waiting') expected.add('retry');
  // The window timer limits how long audio is kept while disconnected; the last attempt has its own timeout.
  if (state.offlineSince !== null && !state.lastTry) expected.add('window');
  if (link === 'welcomed') {
    if (voice === 'starting' || (voice === 'stopping' && (!turnConfirmed || captureEnded))) expected.add('answer');
    if (liveness === 'asked') expected.add('pong');
    if (liveness === 'fresh' && voice === 'idle') expected.add('idle');
    if (liveness === 'asked' && voice === 'idle') set.delete('idle');
    set.delete('stable');
  }
  expect(set, `timers while ${link}, ${voice}, ${liveness}`).toEqual(expected);
  expect(state.retryInMs).toBe(link === 'waiting' ? (timers.get('retry') ?? 'no timer') : null);
}

/** While the user records, the turn is in progress or waits for an event; otherwise it is ending. */
function checkTurn({ state }: Environment): void {
  const {
    shouldListen,
    link,
    voice,
    turnConfirmed,
    captureEnded,
    mic,
    liveness,
    sessionId,
    backlog,
    joinsBacklog,
    offlineSince,
    lastTry,
  } = state;
  if (turnConfirmed || voice === 'starting') expect(sessionId, `${voice} without a session`).not.toBeNull();
  if (voice === 'idle' || voice === 'starting') expect(turnConfirmed).toBe(false);
  if (voice === 'listening') expect(turnConfirmed).toBe(true);
  if (voice === 'starting' || voice === 'listening')
    expect([shouldListen, mic, captureEnded]).toEqual([true, 'live', false]);
  if (voice === 'stopping' && !captureEnded) expect(mic).toBe('stopping');
  if (captureEnded)
    expect(voice === 'stopping' || link === 'closing', 'its capture has ended, but it is not being delivered').toBe(
      true,
    );
  if (backlog > 0) expect(captureEnded || link === 'closing', 'a backlog without a turn in front of it').toBe(true);
  if (joinsBacklog) expect([shouldListen && mic !== 'stopping', mic]).toEqual([false, 'stopping']);
  if (link === 'waiting') expect(offlineSince, 'waiting without an outage').not.toBeNull();
  if (link === 'none' || link === 'closing') expect([offlineSince, lastTry]).toEqual([null, false]);
  if (shouldListen) {
    expect(link, 'recording without a link').not.toBe('none');
    expect(state.problem).toBeNull();
    if (voice === 'idle') expect(mic, 'recording without a microphone').not.toBe('off');
    if (voice === 'idle' && link === 'welcomed' && mic === 'live') expect(liveness).toBe('asked');
  } else {
    if (link !== 'none' && link !== 'closing') expect(voice, `not recording, but ${link}`).toBe('stopping');
    expect(mic, 'not recording, but the microphone is on').toBeOneOf(['off', 'stopping']);
  }
}

/** The order and number of the turns match the state. */
function checkQueue({ state, audio }: Environment): void {
  const { voice, captureEnded, backlog } = state;
  const ended = audio.turns.filter((turn) => turn.captureEnded);
  expect(ended.length, 'turns that have ended').toBe((captureEnded ? 1 : 0) + backlog);
  expect(audio.turns.slice(0, ended.length), 'an ended turn behind the one being captured').toEqual(ended);
  if (voice === 'listening') expect(ended).toEqual([]);
}

/**
 * Order of messages on a connection: one or more `ready`, then `start` unless it was sent earlier, then `stop`; pings
 * anywhere.
 */
function checkMessages({ sentMessages }: Environment): void {
  for (const messages of sentMessages.values()) {
    if (messages.length > 0) expect(messages[0]).toBe('send_ready');
    const turn = messages.filter((message) => message !== 'send_ready' && message !== 'send_ping');
    expect(turn.join()).toBeOneOf(['', 'send_start', 'send_start,send_stop', 'send_stop']);
  }
}

/** The view is `listening` only if everything is connected, and `idle` only if nothing is left. */
function checkView({ state, sockets, mics, timers, confirmedSessions, audio }: Environment): void {
  const { shouldListen, link, mic, sessionId, failures } = state;
  const view = viewOf(state);
  if (view === 'listening' || view === 'paused') {
    expect(state.paused).toBe(view === 'paused');
    expect({ shouldListen, link, mic }).toEqual({ shouldListen: true, link: 'welcomed', mic: 'live' });
    expect([...confirmedSessions], 'listening without confirmation of the server').toContain(sessionId);
    expect([audio.session, audio.openSocket]).toEqual([sessionId, state.socket]);
  }
  if (isBreakerOpen(state)) expect([view, failures >= MAX_FAILURES]).toEqual(['reconnecting', true]);
  if (view === 'idle') {
    expect([sockets.size, timers.size, audio.session]).toEqual([0, 0, null]);
    if (mic === 'off') expect([mics.size, audio.waiting.length]).toEqual([0, 0]);
  }
}

/** Each frame is in exactly one place, and none is sent on a closed connection. */
function checkAudio({ audio, sockets, captured }: Environment): void {
  if (audio.openSocket !== null) expect(sockets.has(audio.openSocket), 'audio is sent on a closed socket').toBe(true);
  const places = [audio.waiting, audio.numbered, audio.offered, audio.dropped];
  for (const [session, held] of audio.held) if (session !== audio.session) places.push(held);
  expect(
    places.reduce((sum, { length }) => sum + length, 0),
    'frames are duplicated or lost',
  ).toBe(captured);
}
