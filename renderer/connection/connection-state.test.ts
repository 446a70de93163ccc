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
    ['asking whether the connection lives', (model) => model.listening().send({ type: 'woke' })],
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
    expect(model.isAtRest).toBe(true);
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
    ['recording, opening after a lost connection', { shouldListen: true, link: 'opening', broken: 1 }, 'reconnecting'],
    ['recording, waiting', { shouldListen: true, link: 'waiting', failures: 1 }, 'reconnecting'],
    [
      'recording, connection of the turn lost',
      { shouldListen: true, link: 'waiting', voice: 'listening', begun: true, broken: 1 },
      'reconnecting',
    ],
    ['recording, welcomed', { shouldListen: true, link: 'welcomed' }, 'connecting'],
    ['recording, starting', { shouldListen: true, link: 'welcomed', voice: 'starting' }, 'connecting'],
    ['recording, listening', { shouldListen: true, link: 'welcomed', voice: 'listening' }, 'listening'],
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
   * All events that are possible now, with equal probability, so that the final ones don't dominate.
   */
  function possible(model: ConnectionModel, draw: number): Array<() => void> {
    const random = (draw % 1_000) / 1_000;
    const code = CODES[draw % CODES.length] ?? 1006;
    const { socket, micNumber } = model.state;
    const now: Array<() => void> = [
      () => model.press(),
      () => model.frame(),
      () => model.send({ type: 'retry_now' }),
      () => model.send({ type: 'retry_hint' }),
      () => model.send({ type: 'woke' }),
      () => stale(model, draw, socket, micNumber),
    ];
    for (const [number, state] of model.sockets) {
      now.push(() =>
        model.closed(code, { socket: number, random, ...(draw % 2 ? { retryAfterMs: draw % 5_000 } : {}) }),
      );
      if (state === 'closing') now.push(() => model.closed(1000, { socket: number }));
      // Valid messages of a server, an unknown session, an impossible seq, and unexpected messages.
      now.push(() => model.welcome({ socket: number, random }));
      now.push(() => model.welcome({ socket: number, resumed: false, random }));
      now.push(() => model.welcome({ socket: number, agrees: draw % 3 > 0, resumed: true, random }));
      now.push(() => model.welcome({ socket: number, sessionId: `other${number}`, resumed: draw % 2 > 0, random }));
      now.push(() => model.send({ type: 'frozen', socket: number, random }));
      now.push(() => model.send({ type: 'progress', socket: number }));
      if (!model.sessionOf.has(number)) now.push(() => model.send({ type: 'unproven', socket: number }));
      if (!model.sessionOf.has(number)) continue;
      now.push(() => model.send({ type: 'voice_state', socket: number, state: draw % 2 ? 'idle' : 'listening' }));
      now.push(() => model.send({ type: 'pong', socket: number }));
      now.push(() => model.send({ type: 'protocol_error', socket: number, random }));
    }
    for (const timer of model.timers.keys()) now.push(() => model.fire(timer, random));
    if (model.state.link === 'waiting' && draw % 3 === 0) now.push(() => model.send({ type: 'server_full', socket }));
    if (model.state.link === 'waiting' && draw % 3 === 1) now.push(() => model.send({ type: 'host_unproven' }));
    return [...now, ...ofMicrophones(model, draw)];
  }

  function ofMicrophones(model: ConnectionModel, draw: number): Array<() => void> {
    const problem = MIC_PROBLEMS[draw % MIC_PROBLEMS.length] ?? 'mic_failed';
    const now: Array<() => void> = [];
    for (const [number, state] of model.mics) {
      if (state === 'opening') now.push(() => model.send({ type: 'mic_live', mic: number }));
      // Sent before the microphone was told to stop, received after it.
      if (state === 'stopping') now.push(() => model.send({ type: 'mic_live', mic: number }));
      if (state !== 'live') now.push(() => model.send({ type: 'mic_failed', mic: number, problem }));
      if (state !== 'opening') now.push(() => model.send({ type: 'mic_ended', mic: number }));
      if (state === 'stopping') now.push(() => model.send({ type: 'mic_stopped', mic: number }));
    }
    return now;
  }

  /** An event of a stale socket or microphone, which must be ignored. */
  function stale(model: ConnectionModel, draw: number, socket: number, mic: number): void {
    const staleSocket = model.sockets.has(socket) ? draw % Math.max(1, socket) : draw % (socket + 1);
    const staleMic = model.mics.has(mic) ? draw % Math.max(1, mic) : draw % (mic + 1);
    const random = 0.5;
    const events: Parameters<ConnectionModel['send']> = [
      { type: 'welcome', socket: staleSocket, sessionId: 'late', resumed: draw % 2 > 0, agrees: true, random },
      { type: 'voice_state', socket: staleSocket, state: 'listening' },
      { type: 'voice_state', socket: staleSocket, state: 'idle' },
      { type: 'pong', socket: staleSocket },
      { type: 'frozen', socket: staleSocket, random },
      { type: 'progress', socket: staleSocket },
      { type: 'unproven', socket: staleSocket },
      { type: 'protocol_error', socket: staleSocket, random },
      { type: 'closed', socket: staleSocket, code: CODES[draw % CODES.length] ?? 1006, random, retryAfterMs: 9 },
      ...(model.state.link === 'waiting' ? [] : [{ type: 'server_full' as const, socket: staleSocket }]),
      ...(model.state.link === 'waiting' ? [] : [{ type: 'host_unproven' as const }]),
      { type: 'mic_live', mic: staleMic },
      { type: 'mic_failed', mic: staleMic, problem: 'mic_busy' },
      { type: 'mic_ended', mic: staleMic },
      { type: 'mic_stopped', mic: staleMic },
    ];
    const event = events[draw % events.length];
    if (event === undefined) return;
    const before = model.state;
    model.send(event);
    expect(model.state, `the event is stale: ${event.type}`).toBe(before);
    expect(model.effects).toEqual([]);
  }

  function randomWalk(model: ConnectionModel, steps: Array<[number, number]>): ConnectionModel {
    for (const [which, draw] of steps) {
      const now = possible(model, draw);
      // Every other step cooperates, so that a walk reaches all states and faults occur everywhere.
      if (which % 2 === 0 && healthyStep(model)) continue;
      now[(which >> 1) % now.length]?.();
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
        expect([model.view === 'error' ? 'idle' : model.view, model.isAtRest]).toEqual(['idle', true]);
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
        expect([model.view === 'error' ? 'idle' : model.view, model.isAtRest]).toEqual(['idle', true]);
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
        for (const draw of later) {
          stale(model, draw, model.state.socket, model.state.micNumber);
          model.send({ type: 'retry_now' }, { type: 'retry_hint' }, { type: 'woke' }).frame();
        }
        if (model.state.mic === 'stopping') model.micStopped();
        expect(model.isAtRest).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  /** The events that can happen to a turn whose session the server keeps. The last attempt of the window succeeds. */
  function connectionFailures(model: ConnectionModel, draw: number): Array<() => void> {
    const random = (draw % 1_000) / 1_000;
    const { link, socket, lastTry } = model.state;
    if (lastTry) return [() => healthyStep(model)];
    const codes = [1001, 1005, 1006, 1011, 1013, 4408];
    const now: Array<() => void> = [
      () => model.frame(),
      () => model.send({ type: 'woke' }),
      () => model.send({ type: 'retry_hint' }),
    ];
    if (link !== 'waiting') now.push(() => model.closed(codes[draw % codes.length] ?? 1006, { random }));
    if (link === 'opening') now.push(() => model.welcome());
    if (link === 'welcomed') {
      now.push(() => model.answer('listening'));
      now.push(() => model.pong());
      now.push(() => model.send({ type: 'frozen', socket, random }));
    }
    // Not the end of the window, because the session is kept.
    for (const timer of model.timers.keys()) if (timer !== 'window') now.push(() => model.fire(timer, random));
    return now;
  }

  test('a turn loses and duplicates no frame, however often its connection is lost, if its session is kept', () => {
    fc.assert(
      fc.property(choices, fc.nat({ max: 20 }), (steps, listensAfter) => {
        const model = connectionModel().press().welcome().micLive().frame(3);
        steps.forEach(([which, draw], i) => {
          const now =
            i === listensAfter && model.state.link === 'welcomed'
              ? [() => model.answer('listening')]
              : connectionFailures(model, draw);
          now[which % now.length]?.();
        });
        // If it is cancelled before the server listens, there is nothing to deliver.
        if (!model.state.begun) settle(model);
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
