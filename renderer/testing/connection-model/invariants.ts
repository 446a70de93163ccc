import { expect } from 'vitest';
import { isBreakerOpen, viewOf } from '../../connection/connection-state.ts';
import { MAX_FAILURES, type TimerName } from '../../connection/connection-types.ts';
import type { Environment } from './environment.ts';

/** Test support: what is true after every step of the state machine, whatever led there. */
export function checkRules(world: Environment): void {
  checkResources(world);
  checkTimers(world);
  checkTurn(world);
  checkQueue(world);
  checkWords(world);
  checkView(world);
  checkAudio(world);
}

/** At most one socket and one microphone that are not gone, and the state knows where they are. */
function checkResources({ state, sockets, mics, standing, sessionOf }: Environment): void {
  const { link, socket, mic, micNumber, sessionId } = state;
  const expected = { none: [], waiting: [], opening: ['live'], welcomed: ['live'], closing: ['closing'] }[link];
  expect([...sockets.values()], `sockets while ${link}`).toEqual(expected);
  if (sockets.size > 0) expect(sockets.has(socket)).toBe(true);
  expect([...mics.values()]).toEqual(mic === 'off' ? [] : [mic]);
  if (mic !== 'off') expect(mics.has(micNumber)).toBe(true);

  expect(sessionId, 'the session is another than was agreed').toBe(standing);
  if (link === 'welcomed') expect(sessionId).toBe(sessionOf.get(socket) ?? 'no welcome');
  if (link === 'none') expect(sessionId).toBeNull();
}

/** Each wait is watched by the one timer that ends it, and by no other. */
function checkTimers({ state, timers }: Environment): void {
  const { link, voice, begun, liveness, sealed } = state;
  const expected = new Set<TimerName>();
  const set = new Set(timers.keys());
  if (link === 'opening') expected.add('welcome');
  if (link === 'closing') expected.add('close');
  if (link === 'waiting') expected.add('retry');
  // What is kept without a connection is kept for so long; the last try is watched by its own end.
  if (state.offlineSince !== null && !state.lastTry) expected.add('window');
  if (link === 'welcomed') {
    if (voice === 'starting' || (voice === 'stopping' && (!begun || sealed))) expected.add('answer');
    if (liveness === 'asked') expected.add('pong');
    if (liveness === 'fresh' && voice === 'idle') expected.add('idle');
    if (liveness === 'asked' && voice === 'idle') set.delete('idle');
    set.delete('stable');
  }
  expect(set, `timers while ${link}, ${voice}, ${liveness}`).toEqual(expected);
  expect(state.retryInMs).toBe(link === 'waiting' ? (timers.get('retry') ?? 'no timer') : null);
}

/** What is wanted is under way: something is awaited that will go on with it. What is not wanted comes to its end. */
function checkTurn({ state }: Environment): void {
  const { shouldListen, link, voice, begun, sealed, mic, liveness, sessionId, backlog, queued, offlineSince, lastTry } =
    state;
  if (begun || voice === 'starting') expect(sessionId, `${voice} without a session`).not.toBeNull();
  if (voice === 'idle' || voice === 'starting') expect(begun).toBe(false);
  if (voice === 'listening') expect(begun).toBe(true);
  if (voice === 'starting' || voice === 'listening') expect([shouldListen, mic, sealed]).toEqual([true, 'live', false]);
  if (voice === 'stopping' && !sealed) expect(mic).toBe('stopping');
  if (sealed) expect(voice === 'stopping' || link === 'closing', 'sealed, and not delivered').toBe(true);
  if (backlog > 0) expect(sealed || link === 'closing', 'a turn waits behind none').toBe(true);
  if (queued) expect([shouldListen && mic !== 'stopping', mic]).toEqual([false, 'stopping']);
  if (link === 'waiting') expect(offlineSince, 'waits, and for no window').not.toBeNull();
  if (link === 'none' || link === 'closing') expect([offlineSince, lastTry]).toEqual([null, false]);
  if (shouldListen) {
    expect(link, 'shouldListen, and nothing is done about it').not.toBe('none');
    expect(state.problem).toBeNull();
    if (voice === 'idle') expect(mic, 'shouldListen, and no microphone is coming').not.toBe('off');
    if (voice === 'idle' && link === 'welcomed' && mic === 'live') expect(liveness).toBe('asked');
  } else {
    if (link !== 'none' && link !== 'closing') expect(voice, `not shouldListen, and ${link}`).toBe('stopping');
    expect(mic, 'not shouldListen, and the microphone is on').toBeOneOf(['off', 'stopping']);
  }
}

/** Turns are in the order and the number that the state believes. */
function checkQueue({ state, audio }: Environment): void {
  const { voice, sealed, backlog } = state;
  const ended = audio.turns.filter((turn) => turn.sealed);
  expect(ended.length, 'turns that have ended').toBe((sealed ? 1 : 0) + backlog);
  expect(audio.turns.slice(0, ended.length), 'an ended turn behind one that is spoken').toEqual(ended);
  if (voice === 'listening') expect(ended).toEqual([]);
}

/** On a connection: ready once or more, then start or the start of before, then stop; pings anywhere. */
function checkWords({ said }: Environment): void {
  for (const words of said.values()) {
    if (words.length > 0) expect(words[0]).toBe('send_ready');
    const turn = words.filter((word) => word !== 'send_ready' && word !== 'send_ping');
    expect(turn.join()).toBeOneOf(['', 'send_start', 'send_start,send_stop', 'send_stop']);
  }
}

/** Listening is said where all of it is true; idle, where nothing at all is left. */
function checkView({ state, sockets, mics, timers, listens, audio }: Environment): void {
  const { shouldListen, link, mic, sessionId, failures } = state;
  const view = viewOf(state);
  if (view === 'listening') {
    expect({ shouldListen, link, mic }).toEqual({ shouldListen: true, link: 'welcomed', mic: 'live' });
    expect([...listens], 'listening is shown, and the server never said so').toContain(sessionId);
    expect([audio.session, audio.gate]).toEqual([sessionId, state.socket]);
  }
  if (isBreakerOpen(state)) expect([view, failures >= MAX_FAILURES]).toEqual(['reconnecting', true]);
  if (view === 'idle') {
    expect([sockets.size, timers.size, audio.session]).toEqual([0, 0, null]);
    if (mic === 'off') expect([mics.size, audio.waiting.length]).toEqual([0, 0]);
  }
}

/** Each frame is at exactly one place, and none leaves by a connection that has gone. */
function checkAudio({ audio, sockets, captured }: Environment): void {
  if (audio.gate !== null) expect(sockets.has(audio.gate), 'audio leaves by a socket that has gone').toBe(true);
  const places = [audio.waiting, audio.numbered, audio.offered, audio.dropped];
  for (const [session, held] of audio.held) if (session !== audio.session) places.push(held);
  expect(
    places.reduce((sum, { length }) => sum + length, 0),
    'frames are doubled, or gone',
  ).toBe(captured);
}
