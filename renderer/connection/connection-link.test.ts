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
    for (const w of [
      connectionModel().listening(),
      connectionModel().listening().closed(1006).fire('retry').welcome(),
    ]) {
      const before = w.state;
      w.welcome();
      expect(w.did).toEqual([`send_ready ${before.socket} s1`]);
      expect(w.state).toEqual(before);
    }
  });

  test('of another session is ignored', () => {
    const w = connectionModel().listening();
    const before = w.state;
    for (const resumed of [false, true]) {
      w.welcome({ sessionId: 'other', resumed });
      expect([w.did, w.state]).toEqual([[], before]);
    }
  });

  test('is not answered while closing', () => {
    const w = connectionModel().listening().press().micStopped().answer('idle').welcome({ sessionId: 's1' });
    expect(w.did).toEqual([]);
  });
});

describe('H09 a missing welcome', () => {
  test('for 2 s reconnects with backoff, and a late welcome of the stale socket is ignored', () => {
    const w = connectionModel().press().micLive().fire('welcome', 0.5);
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect(w.did).toContain('set_timer retry 125');
    expect([w.view, w.state.failures, w.state.mic]).toEqual(['reconnecting', 1, 'live']);
    for (const at of ['waiting', 'opening', 'welcomed']) {
      const before = w.state;
      expect(before.link).toBe(at);
      w.welcome({ socket: 1, sessionId: 'late' });
      expect([w.did, w.state]).toEqual([[], before]);
      w.send({ type: 'voice_state', socket: 1, state: 'listening' });
      expect([w.did, w.state]).toEqual([[], before]);
      if (at === 'waiting') w.fire('retry');
      if (at === 'opening') w.welcome();
    }
    w.answer('listening');
    expect([w.view, w.state.sessionId]).toEqual(['listening', 's2']);
  });

  test('during a resume keeps the session, and the next attempt requests it again', () => {
    const w = connectionModel().listening().closed(1006).fire('retry').fire('welcome');
    expect(w.state.sessionId).toBe('s1');
    w.fire('retry');
    expect(w.did).toContain('open_socket 3 true');
  });
});

describe('H14 the close of a stale socket', () => {
  test.each([1000, 1001, 1006, 1008, 1009, 1011, 1013, 4408, 4409, 4410])(
    'with code %i after the new one connected is ignored',
    (code) => {
      const w = connectionModel().press().micLive().fire('welcome').fire('retry').welcome().answer('listening');
      const before = w.state;
      w.closed(code, { socket: 1, retryAfterMs: 9_000 });
      expect([w.did, w.state]).toEqual([[], before]);
      w.send({ type: 'server_full', socket: 1 });
      expect([w.did, w.state]).toEqual([[], before]);
    },
  );

  test('counts once even if it is reported twice', () => {
    const w = connectionModel().listening().closed(1006);
    const before = w.state;
    w.closed(1006);
    expect([w.did, w.state]).toEqual([[], before]);
  });

  // The previous turn is still being delivered when the user presses again; that press must start a new session.
  test.each([1000, 1001, 1006, 1008, 1009, 1011, 4409, 4410])(
    'with code %i while stopping does not cancel a new press',
    (code) => {
      for (const flushed of [false, true]) {
        const w = connectionModel().listening().press();
        if (flushed) w.micStopped();
        w.press().closed(code);
        expect([w.state.shouldListen, w.state.problem]).toEqual([true, null]);
        settle(w);
        expect([w.view, w.state.sessionId === 's1']).toEqual(['listening', false]);
      }
    },
  );
});

describe('a lost connection', () => {
  test('keeps its session and turn state; the next connection resumes it', () => {
    const w = connectionModel().listening().frame(4).closed(1006);
    expect(w.did).toContain('hold_audio');
    expect(w.did.join()).not.toContain('end_session');
    expect(w.state).toMatchObject({ sessionId: 's1', voice: 'listening', begun: true, broken: 1 });
    w.fire('retry');
    expect(w.did).toContain('open_socket 2 true');
    expect(w.view).toBe('reconnecting');
    w.welcome();
    expect(w.did).toEqual([
      'clear_timer welcome',
      'send_ready 2 s1',
      'set_timer stable 5000',
      'set_timer idle 5000',
      'clear_timer idle',
      'resume_audio 2',
    ]);
    expect(w.view).toBe('listening');
    expect(w.state).toMatchObject({ resumes: 1, newSessions: 0, broken: 1 });
  });

  test('before the server listens: start is repeated and audio waits for its answer', () => {
    const w = connectionModel().press().welcome().micLive().frame().closed(1006);
    expect(w.state).toMatchObject({ sessionId: 's1', voice: 'starting', begun: false });
    w.fire('retry').welcome();
    expect([w.did.includes('send_start 2'), w.did.includes('resume_audio 2')]).toEqual([true, false]);
    expect(w.view).toBe('reconnecting');
    w.answer('listening');
    expect(w.did).toContain('open_audio 2');
  });

  test('before start: start is sent when the microphone is live', () => {
    const w = connectionModel().press().welcome().closed(1006).fire('retry').welcome();
    expect(w.did).not.toContain('send_start 2');
    w.micLive();
    expect(w.did).toContain('send_start 2');
  });

  test('before the first welcome there is no session to resume', () => {
    const w = connectionModel().press().closed(1006).fire('retry');
    expect(w.did).toContain('open_socket 2 false');
    expect(w.state.broken).toBe(0);
  });

  test.each<[string, (w: ConnectionModel) => ConnectionModel]>([
    ['a welcome to a new session', (w) => w.welcome({ resumed: false })],
    ['4410', (w) => w.closed(CLOSE.nothingToResume).welcome()],
  ])('H23 %s: unacknowledged audio is lost, and later audio starts the new session', (_title, discard) => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(2).fire('retry');
    discard(w);
    expect(w.state).toMatchObject({ sessionLost: false, newSessions: 1, resumes: 0, voice: 'starting', begun: false });
    expect(w.audio.offered.length + w.heardBy('s1').length).toBe(6);
    w.frame().answer('listening');
    expect([w.view, w.audio.numbered]).toEqual(['listening', [{ mic: 1, n: 6 }]]);
    expect(w.state.sessionId).not.toBe('s1');
  });

  test('replacing a session without audio is not counted as a loss', () => {
    const w = connectionModel()
      .press()
      .welcome()
      .micLive()
      .frame()
      .closed(1006)
      .fire('retry')
      .welcome({ resumed: false });
    w.answer('listening');
    expect([w.view, w.state.newSessions, w.audio.offered, w.audio.numbered.length]).toEqual(['listening', 0, [], 1]);
  });

  test('a lost session is counted once when the new one starts, regardless of the number of attempts', () => {
    const w = connectionModel()
      .listening()
      .closed(1006)
      .fire('retry')
      .closed(4410)
      .closed(1006)
      .fire('retry')
      .closed(1006);
    expect(w.state).toMatchObject({ sessionLost: true, newSessions: 0 });
    w.fire('retry').welcome();
    expect(w.state).toMatchObject({ sessionLost: false, newSessions: 1 });
  });

  test.each<[string, Parameters<ConnectionModel['welcome']>[0]]>([
    ['names another session', { resumed: true, sessionId: 'other' }],
    ['claims to hold unsent frames', { agrees: false }],
  ])('H23 a resumed welcome that %s is a protocol error: closed with 4400, then a new session', (_title, more) => {
    const w = connectionModel().listening().frame(4).closed(1006).fire('retry').welcome(more);
    expect(w.did).toContain(`abandon_socket 2 ${CLOSE.protocolError}`);
    expect(w.did).toContain('end_session false');
    expect(w.did).not.toContain('send_ready 2 s1');
    expect([w.view, w.state.link, w.state.mic]).toEqual(['reconnecting', 'waiting', 'live']);
    w.fire('retry');
    expect(w.did).toContain('open_socket 3 false');
    settle(w);
    expect([w.view, w.state.sessionId, w.state.newSessions]).toEqual(['listening', 's3', 1]);
  });

  test('an unrequested resume is a protocol error', () => {
    const w = connectionModel().press().welcome({ resumed: true, sessionId: 'other' });
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.protocolError}`);
    expect(w.state).toMatchObject({ link: 'waiting', sessionId: null, newSessions: 0 });
  });
});

describe('an abandoned connection', () => {
  test('frozen: abandoned, and its session is resumed immediately', () => {
    const w = connectionModel().listening().frame(4).frozen(0.9);
    expect(w.did[0]).toBe(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([w.view, w.state.retryInMs, w.state.sessionId]).toEqual(['reconnecting', 0, 's1']);
    settle(w);
    expect([w.view, w.state.resumes, w.state.failures]).toEqual(['listening', 1, 1]);
  });

  test('protocol error: abandoned with 4400, session ended, new session after a backoff', () => {
    const w = connectionModel().listening().frame(4).protocolError(0.5);
    expect(w.did.slice(0, 2)).toEqual([`abandon_socket 1 ${CLOSE.protocolError}`, 'end_session false']);
    expect(w.audio.offered.length + w.heardBy('s1').length).toBe(4);
    expect([w.view, w.state.retryInMs, w.state.mic]).toEqual(['reconnecting', 125, 'live']);
    w.fire('retry');
    expect(w.did).toContain('open_socket 2 false');
    settle(w);
    expect([w.view, w.state.newSessions]).toEqual(['listening', 1]);
  });

  test('protocol error while the last audio is delivered: given up, idle', () => {
    const w = connectionModel().listening().frame(4).press().protocolError();
    w.frame().micStopped();
    expect([w.view, w.isAtRest, w.state.problem]).toEqual(['idle', true, null]);
  });

  test('neither event has an effect at other times', () => {
    for (const w of [
      connectionModel(),
      connectionModel().press(),
      connectionModel().listening().closed(1006),
      connectionModel().press().press(),
    ]) {
      const before = w.state;
      for (const event of [() => w.frozen(), () => w.protocolError()]) {
        event();
        expect([w.did, w.state]).toEqual([[], before]);
      }
    }
  });
});

describe('H19 each close code', () => {
  test('1000: done, stays idle', () => {
    const w = connectionModel().listening().closed(CLOSE.done);
    expect([w.view, w.state.link, w.state.sessionId]).toEqual(['idle', 'none', null]);
    w.micStopped();
    expect(w.isAtRest).toBe(true);
  });

  test('1001: going away, reconnects immediately and resumes the session', () => {
    const w = connectionModel().listening().closed(CLOSE.goingAway, { random: 0.99 });
    expect([w.view, w.state.retryInMs]).toEqual(['reconnecting', 0]);
    w.fire('retry').welcome();
    expect([w.view, w.state.broken, w.state.resumes]).toEqual(['listening', 1, 1]);
  });

  test('1001 before the welcome: reconnects with backoff, so that a refusing server is not flooded', () => {
    expect(connectionModel().press().closed(CLOSE.goingAway, { random: 0.5 }).state.retryInMs).toBe(125);
    const w = connectionModel().listening().closed(1001).fire('retry').closed(1001, { random: 0.5 });
    expect(w.state.retryInMs).toBe(250);
  });

  test.each([1005, CLOSE.lost, CLOSE.internal, CLOSE.welcomeUnacknowledged, 3999])(
    '%i: reconnects with backoff, doubled with each failure',
    (code) => {
      const w = connectionModel().listening();
      for (const ms of [125, 250, 500, 1_000]) {
        w.closed(code, { random: 0.5 });
        expect([w.view, w.state.retryInMs]).toEqual(['reconnecting', ms]);
        w.fire('retry');
      }
      settle(w);
      expect([w.view, w.state.sessionId]).toEqual(['listening', 's1']);
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
      const w = reach().closed(code);
      expect([w.view, w.state.problem, w.state.link]).toEqual(['error', problem, 'none']);
      expect(w.state.sessionId).toBeNull();
      expect(w.did.filter((what) => what.startsWith('set_timer'))).toEqual([]);
      if (w.state.mic === 'stopping') w.micStopped();
      expect(w.isAtRest).toBe(true);
      w.press();
      expect(w.did).toContain(`open_socket ${w.state.socket} false`);
      settle(w);
      expect([w.view, w.state.problem]).toEqual(['listening', null]);
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
    const w = connectionModel().listening().closed(1006).fire('retry').closed(CLOSE.nothingToResume, { random: 0.99 });
    expect(w.did).toContain('end_session false');
    expect(w.did).toContain('open_socket 3 false');
    expect([w.view, w.state.failures]).toEqual(['reconnecting', 1]);
    settle(w);
    expect([w.view, w.state.sessionId]).toEqual(['listening', 's3']);
  });

  test('4410 without a session to resume, or after the welcome: backoff', () => {
    expect(connectionModel().press().closed(CLOSE.nothingToResume).state.retryInMs).toBe(125);
    const w = connectionModel().listening().closed(CLOSE.nothingToResume);
    expect([w.view, w.state.retryInMs, w.state.sessionId]).toEqual(['reconnecting', 125, null]);
    settle(w);
    expect([w.view, w.state.sessionId, w.state.newSessions]).toEqual(['listening', 's2', 1]);
  });

  test.each([1000, 1001, 1006, 1008, 1009, 1011, 1013, 4408, 4409, 4410])(
    '%i after the user cancelled or stopped: idle, no problem, no retry',
    (code) => {
      for (const w of [
        connectionModel().press().press(),
        connectionModel().press().welcome().press(),
        connectionModel().listening().press().micStopped().answer('idle'),
      ]) {
        w.closed(code, { retryAfterMs: 5_000 });
        if (w.state.mic === 'stopping') w.micStopped();
        expect([w.view, w.state.problem, w.isAtRest]).toEqual(['idle', null, true]);
      }
    },
  );

  test.each([1000, 1008, 1009, 4409, 4410])(
    '%i while the last audio is delivered: ends without showing a problem',
    (code) => {
      for (const flushed of [false, true]) {
        const w = connectionModel().listening().frame(4).press();
        if (flushed) w.micStopped();
        w.closed(code);
        if (!flushed) w.frame().micStopped();
        expect([w.view, w.state.problem, w.isAtRest]).toEqual(['idle', null, true]);
      }
    },
  );

  test.each([1001, 1005, 1006, 1011, 1013, 4408])('%i while the last audio is delivered: retries', (code) => {
    for (const flushed of [false, true]) {
      const w = connectionModel().listening().frame(4).press();
      if (flushed) w.micStopped();
      w.closed(code);
      expect([w.view, w.state.link]).toEqual(['stopping', 'waiting']);
      settle(w);
      expect([w.view, w.heardBy('s1').length, w.isAtRest]).toEqual(['idle', 4, true]);
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
        const w = connectionModel().listening();
        randoms.forEach((random, n) => {
          const below = Math.min(8_000, 250 * 2 ** n);
          w.closed(1006, { random });
          expect(w.state.retryInMs).toBe(Math.floor(random * below));
          expect(w.state.retryInMs).toBeLessThan(below);
          w.fire('retry');
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
    for (const w of [connectionModel().press().closed(1006), connectionModel().press().welcome().closed(1006)]) {
      w.press();
      expect(w.did).toContain('clear_timer retry');
      expect([w.view, w.state.link, w.timers.size]).toEqual(['idle', 'none', 0]);
    }
  });

  test('failures are reset after 5 s connected, not before', () => {
    const w = connectionModel().listening().closed(1006).fire('retry').welcome();
    expect([w.state.failures, w.timers.get('stable')]).toEqual([1, 5_000]);
    w.fire('stable');
    expect([w.state.failures, w.view]).toEqual([0, 'listening']);
    w.closed(1006, { random: 0.5 });
    expect(w.state.retryInMs).toBe(125);
  });

  test('a press resets the failure count', () => {
    const w = connectionModel().press().closed(1006).fire('retry').closed(1006).press().press();
    expect([w.state.failures, w.view]).toEqual([0, 'connecting']);
  });

  test.each(['retry_now', 'retry_hint'] as const)('%s ends the wait', (type) => {
    expect(connectionModel().press().closed(1006).send({ type }).did).toContain('open_socket 2 false');
    expect(connectionModel().listening().closed(1006).send({ type }).did).toContain('open_socket 2 true');
  });

  test('a retry hint before the loss skips the next wait, once', () => {
    for (const w of [connectionModel().press(), connectionModel().listening()]) {
      const { effects } = w.send({ type: 'retry_hint' });
      expect(effects).toEqual([]);
      w.closed(1006, { random: 0.9 });
      expect(w.state.retryInMs).toBe(0);
      w.fire('retry').closed(1006, { random: 0.5 });
      expect(w.state.retryInMs).toBe(250);
    }
  });

  test('a retry hint expires after 5 s connected', () => {
    const w = connectionModel().listening().send({ type: 'retry_hint' }).fire('stable').closed(1006, { random: 0.5 });
    expect(w.state.retryInMs).toBe(125);
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
      expect([other.did, other.state]).toEqual([[], before]);
    }
  });
});

describe('H21 the breaker', () => {
  /** Fails until the breaker is open. */
  function open(w: ConnectionModel): ConnectionModel {
    for (let i = 1; i < MAX_FAILURES; i++) {
      w.closed(1006).fire('retry');
      expect(isBreakerOpen(w.state)).toBe(false);
    }
    return w.closed(1006);
  }

  test('opens after five consecutive failures: one attempt every 15 s, microphone on, audio kept', () => {
    const w = open(connectionModel().listening().frame()).frame();
    expect([w.view, w.state.problem, isBreakerOpen(w.state)]).toEqual(['reconnecting', null, true]);
    expect([w.state.retryInMs, BREAKER_MS]).toEqual([15_000, 15_000]);
    expect(w.state).toMatchObject({ mic: 'live', sessionId: 's1', voice: 'listening' });
    expect([w.audio.offered, w.audio.dropped]).toEqual([[], []]);
  });

  test('allows an attempt after 15 s and a second one before the window ends, and no more', () => {
    const w = open(connectionModel().listening());
    const spent = 125 + 250 + 500 + 1_000;
    w.fire('retry');
    expect([w.state.link, isBreakerOpen(w.state)]).toEqual(['opening', true]);
    w.closed(1006, { random: 0 });
    expect([w.view, w.state.retryInMs]).toEqual(['reconnecting', LAST_TRY_AT - spent - BREAKER_MS]);
    w.fire('window');
    expect([w.state.link, isBreakerOpen(w.state)]).toEqual(['opening', true]);
    w.closed(1006);
    expect([w.view, w.state.problem]).toEqual(['error', 'server_gone']);
  });

  test('a successful attempt listens; a loss within 5 s opens the breaker again, a later one does not', () => {
    const w = open(connectionModel().listening()).fire('retry').welcome();
    expect([w.view, isBreakerOpen(w.state), w.state.failures]).toEqual(['listening', false, MAX_FAILURES]);
    w.closed(1001);
    expect(isBreakerOpen(w.state)).toBe(true);
    w.fire('retry').welcome().fire('stable').closed(1006, { random: 0.5 });
    expect([w.state.retryInMs, isBreakerOpen(w.state), w.state.failures]).toEqual([125, false, 1]);
  });

  test.each(['retry_now', 'retry_hint', 'woke'] as const)(
    '%s: retries immediately; after a failure the 15 s start again',
    (type) => {
      const w = open(connectionModel().listening()).send({ type });
      expect([w.state.link, w.timers.has('retry')]).toEqual(['opening', false]);
      w.closed(1006);
      expect(w.state.retryInMs).toBe(15_000);
    },
  );

  test('also opens before the first session', () => {
    const w = open(connectionModel().press().micLive());
    expect([w.view, w.state.mic, w.state.retryInMs]).toEqual(['reconnecting', 'live', 15_000]);
    settle(w);
    expect(w.view).toBe('listening');
  });

  test('counts frozen connections, missing welcomes and lost connections alike', () => {
    const w = connectionModel()
      .listening()
      .frozen()
      .fire('retry')
      .fire('welcome')
      .fire('retry')
      .closed(1011)
      .fire('retry');
    w.closed(1013).fire('retry').closed(4408);
    expect([isBreakerOpen(w.state), w.state.failures]).toEqual([true, MAX_FAILURES]);
  });

  test('a connection with acknowledged audio does not count as a failure, however short it was', () => {
    const w = connectionModel().listening();
    for (let i = 0; i < 2 * MAX_FAILURES; i++) {
      w.send({ type: 'progress', socket: w.state.socket }).closed(1006, { random: 0.5 });
      expect([w.state.failures, w.state.retryInMs]).toEqual([1, 125]);
      w.fire('retry').welcome();
    }
    expect(w.view).toBe('listening');
  });

  test('opens for a server that repeatedly welcomes and closes, so that it is not retried in a loop', () => {
    const w = connectionModel().listening();
    for (let i = 1; i < MAX_FAILURES; i++) {
      w.closed(1001);
      expect(w.state.retryInMs).toBe(0);
      w.fire('retry').welcome();
    }
    w.closed(1001);
    expect(w.state.retryInMs).toBe(15_000);
  });

  test.each<[string, (w: ConnectionModel) => ConnectionModel]>([
    ['welcomes and answers 4410', (w) => w.welcome({ resumed: false }).closed(4410)],
    ['welcomes, closes and answers 4410', (w) => w.welcome({ resumed: false }).closed(1001).fire('retry').closed(4410)],
    ['claims to hold unsent frames', (w) => w.welcome({ resumed: true, agrees: false })],
  ])('a server that repeatedly %s opens it', (_title, round) => {
    const w = connectionModel().press();
    for (let i = 0; i < MAX_FAILURES; i++) {
      round(w);
      if (w.state.link === 'waiting' && i < MAX_FAILURES - 1) w.fire('retry');
    }
    expect(w.state.failures).toBeGreaterThanOrEqual(MAX_FAILURES);
  });

  test('honours a delay of an overloaded server beyond 15 s', () => {
    const w = open(connectionModel().listening()).closed(1006);
    const later = open(connectionModel().listening().frame()).fire('retry').welcome().fire('stable');
    for (let i = 1; i < MAX_FAILURES; i++) later.closed(1006, { random: 0 }).fire('retry');
    later.closed(CLOSE.overloaded, { retryAfterMs: 20_000 });
    expect([w.state.retryInMs, later.state.retryInMs]).toEqual([15_000, 20_000]);
  });

  test('a press to stop before the microphone is live: idle immediately', () => {
    const w = open(connectionModel().press()).press();
    expect([w.view, w.state.link, w.timers.size]).toEqual(['idle', 'none', 0]);
  });
});

describe.each([
  ['H27 a server that is full', 'server_full'],
  ['H69 a browser that sends too many cookies', 'too_many_cookies'],
] as const)('%s', (_title, type) => {
  test('is shown while the refused socket waits for its retry', () => {
    const w = connectionModel().press().closed(1006).send({ type, socket: 1 });
    expect([w.view, w.state.problem, w.state.link]).toEqual(['error', type, 'none']);
    settle(w);
    expect(w.isAtRest).toBe(true);
    w.press();
    settle(w);
    expect(w.view).toBe('listening');
  });

  test('does not end a turn that has a session: it keeps retrying', () => {
    for (const reach of [
      () => connectionModel().listening().closed(1006).fire('retry').closed(1006),
      () => connectionModel().listening().press().closed(1006).fire('retry').closed(1006),
    ]) {
      const w = reach();
      const before = w.state;
      w.send({ type, socket: before.socket });
      expect([w.did, w.state]).toEqual([[], before]);
    }
  });

  test('reported for an earlier attempt does not affect the current wait', () => {
    const w = connectionModel().press().closed(1006).fire('retry').closed(1006);
    const before = w.state;
    w.send({ type, socket: 1 });
    expect([w.did, w.state]).toEqual([[], before]);
  });

  test('is ignored while a socket is opening or connected, and after a stop', () => {
    for (const w of [
      connectionModel().press(),
      connectionModel().listening(),
      connectionModel().press().closed(1006).fire('retry').welcome(),
      connectionModel().press().press().closed(1006),
    ]) {
      const before = w.state;
      w.send({ type, socket: before.socket });
      expect([w.did, w.state]).toEqual([[], before]);
    }
  });
});

describe('H66 another program that answers in Earshot’s place', () => {
  const lost = () => connectionModel().listening().frame(3).closed(1006);

  test('is sent nothing; the turn ends, its audio is offered to the user, and no retry follows', () => {
    const w = lost().fire('retry').unproven();
    expect(w.did).toEqual(
      expect.arrayContaining([`abandon_socket 2 ${CLOSE.protocolError}`, 'end_session true', 'stop_mic 1']),
    );
    expect([w.sentMessages.get(2), w.view, w.state.problem]).toEqual([[], 'error', 'other_program']);
    w.micStopped();
    expect([w.did, w.isAtRest]).toEqual([['drop_audio true'], true]);
  });

  test('is also handled when the bridge detects it while this connection waits for its retry', () => {
    const w = lost().send({ type: 'host_unproven' }).micStopped();
    expect([w.state.problem, w.isAtRest, w.sockets.size]).toEqual(['other_program', true, 0]);
  });

  test('does not end an open or opening connection when the bridge detects it', () => {
    for (const w of [connectionModel().listening(), connectionModel().press(), connectionModel()]) {
      const before = w.state;
      w.send({ type: 'host_unproven' });
      expect([w.state, w.did]).toEqual([before, []]);
    }
  });

  test('ended turns in the backlog are offered to the user too, with the one being captured', () => {
    const w = lost().press().micStopped().press().micLive().frame(2).press().micStopped().press().micLive().frame();
    expect(w.state.backlog).toBeGreaterThan(0);
    if (w.state.link === 'waiting') w.fire('retry');
    w.unproven().micStopped();
    expect(w.did).toEqual(['drop_audio true']);
    expect([w.view, w.isAtRest]).toEqual(['error', true]);
  });

  test('a press that was cancelled meanwhile ends normally', () => {
    const w = connectionModel().press().press();
    expect(w.state.link).toBe('closing');
    w.unproven();
    expect(w.did).toEqual([]);
    settle(w);
    expect([w.view, w.isAtRest]).toEqual(['idle', true]);
  });

  test('a press tries again', () => {
    const w = lost().fire('retry').unproven().micStopped().press();
    expect(w.did).toContain('open_socket 3 false');
    w.welcome().micLive().answer('listening');
    expect([w.view, w.state.problem]).toEqual(['listening', null]);
  });
});
