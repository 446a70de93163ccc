import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConnectionModel,
  connectionModel,
  healthyStep,
  settle,
  timerStep,
} from '../testing/connection-model/model.ts';
import { isBreakerOpen, viewOf } from './connection-state.ts';
import { type ConnectionState, INITIAL_STATE, MAX_FAILURES } from './connection-types.ts';
import type { MicProblem } from './problems.ts';

describe('dispose', () => {
  test.each<[string, (model: ConnectionModel) => ConnectionModel]>([
    ['idle', (model) => model],
    ['connecting', (model) => model.press()],
    ['welcomed', (model) => model.press().welcome()],
    ['waiting for the pong after a wake-up', (model) => model.listening().send({ type: 'woke' })],
    ['listening', (model) => model.listening()],
    ['flushing', (model) => model.listening().press()],
    ['stopping', (model) => model.listening().press().micStopped()],
    ['closing', (model) => model.press().press()],
    ['waiting', (model) => model.listening().closed(1006)],
    ['waiting to deliver the last audio', (model) => model.listening().press().closed(1006)],
    ['resuming the session', (model) => model.listening().closed(1006).fire('retry')],
  ])('while %s: releases socket, session and timers in the same step and stops the microphone', (_title, reach) => {
    const model = reach(connectionModel()).send({ type: 'dispose' });
    expect([model.sockets.size, model.timers.size, model.state.shouldListen, model.state.sessionId]).toEqual([
      0,
      0,
      false,
      null,
    ]);
    expect([...model.mics.values()].filter((mic) => mic !== 'stopping')).toEqual([]);
    if (model.state.mic === 'stopping') model.frame().micStopped();
    expect(model.isIdle).toBe(true);
  });
});

describe('the view', () => {
  test.each<[string, Partial<ConnectionState>, string]>([
    ['not recording', {}, 'idle'],
    ['not recording, the socket closing', { link: 'closing' }, 'stopping'],
    ['not recording, the turn flushing', { link: 'welcomed', voice: 'stopping' }, 'stopping'],
    ['not recording, last audio waiting', { link: 'waiting', voice: 'stopping', failures: 1 }, 'stopping'],
    ['a problem', { problem: 'mic_denied' }, 'error'],
    ['a problem, the socket still closing', { problem: 'mic_denied', link: 'closing' }, 'error'],
    ['recording, opening', { shouldListen: true, link: 'opening' }, 'connecting'],
    ['recording, opening after a failure', { shouldListen: true, link: 'opening', failures: 1 }, 'reconnecting'],
    [
      'recording, opening after a lost connection',
      { shouldListen: true, link: 'opening', lostConnections: 1 },
      'reconnecting',
    ],
    ['recording, waiting', { shouldListen: true, link: 'waiting', failures: 1 }, 'reconnecting'],
    [
      'recording, connection of the turn lost',
      { shouldListen: true, link: 'waiting', voice: 'listening', turnConfirmed: true, lostConnections: 1 },
      'reconnecting',
    ],
    ['recording, welcomed', { shouldListen: true, link: 'welcomed' }, 'connecting'],
    ['recording, starting', { shouldListen: true, link: 'welcomed', voice: 'starting' }, 'connecting'],
    ['recording, listening', { shouldListen: true, link: 'welcomed', voice: 'listening' }, 'listening'],
    ['recording, paused', { shouldListen: true, link: 'welcomed', voice: 'listening', paused: true }, 'paused'],
    [
      'recording, paused, connection lost',
      {
        shouldListen: true,
        link: 'waiting',
        voice: 'listening',
        turnConfirmed: true,
        lostConnections: 1,
        paused: true,
      },
      'reconnecting',
    ],
    [
      'not recording, paused until the microphone is off',
      { link: 'welcomed', voice: 'stopping', paused: true },
      'stopping',
    ],
    [
      'recording, listening after a failure',
      { shouldListen: true, link: 'welcomed', voice: 'listening', failures: 2 },
      'listening',
    ],
    [
      'recording again, previous turn stopping',
      { shouldListen: true, link: 'welcomed', voice: 'stopping' },
      'connecting',
    ],
    ['recording again, previous socket closing', { shouldListen: true, link: 'closing' }, 'connecting'],
  ])('%s: %s', (_title, change, view) => {
    expect(viewOf({ ...INITIAL_STATE, ...change })).toBe(view);
  });

  test.each<[boolean, Partial<ConnectionState>]>([
    [true, { link: 'waiting' }],
    [true, { link: 'opening' }],
    [false, { link: 'welcomed' }],
    [false, { link: 'waiting', failures: MAX_FAILURES - 1 }],
    [false, { link: 'waiting', shouldListen: false }],
  ])('H21 the breaker is open: %s with %o', (open, change) => {
    expect(isBreakerOpen({ ...INITIAL_STATE, shouldListen: true, failures: MAX_FAILURES, ...change })).toBe(open);
  });
});

describe('H11 any sequence of events', () => {
  const CODES = [1000, 1001, 1005, 1006, 1008, 1009, 1011, 1013, 4408, 4409, 4410];
  const MIC_PROBLEMS: MicProblem[] = ['mic_denied', 'mic_missing', 'mic_busy', 'mic_unplugged', 'mic_failed'];

  /** Random numbers for each step. Uniform, because a bias to small numbers would select the same few events. */
  const choices = fc.noBias(fc.array(fc.tuple(fc.nat(9_999), fc.nat(9_999)), { maxLength: 60, size: 'max' }));

  /**
   * All events that are possible now, with equal probability, so that the final ones don’t dominate.
   */
  function possibleEvents(model: ConnectionModel, seed: number): Array<() => void> {
    const random = (seed % 1_000) / 1_000;
    const code = CODES[seed % CODES.length] ?? 1006;
    const { socket, micNumber } = model.state;
    const events: Array<() => void> = [
      () => model.press(),
      () => model.frame(),
      () => model.send({ type: 'retry_now' }),
      () => model.send({ type: 'retry_hint' }),
      () => model.send({ type: 'woke' }),
      () => model.paused(seed % 2 > 0),
      () => model.muted(seed % 2 > 0),
      () => model.send({ type: 'limit_reached' }),
      () => sendStaleEvent(model, seed, socket, micNumber),
    ];
    for (const [number, state] of model.sockets) {
      events.push(() =>
        model.closed(code, { socket: number, random, ...(seed % 2 ? { retryAfterMs: seed % 5_000 } : {}) }),
      );
      if (state === 'closing') events.push(() => model.closed(1000, { socket: number }));
      // Valid messages of a server, an unknown session, an impossible seq, and unexpected messages.
      events.push(() => model.welcome({ socket: number, random }));
      events.push(() => model.welcome({ socket: number, resumed: false, random }));
      events.push(() => model.welcome({ socket: number, isConsistent: seed % 3 > 0, resumed: true, random }));
      events.push(() => model.welcome({ socket: number, sessionId: `other${number}`, resumed: seed % 2 > 0, random }));
      events.push(() => model.send({ type: 'frozen', socket: number, random }));
      events.push(() => model.send({ type: 'progress', socket: number }));
      if (!model.sessionOf.has(number)) events.push(() => model.send({ type: 'unproven', socket: number }));
      if (!model.sessionOf.has(number)) continue;
      events.push(() => model.send({ type: 'voice_state', socket: number, state: seed % 2 ? 'idle' : 'listening' }));
      events.push(() => model.send({ type: 'pong', socket: number }));
      events.push(() => model.send({ type: 'protocol_error', socket: number, random }));
    }
    for (const timer of model.timers.keys()) events.push(() => model.fire(timer, random));
    if (model.state.link === 'waiting' && seed % 3 === 0)
      events.push(() => model.send({ type: 'server_full', socket }));
    if (model.state.link === 'waiting' && seed % 3 === 1) events.push(() => model.send({ type: 'host_unproven' }));
    return [...events, ...microphoneEvents(model, seed)];
  }

  function microphoneEvents(model: ConnectionModel, seed: number): Array<() => void> {
    const problem = MIC_PROBLEMS[seed % MIC_PROBLEMS.length] ?? 'mic_failed';
    const events: Array<() => void> = [];
    for (const [number, state] of model.mics) {
      if (state === 'opening') events.push(() => model.send({ type: 'mic_live', mic: number }));
      // Sent before the microphone was told to stop, received after it.
      if (state === 'stopping') events.push(() => model.send({ type: 'mic_live', mic: number }));
      if (state !== 'live') events.push(() => model.send({ type: 'mic_failed', mic: number, problem }));
      if (state !== 'opening') events.push(() => model.send({ type: 'mic_ended', mic: number }));
      if (state === 'stopping') events.push(() => model.send({ type: 'mic_stopped', mic: number }));
    }
    return events;
  }

  /** An event of a stale socket or microphone, which must be ignored. */
  function sendStaleEvent(model: ConnectionModel, seed: number, socket: number, mic: number): void {
    const staleSocket = model.sockets.has(socket) ? seed % Math.max(1, socket) : seed % (socket + 1);
    const staleMic = model.mics.has(mic) ? seed % Math.max(1, mic) : seed % (mic + 1);
    const random = 0.5;
    const events: Parameters<ConnectionModel['send']> = [
      { type: 'welcome', socket: staleSocket, sessionId: 'late', resumed: seed % 2 > 0, isConsistent: true, random },
      { type: 'voice_state', socket: staleSocket, state: 'listening' },
      { type: 'voice_state', socket: staleSocket, state: 'idle' },
      { type: 'pong', socket: staleSocket },
      { type: 'frozen', socket: staleSocket, random },
      { type: 'progress', socket: staleSocket },
      { type: 'unproven', socket: staleSocket },
      { type: 'protocol_error', socket: staleSocket, random },
      { type: 'closed', socket: staleSocket, code: CODES[seed % CODES.length] ?? 1006, random, retryAfterMs: 9 },
      ...(model.state.link === 'waiting' ? [] : [{ type: 'server_full' as const, socket: staleSocket }]),
      ...(model.state.link === 'waiting' ? [] : [{ type: 'host_unproven' as const }]),
      { type: 'mic_live', mic: staleMic },
      { type: 'mic_failed', mic: staleMic, problem: 'mic_busy' },
      { type: 'mic_ended', mic: staleMic },
      { type: 'mic_stopped', mic: staleMic },
    ];
    const event = events[seed % events.length];
    if (event === undefined) return;
    const before = model.state;
    model.send(event);
    expect(model.state, `the event is stale: ${event.type}`).toBe(before);
    expect(model.effects).toEqual([]);
  }

  function randomWalk(model: ConnectionModel, steps: Array<[number, number]>): ConnectionModel {
    for (const [which, seed] of steps) {
      const events = possibleEvents(model, seed);
      // Every other step is one of a healthy server, so that a walk reaches all states and faults occur everywhere.
      if (which % 2 === 0 && healthyStep(model)) continue;
      events[(which >> 1) % events.length]?.();
    }
    return model;
  }

  // The model checks its invariants at every step: one live socket, one microphone, exactly the timers of the state,
  // no listening without a welcome, nothing left when idle, messages and audio only on the welcomed socket of their
  // session, no frame of one press in the session of another, no frame duplicated or lost.
  test.each<[string, () => ConnectionModel]>([
    ['nothing', connectionModel],
    ['a turn that listens', () => connectionModel().listening().frame()],
    ['last audio waiting', () => connectionModel().listening().frame().press().closed(1006)],
    [
      'a turn that ended before the server listened',
      () => connectionModel().press().welcome().micLive().frame().press(),
    ],
  ])('after %s, keeps every rule at every step', (_title, begin) => {
    fc.assert(
      fc.property(choices, (steps) => {
        randomWalk(begin(), steps);
      }),
      { numRuns: 150 },
    );
  });

  test('idle is reachable from every state by one press and the pending answers', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        const model = randomWalk(connectionModel(), steps);
        if (model.state.shouldListen) model.press();
        settle(model);
        expect([model.view === 'error' ? 'idle' : model.view, model.isIdle]).toEqual(['idle', true]);
      }),
      { numRuns: 150 },
    );
  });

  test('idle is reachable by timers alone, without any answers', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        const model = randomWalk(connectionModel(), steps);
        if (model.state.shouldListen) model.press();
        settle(model, timerStep);
        expect([model.view === 'error' ? 'idle' : model.view, model.isIdle]).toEqual(['idle', true]);
      }),
      { numRuns: 150 },
    );
  });

  test('a press leads to listening from every state if server and microphone work', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        const model = randomWalk(connectionModel(), steps);
        if (!model.state.shouldListen) model.press();
        settle(model);
        // A paused turn stays paused until it is told to go on.
        if (model.state.paused) settle(model.paused(false));
        expect([model.view, model.state.problem]).toEqual(['listening', null]);
      }),
      { numRuns: 150 },
    );
  });

  test('dispose releases everything from every state, and nothing starts after it', () => {
    fc.assert(
      fc.property(choices, fc.array(fc.nat(9_999), { maxLength: 12 }), (steps, later) => {
        const model = randomWalk(connectionModel(), steps).send({ type: 'dispose' });
        expect([model.sockets.size, model.timers.size]).toEqual([0, 0]);
        for (const seed of later) {
          sendStaleEvent(model, seed, model.state.socket, model.state.micNumber);
          model.send({ type: 'retry_now' }, { type: 'retry_hint' }, { type: 'woke' }).frame();
        }
        if (model.state.mic === 'stopping') model.micStopped();
        expect(model.isIdle).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  /** The events that can happen to a turn whose session the server keeps. The last attempt of the window succeeds. */
  function connectionFailures(model: ConnectionModel, seed: number): Array<() => void> {
    const random = (seed % 1_000) / 1_000;
    const { link, socket, lastTry } = model.state;
    if (lastTry) return [() => healthyStep(model)];
    const codes = [1001, 1005, 1006, 1011, 1013, 4408];
    const events: Array<() => void> = [
      () => model.frame(),
      () => model.send({ type: 'woke' }),
      () => model.send({ type: 'retry_hint' }),
      () => model.paused(seed % 2 > 0),
    ];
    if (link !== 'waiting') events.push(() => model.closed(codes[seed % codes.length] ?? 1006, { random }));
    if (link === 'opening') events.push(() => model.welcome());
    if (link === 'welcomed') {
      events.push(() => model.answer('listening'));
      events.push(() => model.pong());
      events.push(() => model.send({ type: 'frozen', socket, random }));
    }
    // Not the end of the window, because the session is kept.
    for (const timer of model.timers.keys()) if (timer !== 'window') events.push(() => model.fire(timer, random));
    return events;
  }

  test('a turn loses and duplicates no frame, however often its connection is lost, if its session is kept', () => {
    fc.assert(
      fc.property(choices, fc.nat({ max: 20 }), (steps, listensAfter) => {
        const model = connectionModel().press().welcome().micLive().frame(3);
        steps.forEach(([which, seed], i) => {
          const events =
            i === listensAfter && model.state.link === 'welcomed'
              ? [() => model.answer('listening')]
              : connectionFailures(model, seed);
          events[which % events.length]?.();
        });
        // If it is cancelled before the server listens, there is nothing to deliver.
        if (!model.state.turnConfirmed) settle(model);
        model.press().frame(2);
        settle(model);
        const expected = Array.from({ length: model.captured }, (_, n) => `1:${n}`);
        expect([model.view, model.framesHeldFor('s1')]).toEqual(['idle', expected]);
        expect([model.audio.offered, model.audio.dropped]).toEqual([[], []]);
      }),
      { numRuns: 150 },
    );
  });
});
