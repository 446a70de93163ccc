import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOSE, RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { type ConnectionModel, connectionModel, settle } from '../testing/connection-model/model.ts';
import { isBreakerOpen } from './connection-state.ts';
import { BREAKER_MS, LAST_TRY_MS, MAX_FAILURES } from './connection-types.ts';

/** Start of the last attempt of an outage, in ms after the loss. */
const LAST_TRY_AT = RESUME_WINDOW_MS - LAST_TRY_MS;

describe('H08 a repeated welcome', () => {
  test('only repeats ready', () => {
    for (const model of [
      connectionModel().listening(),
      connectionModel().listening().closed(1006).fire('retry').welcome(),
    ]) {
      const before = model.state;
      model.welcome();
      expect(model.effectTexts).toEqual([`send_ready ${before.socket} s1`]);
      expect(model.state).toEqual(before);
    }
  });

  test('of another session is ignored', () => {
    const model = connectionModel().listening();
    const before = model.state;
    for (const resumed of [false, true]) {
      model.welcome({ sessionId: 'other', resumed });
      expect([model.effectTexts, model.state]).toEqual([[], before]);
    }
  });

  test('is not answered while closing', () => {
    const model = connectionModel().listening().press().micStopped().answer('idle').welcome({ sessionId: 's1' });
    expect(model.effectTexts).toEqual([]);
  });
});

describe('H09 a missing welcome', () => {
  test('for 2 s reconnects with backoff, and a late welcome of the stale socket is ignored', () => {
    const model = connectionModel().press().micLive().fire('welcome', 0.5);
    expect(model.effectTexts).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect(model.effectTexts).toContain('set_timer retry 125');
    expect([model.view, model.state.failures, model.state.mic]).toEqual(['reconnecting', 1, 'live']);
    for (const at of ['waiting', 'opening', 'welcomed']) {
      const before = model.state;
      expect(before.link).toBe(at);
      model.welcome({ socket: 1, sessionId: 'late' });
      expect([model.effectTexts, model.state]).toEqual([[], before]);
      model.send({ type: 'voice_state', socket: 1, state: 'listening' });
      expect([model.effectTexts, model.state]).toEqual([[], before]);
      if (at === 'waiting') model.fire('retry');
      if (at === 'opening') model.welcome();
    }
    model.answer('listening');
    expect([model.view, model.state.sessionId]).toEqual(['listening', 's2']);
  });

  test('during a resume keeps the session, and the next attempt requests it again', () => {
    const model = connectionModel().listening().closed(1006).fire('retry').fire('welcome');
    expect(model.state.sessionId).toBe('s1');
    model.fire('retry');
    expect(model.effectTexts).toContain('open_socket 3 true');
  });
});

describe('H14 the close of a stale socket', () => {
  test.each([1000, 1001, 1006, 1008, 1009, 1011, 1013, 4408, 4409, 4410])(
    'with code %i after the new one connected is ignored',
    (code) => {
      const model = connectionModel().press().micLive().fire('welcome').fire('retry').welcome().answer('listening');
      const before = model.state;
      model.closed(code, { socket: 1, retryAfterMs: 9_000 });
      expect([model.effectTexts, model.state]).toEqual([[], before]);
      model.send({ type: 'server_full', socket: 1 });
      expect([model.effectTexts, model.state]).toEqual([[], before]);
    },
  );

  test('counts once even if it is reported twice', () => {
    const model = connectionModel().listening().closed(1006);
    const before = model.state;
    model.closed(1006);
    expect([model.effectTexts, model.state]).toEqual([[], before]);
  });

  // The previous turn is still being delivered when the user presses again; that press must start a new session.
  test.each([1000, 1001, 1006, 1008, 1009, 1011, 4409, 4410])(
    'with code %i while stopping does not cancel a new press',
    (code) => {
      for (const flushed of [false, true]) {
        const model = connectionModel().listening().press();
        if (flushed) model.micStopped();
        model.press().closed(code);
        expect([model.state.shouldListen, model.state.problem]).toEqual([true, null]);
        settle(model);
        expect([model.view, model.state.sessionId === 's1']).toEqual(['listening', false]);
      }
    },
  );
});

describe('a lost connection', () => {
  test('keeps its session and turn state; the next connection resumes it', () => {
    const model = connectionModel().listening().frame(4).closed(1006);
    expect(model.effectTexts).toContain('hold_audio');
    expect(model.effectTexts.join()).not.toContain('end_session');
    expect(model.state).toMatchObject({ sessionId: 's1', voice: 'listening', turnConfirmed: true, lostConnections: 1 });
    model.fire('retry');
    expect(model.effectTexts).toContain('open_socket 2 true');
    expect(model.view).toBe('reconnecting');
    model.welcome();
    expect(model.effectTexts).toEqual([
      'clear_timer welcome',
      'send_ready 2 s1',
      'set_timer stable 5000',
      'set_timer idle 5000',
      'clear_timer idle',
      'resume_audio 2',
    ]);
    expect(model.view).toBe('listening');
    expect(model.state).toMatchObject({ resumes: 1, newSessions: 0, lostConnections: 1 });
  });

  test('before the server listens: start is repeated and audio waits for its answer', () => {
    const model = connectionModel().press().welcome().micLive().frame().closed(1006);
    expect(model.state).toMatchObject({ sessionId: 's1', voice: 'starting', turnConfirmed: false });
    model.fire('retry').welcome();
    expect([model.effectTexts.includes('send_start 2'), model.effectTexts.includes('resume_audio 2')]).toEqual([
      true,
      false,
    ]);
    expect(model.view).toBe('reconnecting');
    model.answer('listening');
    expect(model.effectTexts).toContain('open_audio 2');
  });

  test('before start: start is sent when the microphone is live', () => {
    const model = connectionModel().press().welcome().closed(1006).fire('retry').welcome();
    expect(model.effectTexts).not.toContain('send_start 2');
    model.micLive();
    expect(model.effectTexts).toContain('send_start 2');
  });

  test('before the first welcome there is no session to resume', () => {
    const model = connectionModel().press().closed(1006).fire('retry');
    expect(model.effectTexts).toContain('open_socket 2 false');
    expect(model.state.lostConnections).toBe(0);
  });

  test.each<[string, (model: ConnectionModel) => ConnectionModel]>([
    ['a welcome to a new session', (model) => model.welcome({ resumed: false })],
    ['4410', (model) => model.closed(CLOSE.nothingToResume).welcome()],
  ])('H23 %s: unacknowledged audio is lost, and later audio starts the new session', (_title, discard) => {
    const model = connectionModel().listening().frame(4).closed(1006).frame(2).fire('retry');
    discard(model);
    expect(model.state).toMatchObject({
      sessionLost: false,
      newSessions: 1,
      resumes: 0,
      voice: 'starting',
      turnConfirmed: false,
    });
    expect(model.audio.offered.length + model.framesHeldFor('s1').length).toBe(6);
    model.frame().answer('listening');
    expect([model.view, model.audio.numbered]).toEqual(['listening', [{ mic: 1, n: 6 }]]);
    expect(model.state.sessionId).not.toBe('s1');
  });

  test('replacing a session without audio is not counted as a loss', () => {
    const model = connectionModel()
      .press()
      .welcome()
      .micLive()
      .frame()
      .closed(1006)
      .fire('retry')
      .welcome({ resumed: false });
    model.answer('listening');
    expect([model.view, model.state.newSessions, model.audio.offered, model.audio.numbered.length]).toEqual([
      'listening',
      0,
      [],
      1,
    ]);
  });

  test('a lost session is counted once when the new one starts, regardless of the number of attempts', () => {
    const model = connectionModel()
      .listening()
      .closed(1006)
      .fire('retry')
      .closed(4410)
      .closed(1006)
      .fire('retry')
      .closed(1006);
    expect(model.state).toMatchObject({ sessionLost: true, newSessions: 0 });
    model.fire('retry').welcome();
    expect(model.state).toMatchObject({ sessionLost: false, newSessions: 1 });
  });

  test.each<[string, Parameters<ConnectionModel['welcome']>[0]]>([
    ['names another session', { resumed: true, sessionId: 'other' }],
    ['claims to hold unsent frames', { isConsistent: false }],
  ])('H23 a resumed welcome that %s is a protocol error: closed with 4400, then a new session', (_title, more) => {
    const model = connectionModel().listening().frame(4).closed(1006).fire('retry').welcome(more);
    expect(model.effectTexts).toContain(`abandon_socket 2 ${CLOSE.protocolError}`);
    expect(model.effectTexts).toContain('end_session false');
    expect(model.effectTexts).not.toContain('send_ready 2 s1');
    expect([model.view, model.state.link, model.state.mic]).toEqual(['reconnecting', 'waiting', 'live']);
    model.fire('retry');
    expect(model.effectTexts).toContain('open_socket 3 false');
    settle(model);
    expect([model.view, model.state.sessionId, model.state.newSessions]).toEqual(['listening', 's3', 1]);
  });

  test('an unrequested resume is a protocol error', () => {
    const model = connectionModel().press().welcome({ resumed: true, sessionId: 'other' });
    expect(model.effectTexts).toContain(`abandon_socket 1 ${CLOSE.protocolError}`);
    expect(model.state).toMatchObject({ link: 'waiting', sessionId: null, newSessions: 0 });
  });
});

describe('an abandoned connection', () => {
  test('frozen: abandoned, and its session is resumed immediately', () => {
    const model = connectionModel().listening().frame(4).frozen(0.9);
    expect(model.effectTexts[0]).toBe(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([model.view, model.state.retryInMs, model.state.sessionId]).toEqual(['reconnecting', 0, 's1']);
    settle(model);
    expect([model.view, model.state.resumes, model.state.failures]).toEqual(['listening', 1, 1]);
  });

  test('protocol error: abandoned with 4400, session ended, new session after a backoff', () => {
    const model = connectionModel().listening().frame(4).protocolError(0.5);
    expect(model.effectTexts.slice(0, 2)).toEqual([`abandon_socket 1 ${CLOSE.protocolError}`, 'end_session false']);
    expect(model.audio.offered.length + model.framesHeldFor('s1').length).toBe(4);
    expect([model.view, model.state.retryInMs, model.state.mic]).toEqual(['reconnecting', 125, 'live']);
    model.fire('retry');
    expect(model.effectTexts).toContain('open_socket 2 false');
    settle(model);
    expect([model.view, model.state.newSessions]).toEqual(['listening', 1]);
  });

  test('protocol error while the last audio is delivered: given up, idle', () => {
    const model = connectionModel().listening().frame(4).press().protocolError();
    model.frame().micStopped();
    expect([model.view, model.isIdle, model.state.problem]).toEqual(['idle', true, null]);
  });

  test('neither event has an effect at other times', () => {
    for (const model of [
      connectionModel(),
      connectionModel().press(),
      connectionModel().listening().closed(1006),
      connectionModel().press().press(),
    ]) {
      const before = model.state;
      for (const event of [() => model.frozen(), () => model.protocolError()]) {
        event();
        expect([model.effectTexts, model.state]).toEqual([[], before]);
      }
    }
  });
});

describe('H19 each close code', () => {
  test('1000: done, stays idle', () => {
    const model = connectionModel().listening().closed(CLOSE.done);
    expect([model.view, model.state.link, model.state.sessionId]).toEqual(['idle', 'none', null]);
    model.micStopped();
    expect(model.isIdle).toBe(true);
  });

  test('1001: going away, reconnects immediately and resumes the session', () => {
    const model = connectionModel().listening().closed(CLOSE.goingAway, { random: 0.99 });
    expect([model.view, model.state.retryInMs]).toEqual(['reconnecting', 0]);
    model.fire('retry').welcome();
    expect([model.view, model.state.lostConnections, model.state.resumes]).toEqual(['listening', 1, 1]);
  });

  test('1001 before the welcome: reconnects with backoff, so that a refusing server is not flooded', () => {
    expect(connectionModel().press().closed(CLOSE.goingAway, { random: 0.5 }).state.retryInMs).toBe(125);
    const model = connectionModel().listening().closed(1001).fire('retry').closed(1001, { random: 0.5 });
    expect(model.state.retryInMs).toBe(250);
  });

  test.each([1005, CLOSE.lost, CLOSE.internal, CLOSE.welcomeUnacknowledged, 3999])(
    '%i: reconnects with backoff, doubled with each failure',
    (code) => {
      const model = connectionModel().listening();
      for (const ms of [125, 250, 500, 1_000]) {
        model.closed(code, { random: 0.5 });
        expect([model.view, model.state.retryInMs]).toEqual(['reconnecting', ms]);
        model.fire('retry');
      }
      settle(model);
      expect([model.view, model.state.sessionId]).toEqual(['listening', 's1']);
    },
  );

  test.each([
    [CLOSE.policy, 'refused_policy'],
    [CLOSE.tooLarge, 'refused_size'],
    [CLOSE.takenOver, 'taken_over'],
  ])('%i: stops with the problem %s, and a press starts a new turn', (code, problem) => {
    for (const reach of [
      () => connectionModel().listening(),
      () => connectionModel().press(),
      () => connectionModel().press().welcome(),
      () => connectionModel().listening().closed(1006).fire('retry'),
    ]) {
      const model = reach().closed(code);
      expect([model.view, model.state.problem, model.state.link]).toEqual(['error', problem, 'none']);
      expect(model.state.sessionId).toBeNull();
      expect(model.effectTexts.filter((what) => what.startsWith('set_timer'))).toEqual([]);
      if (model.state.mic === 'stopping') model.micStopped();
      expect(model.isIdle).toBe(true);
      model.press();
      expect(model.effectTexts).toContain(`open_socket ${model.state.socket} false`);
      settle(model);
      expect([model.view, model.state.problem]).toEqual(['listening', null]);
    }
  });

  test.each([
    [2_000, 2_000],
    [10, 125],
    [0, 125],
  ])('1013 that requests a delay of %i ms: waits %i ms', (retryAfterMs, expected) => {
    expect(connectionModel().listening().closed(CLOSE.overloaded, { retryAfterMs }).state.retryInMs).toBe(expected);
  });

  test('1013 with a delay beyond the window: the last attempt of the window is still made', () => {
    expect(connectionModel().listening().closed(CLOSE.overloaded, { retryAfterMs: 60_000 }).state.retryInMs).toBe(
      LAST_TRY_AT,
    );
  });

  test('1013 without a delay: backoff', () => {
    expect(connectionModel().listening().closed(CLOSE.overloaded).state.retryInMs).toBe(125);
  });

  test('4410 in reply to a resume: opens a new session in the same step, without counting a failure', () => {
    const model = connectionModel()
      .listening()
      .closed(1006)
      .fire('retry')
      .closed(CLOSE.nothingToResume, { random: 0.99 });
    expect(model.effectTexts).toContain('end_session false');
    expect(model.effectTexts).toContain('open_socket 3 false');
    expect([model.view, model.state.failures]).toEqual(['reconnecting', 1]);
    settle(model);
    expect([model.view, model.state.sessionId]).toEqual(['listening', 's3']);
  });

  test('4410 without a session to resume, or after the welcome: backoff', () => {
    expect(connectionModel().press().closed(CLOSE.nothingToResume).state.retryInMs).toBe(125);
    const model = connectionModel().listening().closed(CLOSE.nothingToResume);
    expect([model.view, model.state.retryInMs, model.state.sessionId]).toEqual(['reconnecting', 125, null]);
    settle(model);
    expect([model.view, model.state.sessionId, model.state.newSessions]).toEqual(['listening', 's2', 1]);
  });

  test.each([1000, 1001, 1006, 1008, 1009, 1011, 1013, 4408, 4409, 4410])(
    '%i after the user cancelled or stopped: idle, no problem, no retry',
    (code) => {
      for (const model of [
        connectionModel().press().press(),
        connectionModel().press().welcome().press(),
        connectionModel().listening().press().micStopped().answer('idle'),
      ]) {
        model.closed(code, { retryAfterMs: 5_000 });
        if (model.state.mic === 'stopping') model.micStopped();
        expect([model.view, model.state.problem, model.isIdle]).toEqual(['idle', null, true]);
      }
    },
  );

  test.each([1000, 1008, 1009, 4409, 4410])(
    '%i while the last audio is delivered: ends without showing a problem',
    (code) => {
      for (const flushed of [false, true]) {
        const model = connectionModel().listening().frame(4).press();
        if (flushed) model.micStopped();
        model.closed(code);
        if (!flushed) model.frame().micStopped();
        expect([model.view, model.state.problem, model.isIdle]).toEqual(['idle', null, true]);
      }
    },
  );

  test.each([1001, 1005, 1006, 1011, 1013, 4408])('%i while the last audio is delivered: retries', (code) => {
    for (const flushed of [false, true]) {
      const model = connectionModel().listening().frame(4).press();
      if (flushed) model.micStopped();
      model.closed(code);
      expect([model.view, model.state.link]).toEqual(['stopping', 'waiting']);
      settle(model);
      expect([model.view, model.framesHeldFor('s1').length, model.isIdle]).toEqual(['idle', 4, true]);
    }
  });
});

describe('H20 the backoff', () => {
  test('is in [0, min(8 s, 250 ms × 2ⁿ)), with a new random number each time, until the breaker opens', () => {
    const draws = fc.array(fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true }), {
      minLength: MAX_FAILURES - 1,
      maxLength: MAX_FAILURES - 1,
    });
    fc.assert(
      fc.property(draws, (randoms) => {
        const model = connectionModel().listening();
        randoms.forEach((random, n) => {
          const below = Math.min(8_000, 250 * 2 ** n);
          model.closed(1006, { random });
          expect(model.state.retryInMs).toBe(Math.floor(random * below));
          expect(model.state.retryInMs).toBeLessThan(below);
          model.fire('retry');
        });
      }),
      { numRuns: 50 },
    );
  });

  test('is the same for a missing welcome, an unanswered start and a lost connection', () => {
    const delays = [0.1, 0.5, 0.9].map((random) => [
      connectionModel().press().fire('welcome', random).state.retryInMs,
      connectionModel().press().welcome().micLive().fire('answer', random).state.retryInMs,
      connectionModel().press().closed(1006, { random }).state.retryInMs,
    ]);
    expect(delays).toEqual([
      [25, 25, 25],
      [125, 125, 125],
      [225, 225, 225],
    ]);
  });

  test('a press during the wait cancels the retry if nothing has to be delivered', () => {
    for (const model of [connectionModel().press().closed(1006), connectionModel().press().welcome().closed(1006)]) {
      model.press();
      expect(model.effectTexts).toContain('clear_timer retry');
      expect([model.view, model.state.link, model.timers.size]).toEqual(['idle', 'none', 0]);
    }
  });

  test('failures are reset after 5 s connected, not before', () => {
    const model = connectionModel().listening().closed(1006).fire('retry').welcome();
    expect([model.state.failures, model.timers.get('stable')]).toEqual([1, 5_000]);
    model.fire('stable');
    expect([model.state.failures, model.view]).toEqual([0, 'listening']);
    model.closed(1006, { random: 0.5 });
    expect(model.state.retryInMs).toBe(125);
  });

  test('a press resets the failure count', () => {
    const model = connectionModel().press().closed(1006).fire('retry').closed(1006).press().press();
    expect([model.state.failures, model.view]).toEqual([0, 'connecting']);
  });

  test.each(['retry_now', 'retry_hint'] as const)('%s ends the wait', (type) => {
    expect(connectionModel().press().closed(1006).send({ type }).effectTexts).toContain('open_socket 2 false');
    expect(connectionModel().listening().closed(1006).send({ type }).effectTexts).toContain('open_socket 2 true');
  });

  test('a retry hint before the loss skips the next wait, once', () => {
    for (const model of [connectionModel().press(), connectionModel().listening()]) {
      const { effects } = model.send({ type: 'retry_hint' });
      expect(effects).toEqual([]);
      model.closed(1006, { random: 0.9 });
      expect(model.state.retryInMs).toBe(0);
      model.fire('retry').closed(1006, { random: 0.5 });
      expect(model.state.retryInMs).toBe(250);
    }
  });

  test('a retry hint expires after 5 s connected', () => {
    const model = connectionModel()
      .listening()
      .send({ type: 'retry_hint' })
      .fire('stable')
      .closed(1006, { random: 0.5 });
    expect(model.state.retryInMs).toBe(125);
  });

  test('retry_now has no effect at other times', () => {
    const type = 'retry_now';
    for (const other of [
      connectionModel(),
      connectionModel().press(),
      connectionModel().listening(),
      connectionModel().listening().press(),
    ]) {
      const before = other.state;
      other.send({ type });
      expect([other.effectTexts, other.state]).toEqual([[], before]);
    }
  });
});

describe('H21 the breaker', () => {
  /** Fails until the breaker is open. */
  function open(model: ConnectionModel): ConnectionModel {
    for (let i = 1; i < MAX_FAILURES; i++) {
      model.closed(1006).fire('retry');
      expect(isBreakerOpen(model.state)).toBe(false);
    }
    return model.closed(1006);
  }

  test('opens after five consecutive failures: one attempt every 15 s, microphone on, audio kept', () => {
    const model = open(connectionModel().listening().frame()).frame();
    expect([model.view, model.state.problem, isBreakerOpen(model.state)]).toEqual(['reconnecting', null, true]);
    expect([model.state.retryInMs, BREAKER_MS]).toEqual([15_000, 15_000]);
    expect(model.state).toMatchObject({ mic: 'live', sessionId: 's1', voice: 'listening' });
    expect([model.audio.offered, model.audio.dropped]).toEqual([[], []]);
  });

  test('allows an attempt after 15 s and a second one before the window ends, and no more', () => {
    const model = open(connectionModel().listening());
    const waited = 125 + 250 + 500 + 1_000;
    model.fire('retry');
    expect([model.state.link, isBreakerOpen(model.state)]).toEqual(['opening', true]);
    model.closed(1006, { random: 0 });
    expect([model.view, model.state.retryInMs]).toEqual(['reconnecting', LAST_TRY_AT - waited - BREAKER_MS]);
    model.fire('window');
    expect([model.state.link, isBreakerOpen(model.state)]).toEqual(['opening', true]);
    model.closed(1006);
    expect([model.view, model.state.problem]).toEqual(['error', 'server_gone']);
  });

  test('a successful attempt listens; a loss within 5 s opens the breaker again, a later one does not', () => {
    const model = open(connectionModel().listening()).fire('retry').welcome();
    expect([model.view, isBreakerOpen(model.state), model.state.failures]).toEqual(['listening', false, MAX_FAILURES]);
    model.closed(1001);
    expect(isBreakerOpen(model.state)).toBe(true);
    model.fire('retry').welcome().fire('stable').closed(1006, { random: 0.5 });
    expect([model.state.retryInMs, isBreakerOpen(model.state), model.state.failures]).toEqual([125, false, 1]);
  });

  test.each(['retry_now', 'retry_hint', 'woke'] as const)(
    '%s: retries immediately; after a failure the 15 s start again',
    (type) => {
      const model = open(connectionModel().listening()).send({ type });
      expect([model.state.link, model.timers.has('retry')]).toEqual(['opening', false]);
      model.closed(1006);
      expect(model.state.retryInMs).toBe(15_000);
    },
  );

  test('also opens before the first session', () => {
    const model = open(connectionModel().press().micLive());
    expect([model.view, model.state.mic, model.state.retryInMs]).toEqual(['reconnecting', 'live', 15_000]);
    settle(model);
    expect(model.view).toBe('listening');
  });

  test('counts frozen connections, missing welcomes and lost connections alike', () => {
    const model = connectionModel()
      .listening()
      .frozen()
      .fire('retry')
      .fire('welcome')
      .fire('retry')
      .closed(1011)
      .fire('retry');
    model.closed(1013).fire('retry').closed(4408);
    expect([isBreakerOpen(model.state), model.state.failures]).toEqual([true, MAX_FAILURES]);
  });

  test('a connection with acknowledged audio does not count as a failure, however short it was', () => {
    const model = connectionModel().listening();
    for (let i = 0; i < 2 * MAX_FAILURES; i++) {
      model.send({ type: 'progress', socket: model.state.socket }).closed(1006, { random: 0.5 });
      expect([model.state.failures, model.state.retryInMs]).toEqual([1, 125]);
      model.fire('retry').welcome();
    }
    expect(model.view).toBe('listening');
  });

  test('opens for a server that repeatedly welcomes and closes, so that it is not retried in a loop', () => {
    const model = connectionModel().listening();
    for (let i = 1; i < MAX_FAILURES; i++) {
      model.closed(1001);
      expect(model.state.retryInMs).toBe(0);
      model.fire('retry').welcome();
    }
    model.closed(1001);
    expect(model.state.retryInMs).toBe(15_000);
  });

  test.each<[string, (model: ConnectionModel) => ConnectionModel]>([
    ['welcomes and answers 4410', (model) => model.welcome({ resumed: false }).closed(4410)],
    [
      'welcomes, closes and answers 4410',
      (model) => model.welcome({ resumed: false }).closed(1001).fire('retry').closed(4410),
    ],
    ['claims to hold unsent frames', (model) => model.welcome({ resumed: true, isConsistent: false })],
  ])('a server that repeatedly %s opens it', (_title, round) => {
    const model = connectionModel().press();
    for (let i = 0; i < MAX_FAILURES; i++) {
      round(model);
      if (model.state.link === 'waiting' && i < MAX_FAILURES - 1) model.fire('retry');
    }
    expect(model.state.failures).toBeGreaterThanOrEqual(MAX_FAILURES);
  });

  test('honours a delay of an overloaded server beyond 15 s', () => {
    const model = open(connectionModel().listening()).closed(1006);
    const later = open(connectionModel().listening().frame()).fire('retry').welcome().fire('stable');
    for (let i = 1; i < MAX_FAILURES; i++) later.closed(1006, { random: 0 }).fire('retry');
    later.closed(CLOSE.overloaded, { retryAfterMs: 20_000 });
    expect([model.state.retryInMs, later.state.retryInMs]).toEqual([15_000, 20_000]);
  });

  test('a press to stop before the microphone is live: idle immediately', () => {
    const model = open(connectionModel().press()).press();
    expect([model.view, model.state.link, model.timers.size]).toEqual(['idle', 'none', 0]);
  });
});

describe.each([
  ['H27 a server that is full', 'server_full'],
  ['H69 a browser that sends too many cookies', 'too_many_cookies'],
] as const)('%s', (_title, type) => {
  test('is shown while the refused socket waits for its retry', () => {
    const model = connectionModel().press().closed(1006).send({ type, socket: 1 });
    expect([model.view, model.state.problem, model.state.link]).toEqual(['error', type, 'none']);
    settle(model);
    expect(model.isIdle).toBe(true);
    model.press();
    settle(model);
    expect(model.view).toBe('listening');
  });

  test('does not end a turn that has a session: it keeps retrying', () => {
    for (const reach of [
      () => connectionModel().listening().closed(1006).fire('retry').closed(1006),
      () => connectionModel().listening().press().closed(1006).fire('retry').closed(1006),
    ]) {
      const model = reach();
      const before = model.state;
      model.send({ type, socket: before.socket });
      expect([model.effectTexts, model.state]).toEqual([[], before]);
    }
  });

  test('reported for an earlier attempt does not affect the current wait', () => {
    const model = connectionModel().press().closed(1006).fire('retry').closed(1006);
    const before = model.state;
    model.send({ type, socket: 1 });
    expect([model.effectTexts, model.state]).toEqual([[], before]);
  });

  test('is ignored while a socket is opening or connected, and after a stop', () => {
    for (const model of [
      connectionModel().press(),
      connectionModel().listening(),
      connectionModel().press().closed(1006).fire('retry').welcome(),
      connectionModel().press().press().closed(1006),
    ]) {
      const before = model.state;
      model.send({ type, socket: before.socket });
      expect([model.effectTexts, model.state]).toEqual([[], before]);
    }
  });
});

describe('H66 another program that answers in Earshot’s place', () => {
  const lost = () => connectionModel().listening().frame(3).closed(1006);

  test('is sent nothing; the turn ends, its audio is offered to the user, and no retry follows', () => {
    const model = lost().fire('retry').unproven();
    expect(model.effectTexts).toEqual(
      expect.arrayContaining([`abandon_socket 2 ${CLOSE.protocolError}`, 'end_session true', 'stop_mic 1']),
    );
    expect([model.sentMessages.get(2), model.view, model.state.problem]).toEqual([[], 'error', 'other_program']);
    model.micStopped();
    expect([model.effectTexts, model.isIdle]).toEqual([['drop_audio true'], true]);
  });

  test('is also handled when the bridge detects it while this connection waits for its retry', () => {
    const model = lost().send({ type: 'host_unproven' }).micStopped();
    expect([model.state.problem, model.isIdle, model.sockets.size]).toEqual(['other_program', true, 0]);
  });

  test('does not end an open or opening connection when the bridge detects it', () => {
    for (const model of [connectionModel().listening(), connectionModel().press(), connectionModel()]) {
      const before = model.state;
      model.send({ type: 'host_unproven' });
      expect([model.state, model.effectTexts]).toEqual([before, []]);
    }
  });

  test('ended turns in the backlog are offered to the user too, with the one being captured', () => {
    const model = lost().press().micStopped().press().micLive().frame(2).press().micStopped().press().micLive().frame();
    expect(model.state.backlog).toBeGreaterThan(0);
    if (model.state.link === 'waiting') model.fire('retry');
    model.unproven().micStopped();
    expect(model.effectTexts).toEqual(['drop_audio true']);
    expect([model.view, model.isIdle]).toEqual(['error', true]);
  });

  test('a press that was cancelled meanwhile ends normally', () => {
    const model = connectionModel().press().press();
    expect(model.state.link).toBe('closing');
    model.unproven();
    expect(model.effectTexts).toEqual([]);
    settle(model);
    expect([model.view, model.isIdle]).toEqual(['idle', true]);
  });

  test('a press tries again', () => {
    const model = lost().fire('retry').unproven().micStopped().press();
    expect(model.effectTexts).toContain('open_socket 3 false');
    model.welcome().micLive().answer('listening');
    expect([model.view, model.state.problem]).toEqual(['listening', null]);
  });
});
