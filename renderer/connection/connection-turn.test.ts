import { describe, expect, test } from 'vitest';
import { CLOSE, RESUME_WINDOW_MS, WELCOME_TIMEOUT_MS } from '../../shared/protocol.ts';
import {
  type ConnectionModel,
  connectionModel,
  healthyStep,
  settle,
  timerStep,
} from '../testing/connection-model/model.ts';
import {
  ANSWER_TIMEOUT_MS,
  CLOSE_TIMEOUT_MS,
  type ConnectionEvent,
  DELIVERY_RETRY_MS,
  IDLE_AFTER_MS,
  LAST_TRY_MS,
  MAX_FAILURES,
  STABLE_AFTER_MS,
} from './connection-types.ts';
import type { MicProblem } from './problems.ts';

describe('a turn', () => {
  test('a press opens the socket and then the microphone in the same step', () => {
    const model = connectionModel().press();
    expect(model.effectTexts).toEqual([
      'clear_timer retry',
      'open_socket 1 false',
      `set_timer welcome ${WELCOME_TIMEOUT_MS}`,
      'open_mic 1',
    ]);
    expect(model.view).toBe('connecting');
  });

  test('is connected with the welcome and listening with the server’s confirmation, after which audio is sent', () => {
    const model = connectionModel().press().micLive();
    expect([model.view, model.effectTexts]).toEqual(['connecting', []]);
    model.frame().welcome({ sessionId: 's1' });
    expect(model.effectTexts).toEqual([
      'clear_timer welcome',
      'send_ready 1 s1',
      `set_timer stable ${STABLE_AFTER_MS}`,
      `set_timer idle ${IDLE_AFTER_MS}`,
      'clear_timer idle',
      'send_start 1',
      `set_timer answer ${ANSWER_TIMEOUT_MS}`,
    ]);
    expect([model.view, model.state.sessionId, model.audio.numbered]).toEqual(['connecting', 's1', []]);
    model.answer('listening');
    expect([model.view, model.effectTexts]).toEqual(['listening', ['clear_timer answer', 'open_audio 1']]);
    expect(model.audio.numbered).toEqual([{ mic: 1, n: 0 }]);
  });

  test('start waits for a microphone that is slower than the welcome', () => {
    const model = connectionModel().press().welcome();
    expect(model.effectTexts).not.toContain('send_start 1');
    model.micLive();
    expect(model.effectTexts).toContain('send_start 1');
  });

  test('a press ends it: flush, end of capture, stop, answer, close, idle', () => {
    const model = connectionModel().listening().frame(2).press();
    expect([model.view, model.effectTexts]).toEqual(['stopping', ['stop_mic 1']]);
    model.frame().micStopped();
    expect(model.effectTexts).toEqual(['end_capture', 'send_stop 1', `set_timer answer ${ANSWER_TIMEOUT_MS}`]);
    model.answer('idle');
    expect(model.effectTexts).toContain(`close_socket 1 ${CLOSE.done}`);
    expect(model.effectTexts).toContain(`set_timer close ${CLOSE_TIMEOUT_MS}`);
    model.closed(CLOSE.done);
    expect([model.view, model.isIdle, model.state.problem]).toEqual(['idle', true, null]);
    expect(model.framesHeldFor('s1')).toEqual(['1:0', '1:1', '1:2']);
  });

  test('three presses: connected, disconnected, and connected again with another session', () => {
    const model = connectionModel()
      .listening()
      .press()
      .micStopped()
      .answer('idle')
      .closed(1000)
      .press()
      .welcome()
      .micLive();
    model.answer('listening');
    expect([model.view, model.state.sessionId, model.state.socket, model.state.micNumber]).toEqual([
      'listening',
      's2',
      2,
      2,
    ]);
  });

  test('ended before the server listens: the audio is delivered once it does', () => {
    const model = connectionModel().press().welcome().micLive().frame().press();
    expect(model.view).toBe('stopping');
    model.micStopped();
    expect(model.effectTexts).toEqual(['end_capture']);
    model.answer('listening');
    expect(model.effectTexts).toEqual([
      'clear_timer answer',
      'open_audio 1',
      'send_stop 1',
      `set_timer answer ${ANSWER_TIMEOUT_MS}`,
    ]);
    model.answer('idle').closed(1000);
    expect([model.isIdle, model.framesHeldFor('s1')]).toEqual([true, ['1:0']]);
  });

  test('the answer to start does not end the flush of a stop', () => {
    const model = connectionModel().press().welcome().micLive().press().answer('listening');
    model.answer('idle');
    expect(model.state.link).toBe('welcomed');
    model.micStopped().answer('idle').closed(1000);
    expect(model.isIdle).toBe(true);
  });

  test('an unrequested idle is ignored', () => {
    for (const model of [connectionModel().press().welcome().micLive(), connectionModel().press().welcome()]) {
      const before = model.state;
      model.answer('idle');
      expect([model.effectTexts, model.state]).toEqual([[], before]);
    }
  });

  test('H50 an unrequested idle while listening releases the microphone and reports that the recording has ended', () => {
    const model = connectionModel().listening();
    model.answer('idle');
    expect(model.effectTexts).toEqual(
      expect.arrayContaining(['stop_mic 1', 'end_session true', 'close_socket 1 1000']),
    );
    expect(model.state).toMatchObject({
      shouldListen: false,
      problem: 'recording_ended',
      voice: 'idle',
      turnConfirmed: false,
    });
  });

  test('a repeated listening is ignored', () => {
    const model = connectionModel().listening();
    const before = model.state;
    model.answer('listening');
    expect([model.effectTexts, model.state]).toEqual([[], before]);
  });

  test('start unanswered for 2 s: abandons the connection and resumes the session to repeat it', () => {
    const model = connectionModel().press().welcome().micLive().frame().fire('answer');
    expect(model.effectTexts).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([model.view, model.state.link, model.state.mic, model.state.retryInMs]).toEqual([
      'reconnecting',
      'waiting',
      'live',
      125,
    ]);
    model.fire('retry').welcome();
    expect(model.effectTexts).toContain('send_start 2');
    model.answer('listening');
    expect([model.view, model.state.sessionId, model.audio.numbered.length]).toEqual(['listening', 's1', 1]);
  });

  test('stop unanswered for 2 s: resumes the session and repeats stop', () => {
    const model = connectionModel().listening().frame(4).press().micStopped().fire('answer');
    expect(model.effectTexts).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([model.view, model.state.link]).toEqual(['stopping', 'waiting']);
    model.fire('retry');
    expect(model.effectTexts).toContain('open_socket 2 true');
    model.welcome();
    expect(model.effectTexts.slice(-3)).toEqual([
      'resume_audio 2',
      'send_stop 2',
      `set_timer answer ${ANSWER_TIMEOUT_MS}`,
    ]);
    model.answer('idle').closed(1000);
    expect([model.view, model.isIdle, model.framesHeldFor('s1').length]).toEqual(['idle', true, 4]);
  });

  test('a closing handshake over 1 s is abandoned', () => {
    const model = connectionModel().listening().press().micStopped().answer('idle').fire('close');
    expect(model.effectTexts[0]).toBe(`abandon_socket 1 ${CLOSE.done}`);
    expect([model.view, model.isIdle]).toEqual(['idle', true]);
  });
});

describe('H12 presses at any time', () => {
  const MOMENTS: Array<[string, (model: ConnectionModel) => ConnectionModel]> = [
    ['idle', (model) => model],
    ['connecting', (model) => model.press()],
    ['connecting, the microphone live', (model) => model.press().micLive()],
    ['welcomed, microphone opening', (model) => model.press().welcome()],
    ['waiting for a pong', (model) => model.press().welcome().fire('idle').micLive()],
    ['starting', (model) => model.press().welcome().micLive()],
    ['listening', (model) => model.listening()],
    ['ended before the server listened', (model) => model.press().welcome().micLive().press()],
    ['flushing', (model) => model.listening().press()],
    ['stopping', (model) => model.listening().press().micStopped()],
    ['closing', (model) => model.listening().press().micStopped().answer('idle')],
    ['closing before the welcome', (model) => model.press().press()],
    ['waiting for a first connection', (model) => model.press().micLive().closed(1006)],
    ['waiting to repeat start', (model) => model.press().welcome().micLive().closed(1006)],
    ['repeating start', (model) => model.press().welcome().micLive().closed(1006).fire('retry')],
    ['waiting to reconnect', (model) => model.listening().closed(1006)],
    ['reconnecting', (model) => model.listening().closed(1006).fire('retry')],
    ['resumed', (model) => model.listening().closed(1006).fire('retry').welcome()],
    ['waiting to deliver the last audio, flushing', (model) => model.listening().press().closed(1006)],
    ['waiting to deliver the last audio', (model) => model.listening().press().micStopped().closed(1006)],
    [
      'reconnecting to deliver the last audio',
      (model) => model.listening().press().micStopped().closed(1006).fire('retry'),
    ],
    ['waiting for a server that never listened', (model) => model.press().welcome().micLive().press().closed(1006)],
    ['the breaker is open', breakerOpens],
    ['a problem', (model) => model.listening().closed(1008)],
  ];

  test.each(MOMENTS)('while %s: one press reverses the state, and the view shows it immediately', (_title, reach) => {
    const model = reach(connectionModel());
    const before = model.state.shouldListen;
    model.press();
    expect(model.state.shouldListen).toBe(!before);
    expect(model.view).toBeOneOf(before ? ['idle', 'stopping'] : ['connecting', 'listening', 'reconnecting']);
  });

  test.each(MOMENTS)('while %s: after fifty presses the last one determines the state', (_title, reach) => {
    for (const presses of [50, 51]) {
      const model = reach(connectionModel());
      const shouldListen = presses % 2 === 0 ? model.state.shouldListen : !model.state.shouldListen;
      for (let i = 0; i < presses; i++) model.press();
      expect(model.state.shouldListen).toBe(shouldListen);
      settle(model);
      expect(model.view).toBe(shouldListen ? 'listening' : 'idle');
      if (!shouldListen) expect(model.isIdle).toBe(true);
    }
  });

  test.each(MOMENTS)('while %s: pressing again after the session was lost leads to listening', (_title, reach) => {
    for (const answer of [
      (model: ConnectionModel) => model.welcome({ resumed: false }),
      (model: ConnectionModel) => model.closed(CLOSE.nothingToResume),
    ]) {
      const model = reach(connectionModel());
      if (!model.state.shouldListen) model.press();
      for (let steps = 0; model.state.link !== 'opening' && steps < 10; steps++) healthyStep(model);
      if (model.state.link === 'opening') answer(model);
      settle(model);
      expect([model.view, model.state.problem]).toEqual(['listening', null]);
    }
  });

  test('fifty presses with partial answers never open a second socket or microphone', () => {
    const model = connectionModel();
    for (let i = 0; i < 50; i++) {
      model.press();
      healthyStep(model);
    }
    settle(model);
    expect([model.view, model.isIdle]).toEqual(['idle', true]);
  });
});

function breakerOpens(model: ConnectionModel): ConnectionModel {
  model.listening();
  for (let i = 1; i < MAX_FAILURES; i++) model.closed(1006).fire('retry');
  return model.closed(1006);
}

describe('a press that ends a turn whose connection is lost', () => {
  test('while waiting: flushes the microphone and delivers the last audio immediately', () => {
    const model = connectionModel().listening().frame(4).closed(1006).frame(3).press();
    expect(model.effectTexts).toContain('open_socket 2 true');
    expect(model.effectTexts).toContain('stop_mic 1');
    expect([model.view, model.timers.has('retry')]).toEqual(['stopping', false]);
    model.frame().micStopped();
    expect(model.effectTexts).toEqual(['end_capture']);
    model.welcome();
    expect(model.effectTexts.slice(-3, -1)).toEqual(['resume_audio 2', 'send_stop 2']);
    model.answer('idle').closed(1000);
    expect([model.view, model.isIdle, model.framesHeldFor('s1').length]).toEqual(['idle', true, 8]);
  });

  test('while opening: the current attempt delivers the audio, and stop follows the flush', () => {
    const model = connectionModel().listening().frame(4).closed(1006).fire('retry').press();
    expect(model.effectTexts).toEqual(['stop_mic 1']);
    model.frame().welcome();
    expect(model.effectTexts).toContain('resume_audio 2');
    expect(model.effectTexts).not.toContain('send_stop 2');
    model.frame().micStopped();
    expect(model.effectTexts.slice(0, 2)).toEqual(['end_capture', 'send_stop 2']);
    model.answer('idle').closed(1000);
    expect([model.isIdle, model.framesHeldFor('s1').length]).toEqual([true, 6]);
  });

  test('H58 while the breaker is open: retries immediately, then at least every 2 s for as long as the session is kept', () => {
    const model = breakerOpens(connectionModel()).press().micStopped();
    for (const ms of [125, 250, 500, 1_000, 2_000, 2_000]) {
      model.closed(1006);
      expect([model.view, model.state.retryInMs]).toEqual(['stopping', ms]);
      model.fire('retry');
    }
    settle(model, timerStep);
    expect([model.view, model.isIdle]).toEqual(['idle', true]);

    const pressed = breakerOpens(connectionModel()).press();
    expect(pressed.effectTexts).toContain(`open_socket ${MAX_FAILURES + 1} true`);
    settle(pressed);
    expect([pressed.view, pressed.isIdle]).toEqual(['idle', true]);
  });

  test('the connection is lost again during delivery: retries with backoff', () => {
    const model = connectionModel().listening().frame(4).press().micStopped();
    for (const ms of [125, 250, 500, 1_000]) {
      model.closed(1006);
      expect([model.view, model.state.retryInMs]).toEqual(['stopping', ms]);
      model.fire('retry').welcome();
    }
    model.answer('idle').closed(1000);
    expect([model.view, model.isIdle, model.framesHeldFor('s1').length]).toEqual(['idle', true, 4]);
  });

  test('H58 a reconnect at any time within the window delivers the audio', () => {
    for (let tries = 0; tries < 100; tries++) {
      const model = connectionModel().listening().frame(4).press().frame().micStopped();
      const lostAt = model.clock;
      model.closed(1006);
      for (let i = 0; i < tries && model.state.link !== 'none'; i++) {
        const next = model.nextOf('retry', 'window');
        if (next) model.fire(next);
        model.closed(1006);
      }
      if (model.state.link === 'none') {
        expect(model.clock - lostAt).toBe(RESUME_WINDOW_MS - LAST_TRY_MS);
        expect(tries).toBeGreaterThan(RESUME_WINDOW_MS / DELIVERY_RETRY_MS);
        return;
      }
      settle(model);
      expect([model.view, model.isIdle, model.framesHeldFor('s1').length, model.audio.offered]).toEqual([
        'idle',
        true,
        5,
        [],
      ]);
    }
    expect.unreachable('the window never ends');
  });

  test('H58 after the window, undelivered audio is offered to the user', () => {
    const model = connectionModel().listening().frame(4).press().frame().micStopped().closed(1006);
    settle(model, timerStep);
    expect([model.view, model.isIdle, model.state.problem]).toEqual(['idle', true, null]);
    expect(model.audio.offered.length + model.framesHeldFor('s1').length).toBe(5);
    expect(model.audio.offered.length).toBeGreaterThan(0);
  });

  test('H58 the end of the window has no effect while connected', () => {
    const model = connectionModel().listening().frame(4).closed(1006).fire('retry').welcome().fire('window').frame();
    expect([model.view, model.effectTexts, model.state.offlineSince]).toEqual(['listening', [], null]);
    model.closed(1006).fire('retry').welcome();
    expect(model.view).toBe('listening');
  });

  test.each<[string, (model: ConnectionModel) => ConnectionModel]>([
    ['4410', (model) => model.closed(CLOSE.nothingToResume)],
    ['a welcome to a new session', (model) => model.welcome({ resumed: false })],
    ['a welcome that can’t be true', (model) => model.welcome({ isConsistent: false })],
  ])('%s: nothing can be delivered any more, and nothing is tried', (_title, loseSession) => {
    const model = connectionModel().listening().frame(4).closed(1006).press().micStopped();
    loseSession(model);
    expect(model.audio.session).toBeNull();
    if (model.state.link === 'closing') model.closed(1000);
    expect([model.view, model.isIdle, model.state.newSessions]).toEqual(['idle', true, 0]);
  });

  test('H58 before the server listened: the audio is delivered in the next session', () => {
    for (const reach of [
      (model: ConnectionModel) => model.press().micLive().frame().closed(1006).press(),
      (model: ConnectionModel) => model.press().micLive().frame().closed(1006).fire('retry').press(),
      (model: ConnectionModel) => model.press().welcome().micLive().frame().closed(1006).press(),
      (model: ConnectionModel) => model.press().welcome().micLive().frame().closed(1006).fire('retry').press(),
    ]) {
      const model = reach(connectionModel()).frame();
      expect(model.view).toBe('stopping');
      settle(model);
      expect([model.view, model.isIdle, model.framesHeldFor(model.sessionOf.get(2) ?? '')]).toEqual([
        'idle',
        true,
        ['1:0', '1:1'],
      ]);
    }
  });

  test('a press before any audio is kept cancels the turn', () => {
    const model = connectionModel().press().micLive().frame().press();
    expect([model.view, model.audio.dropped.length]).toEqual(['stopping', 1]);
    settle(model);
    expect([model.view, model.isIdle]).toEqual(['idle', true]);
  });

  test('a turn that ended while start was in flight is delivered even if the connection is lost before the answer', () => {
    const model = connectionModel()
      .press()
      .welcome()
      .micLive()
      .frame()
      .press()
      .closed(1006)
      .frame()
      .micStopped()
      .fire('retry');
    model.welcome();
    expect(model.effectTexts).toContain('send_start 2');
    expect(model.state.voice).toBe('stopping');
    model.answer('listening');
    expect(model.effectTexts).toContain('send_stop 2');
    model.answer('idle').closed(1000);
    expect([model.view, model.isIdle, model.framesHeldFor('s1')]).toEqual(['idle', true, ['1:0', '1:1']]);
  });

  test('two more presses do not cancel it', () => {
    for (const retried of [false, true]) {
      const model = connectionModel().press().welcome().micLive().frame().press().micStopped().closed(1006);
      if (retried) model.fire('retry');
      settle(model.press().press());
      expect([model.view, model.isIdle, model.framesHeldFor('s1')]).toEqual(['idle', true, ['1:0']]);
    }
  });
});

describe('a press for a new turn during the delivery of the previous one', () => {
  test('H58 opens the microphone immediately and uses its own session', () => {
    const model = connectionModel().listening().frame(4).closed(1006).press();
    model.frame().micStopped().press();
    expect(model.effectTexts).toContain('open_mic 2');
    model.micLive().frame(3);
    expect([model.view, model.audio.waiting.length]).toEqual(['reconnecting', 3]);
    settle(model).frame();
    expect([model.view, model.framesHeldFor('s1').length]).toEqual(['listening', 5]);
    expect(model.audio.numbered.map(({ mic, n }) => `${mic}:${n}`)).toEqual(['2:0', '2:1', '2:2', '2:3']);
    expect(model.state.sessionId).not.toBe('s1');
  });

  test('H58 a second and a third ended turn are delivered in order', () => {
    const model = connectionModel().listening().frame(4).closed(1006).press().micStopped();
    for (const frames of [3, 2]) {
      model.press().micLive().frame(frames).closed(1006).press();
      expect(model.view).toBe('stopping');
      model.frame().micStopped();
    }
    expect(model.state.backlog).toBe(2);
    settle(model);
    expect([model.view, model.isIdle, model.audio.offered, model.audio.dropped]).toEqual(['idle', true, [], []]);
    const sessions = [...model.audio.held.values()].map((frames) => frames.map(({ mic }) => mic).join(''));
    expect(sessions).toEqual(['1111', '2222', '333']);
  });

  test('H58 continues after the previous turn’s window has ended, with its own window', () => {
    const model = connectionModel().listening().frame(4).closed(1006).press().micStopped();
    for (let tries = 0; tries < 10; tries++) model.closed(1006).fire('retry');
    model.press().micLive().frame(3);
    const pressedAt = model.clock;
    for (let steps = 0; model.state.voice === 'stopping' && steps < 100; steps++) {
      model.closed(1006);
      const next = model.nextOf('retry', 'window');
      if (next && model.state.voice === 'stopping') model.fire(next);
    }
    expect(model.audio.offered.map(({ mic }) => mic)).toEqual(expect.not.arrayContaining([2]));
    expect([model.view, model.state.mic, model.audio.waiting.length]).toEqual(['reconnecting', 'live', 3]);
    settle(model, timerStep);
    expect([model.view, model.state.problem, model.state.mic]).toEqual(['error', 'server_gone', 'off']);
    expect(model.clock - pressedAt).toBeLessThanOrEqual(RESUME_WINDOW_MS);
    expect(model.audio.offered.filter(({ mic }) => mic === 2)).toHaveLength(3);
  });

  test.each<[string, (model: ConnectionModel) => ConnectionModel]>([
    ['4410', (model) => model.closed(CLOSE.nothingToResume)],
    ['a welcome to a new session', (model) => model.welcome({ resumed: false })],
    ['a welcome that can’t be true', (model) => model.welcome({ isConsistent: false })],
  ])('that ends with %s: the new one listens', (_title, loseSession) => {
    for (const flushed of [true, false]) {
      const model = connectionModel().listening().frame(4).press();
      if (flushed) model.micStopped();
      model.closed(1006).press();
      loseSession(model);
      model.frame();
      settle(model).frame();
      expect(model.view).toBe('listening');
      expect(model.audio.numbered.map(({ mic }) => mic)).not.toContain(1);
    }
  });

  test('audio of a turn that the server never confirmed is not part of the new turn', () => {
    for (const pressed of ['waiting', 'opening', 'closing']) {
      const model = connectionModel().press().welcome().micLive().frame().press().micStopped().closed(1006);
      if (pressed === 'waiting') model.press();
      else model.fire('retry');
      if (pressed === 'opening') model.press();
      model.welcome({ resumed: false });
      if (pressed === 'closing') model.press();
      settle(model).frame();
      expect([model.view, model.audio.numbered]).toEqual(['listening', [{ mic: 2, n: 0 }]]);
    }
  });
});

describe('H59 a host that does not come back', () => {
  test('while listening: after the window the turn ends, the microphone is released, and the audio is offered', () => {
    const model = connectionModel().listening().frame(4).closed(1006).frame(3);
    const lostAt = model.clock;
    settle(model, (now) => now.state.shouldListen && timerStep(now));
    expect(model.clock - lostAt).toBeLessThanOrEqual(RESUME_WINDOW_MS);
    expect([model.view, model.state.problem, model.state.mic]).toEqual(['error', 'server_gone', 'stopping']);
    // The samples that the microphone still held when it was stopped.
    model.frame(2).micStopped();
    expect([model.isIdle, model.audio.dropped]).toEqual([true, []]);
    expect(model.audio.offered.length + model.framesHeldFor('s1').length).toBe(9);
  });

  test('before any connection: the turn ends when the window, counted from the first failure, is over', () => {
    const model = connectionModel().press().micLive().frame(3).closed(1006).frame();
    settle(model, (now) => now.state.shouldListen && timerStep(now));
    model.frame().micStopped();
    expect([model.view, model.state.problem, model.isIdle]).toEqual(['error', 'server_gone', true]);
    expect(model.audio.offered.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
  });

  test('a later press starts again with its own window', () => {
    const model = connectionModel().listening().frame(4).closed(1006);
    settle(model, (now) => now.state.shouldListen && timerStep(now));
    model.press().frame().micStopped().micLive();
    expect([model.state.problem, model.state.lastTry, model.view]).toEqual([null, false, 'connecting']);
    settle(model).frame();
    expect([model.view, model.audio.numbered]).toEqual(['listening', [{ mic: 2, n: 0 }]]);
  });
});

describe('liveness of a connection', () => {
  test('after 5 s idle, a ping must be answered before audio is sent', () => {
    const model = connectionModel().press().welcome().fire('idle').micLive();
    expect(model.effectTexts).toEqual(['send_ping 1', 'set_timer pong 1000']);
    model.pong();
    expect(model.effectTexts).toEqual([
      'clear_timer pong',
      'clear_timer idle',
      'send_start 1',
      `set_timer answer ${ANSWER_TIMEOUT_MS}`,
    ]);
    model.answer('listening');
    expect(model.view).toBe('listening');
  });

  test('without idle time there is no ping', () => {
    expect(connectionModel().press().welcome().micLive().effectTexts).not.toContain('send_ping 1');
  });

  test('no pong within 1 s: reconnects immediately with the microphone on', () => {
    const model = connectionModel().press().welcome().fire('idle').micLive().fire('pong', 0.9);
    expect(model.effectTexts).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([model.view, model.state.retryInMs, model.state.mic]).toEqual(['reconnecting', 0, 'live']);
    settle(model);
    expect([model.view, model.state.socket]).toEqual(['listening', 2]);
  });

  test('a pong before the microphone is live keeps the connection fresh for 5 s more', () => {
    const model = connectionModel().press().welcome().fire('idle').send({ type: 'woke' }).pong();
    expect(model.effectTexts).toContain(`set_timer idle ${IDLE_AFTER_MS}`);
    model.micLive();
    expect(model.effectTexts).toContain('send_start 1');
  });

  test('an unrequested pong is ignored', () => {
    for (const model of [
      connectionModel().press().welcome(),
      connectionModel().press().welcome().fire('idle'),
      connectionModel().listening(),
    ]) {
      const before = model.state;
      model.pong();
      expect([model.effectTexts, model.state]).toEqual([[], before]);
    }
  });

  test('H22 after a wake-up, an open connection is pinged once and continues when it answers', () => {
    const model = connectionModel().listening().frame().send({ type: 'woke' });
    expect([model.view, model.effectTexts]).toEqual(['listening', ['send_ping 1', 'set_timer pong 1000']]);
    model.send({ type: 'woke' });
    expect(model.effectTexts).toEqual([]);
    model.pong().frame();
    expect([model.view, model.effectTexts, model.state.lostConnections]).toEqual([
      'listening',
      ['clear_timer pong'],
      0,
    ]);
  });

  test('H22 after a wake-up with a dead connection, the session is resumed immediately', () => {
    const model = connectionModel().listening().frame(4).send({ type: 'woke' }).fire('pong');
    expect([model.view, model.state.retryInMs]).toEqual(['reconnecting', 0]);
    settle(model);
    expect([model.view, model.state.sessionId, model.state.resumes]).toEqual(['listening', 's1', 1]);
  });

  test('H22 a wake-up during a wait retries immediately; at other times it has no effect', () => {
    expect(connectionModel().listening().closed(1006).send({ type: 'woke' }).effectTexts).toContain(
      'open_socket 2 true',
    );
    for (const other of [connectionModel(), connectionModel().press(), connectionModel().press().press()]) {
      const before = other.state;
      other.send({ type: 'woke' });
      expect([other.effectTexts, other.state]).toEqual([[], before]);
    }
  });

  test('the connection dies while stop is unanswered: pinged, abandoned, delivered by the next one', () => {
    const model = connectionModel().listening().frame(4).press().micStopped().send({ type: 'woke' }).fire('pong');
    expect([model.view, model.state.retryInMs]).toEqual(['stopping', 0]);
    settle(model);
    expect([model.view, model.framesHeldFor('s1').length]).toEqual(['idle', 4]);
  });
});

describe('the microphone', () => {
  const PROBLEMS: MicProblem[] = ['mic_denied', 'mic_missing', 'mic_busy', 'mic_failed'];

  test.each(PROBLEMS)('H44 %s: shown to the user, everything is closed, and the next press tries again', (problem) => {
    for (const welcomed of [false, true]) {
      const model = connectionModel().press();
      if (welcomed) model.welcome();
      model.send({ type: 'mic_failed', mic: 1, problem });
      expect([model.view, model.state.problem, model.state.link]).toEqual(['error', problem, 'closing']);
      model.closed(1000);
      expect([model.view, model.isIdle]).toEqual(['error', true]);
      model.press();
      expect([model.view, model.state.problem]).toEqual(['connecting', null]);
      settle(model);
      expect(model.view).toBe('listening');
    }
  });

  test('H44 unplugged while listening: shown to the user, and the audio is flushed and kept', () => {
    const model = connectionModel().listening().frame(2).send({ type: 'mic_ended', mic: 1 });
    expect([model.view, model.state.problem, model.state.voice]).toEqual(['error', 'mic_unplugged', 'stopping']);
    expect(model.effectTexts).toEqual(['stop_mic 1']);
    settle(model);
    expect([model.view, model.isIdle, model.framesHeldFor('s1').length]).toEqual(['error', true, 2]);
    model.press();
    settle(model);
    expect(model.view).toBe('listening');
  });

  test('H44 unplugged during a reconnect: shown to the user, and the audio is delivered', () => {
    const model = connectionModel().listening().frame(4).closed(1006).frame(2).send({ type: 'mic_ended', mic: 1 });
    expect([model.view, model.state.problem]).toEqual(['error', 'mic_unplugged']);
    expect(model.effectTexts).toContain('open_socket 2 true');
    settle(model);
    expect([model.view, model.isIdle, model.framesHeldFor('s1').length]).toEqual(['error', true, 6]);
  });

  test('H15 stopped during the permission prompt: its stream is stopped, whatever the user answers', () => {
    for (const answer of ['mic_stopped', 'mic_failed', 'mic_live'] as const) {
      const model = connectionModel().press().welcome().press();
      expect(model.effectTexts).toContain('stop_mic 1');
      expect(model.state.link).toBe('closing');
      model.closed(1000);
      expect(model.view).toBe('idle');
      if (answer === 'mic_failed') model.send({ type: 'mic_failed', mic: 1, problem: 'mic_denied' });
      if (answer === 'mic_live') model.send({ type: 'mic_live', mic: 1 });
      model.send({ type: 'mic_stopped', mic: 1 });
      expect([model.view, model.state.problem, model.isIdle]).toEqual(['idle', null, true]);
    }
  });

  test('H15 pressed again during the prompt: a second microphone opens only when the first is off', () => {
    const model = connectionModel().press().press().press();
    model.closed(1000);
    expect([model.state.link, model.state.mic]).toEqual(['opening', 'stopping']);
    model.welcome();
    model.micStopped();
    expect(model.effectTexts).toContain('open_mic 2');
    model.micLive().answer('listening');
    expect(model.view).toBe('listening');
  });

  test('events of a stale microphone are ignored', () => {
    const model = connectionModel().listening().press().micStopped().answer('idle').closed(1000).listening();
    const before = model.state;
    const staleEvents: ConnectionEvent[] = [
      { type: 'mic_live', mic: 1 },
      { type: 'mic_failed', mic: 1, problem: 'mic_busy' },
      { type: 'mic_ended', mic: 1 },
      { type: 'mic_stopped', mic: 1 },
    ];
    for (const event of staleEvents) {
      model.send(event);
      expect([model.effectTexts, model.state]).toEqual([[], before]);
    }
  });

  test.each<[string, (model: ConnectionModel) => ConnectionModel]>([
    ['the wait for a first connection', (model) => model.press().micLive().closed(1006).press()],
    ['its first connection', (model) => model.press().micLive().press().closed(1000)],
    ['last audio that the server refuses', (model) => model.listening().press().closed(1008)],
    ['a session that the server ended', (model) => model.listening().closed(1000)],
    ['a refusal', (model) => model.listening().closed(1008)],
  ])('the last samples of a turn that ended in %s are never part of the next one', (_title, end) => {
    // The samples arrive after the step that ended the turn, because a microphone takes some ms to be flushed.
    for (const pressedFirst of [false, true]) {
      const model = end(connectionModel()).frame();
      if (pressedFirst) model.press().frame();
      model.micStopped();
      if (!pressedFirst) model.press();
      settle(model).frame();
      expect(model.audio.numbered).toEqual([{ mic: 2, n: 0 }]);
    }
  });

  test('stays on during a reconnect: its audio is buffered and sent in order', () => {
    const model = connectionModel().listening().frame(4).closed(1006).frame(2).fire('retry').frame();
    expect([model.state.mic, model.state.voice, model.state.turnConfirmed]).toEqual(['live', 'listening', true]);
    model.welcome();
    expect(model.effectTexts).toContain('resume_audio 2');
    expect(model.effectTexts).not.toContain('send_start 2');
    model.frame().press();
    settle(model);
    expect(model.framesHeldFor('s1')).toEqual(['1:0', '1:1', '1:2', '1:3', '1:4', '1:5', '1:6', '1:7']);
  });
});
