import { describe, expect, test } from 'vitest';
import { CLOSE, RESUME_WINDOW_MS, WELCOME_TIMEOUT_MS } from '../../shared/protocol.ts';
import {
  type ConnectionModel,
  connectionModel,
  cooperate,
  deadlinesOnly,
  settle,
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
    const w = connectionModel().press();
    expect(w.did).toEqual([
      'clear_timer retry',
      'open_socket 1 false',
      `set_timer welcome ${WELCOME_TIMEOUT_MS}`,
      'open_mic 1',
    ]);
    expect(w.view).toBe('connecting');
  });

  test('is connected with the welcome and listening with the server’s confirmation, after which audio is sent', () => {
    const w = connectionModel().press().micLive();
    expect([w.view, w.did]).toEqual(['connecting', []]);
    w.frame().welcome({ sessionId: 's1' });
    expect(w.did).toEqual([
      'clear_timer welcome',
      'send_ready 1 s1',
      `set_timer stable ${STABLE_AFTER_MS}`,
      `set_timer idle ${IDLE_AFTER_MS}`,
      'clear_timer idle',
      'send_start 1',
      `set_timer answer ${ANSWER_TIMEOUT_MS}`,
    ]);
    expect([w.view, w.state.sessionId, w.audio.numbered]).toEqual(['connecting', 's1', []]);
    w.answer('listening');
    expect([w.view, w.did]).toEqual(['listening', ['clear_timer answer', 'open_audio 1']]);
    expect(w.audio.numbered).toEqual([{ mic: 1, n: 0 }]);
  });

  test('start waits for a microphone that is slower than the welcome', () => {
    const w = connectionModel().press().welcome();
    expect(w.did).not.toContain('send_start 1');
    w.micLive();
    expect(w.did).toContain('send_start 1');
  });

  test('a press ends it: flush, seal, stop, answer, close, idle', () => {
    const w = connectionModel().listening().frame(2).press();
    expect([w.view, w.did]).toEqual(['stopping', ['stop_mic 1']]);
    w.frame().micStopped();
    expect(w.did).toEqual(['seal_audio', 'send_stop 1', `set_timer answer ${ANSWER_TIMEOUT_MS}`]);
    w.answer('idle');
    expect(w.did).toContain(`close_socket 1 ${CLOSE.done}`);
    expect(w.did).toContain(`set_timer close ${CLOSE_TIMEOUT_MS}`);
    w.closed(CLOSE.done);
    expect([w.view, w.isAtRest, w.state.problem]).toEqual(['idle', true, null]);
    expect(w.heardBy('s1')).toEqual(['1:0', '1:1', '1:2']);
  });

  test('three presses: connected, disconnected, and connected again with another session', () => {
    const w = connectionModel()
      .listening()
      .press()
      .micStopped()
      .answer('idle')
      .closed(1000)
      .press()
      .welcome()
      .micLive();
    w.answer('listening');
    expect([w.view, w.state.sessionId, w.state.socket, w.state.micNumber]).toEqual(['listening', 's2', 2, 2]);
  });

  test('ended before the server listens: the audio is delivered once it does', () => {
    const w = connectionModel().press().welcome().micLive().frame().press();
    expect(w.view).toBe('stopping');
    w.micStopped();
    expect(w.did).toEqual(['seal_audio']);
    w.answer('listening');
    expect(w.did).toEqual([
      'clear_timer answer',
      'open_audio 1',
      'send_stop 1',
      `set_timer answer ${ANSWER_TIMEOUT_MS}`,
    ]);
    w.answer('idle').closed(1000);
    expect([w.isAtRest, w.heardBy('s1')]).toEqual([true, ['1:0']]);
  });

  test('the answer to start does not end the flush of a stop', () => {
    const w = connectionModel().press().welcome().micLive().press().answer('listening');
    w.answer('idle');
    expect(w.state.link).toBe('welcomed');
    w.micStopped().answer('idle').closed(1000);
    expect(w.isAtRest).toBe(true);
  });

  test('an unrequested idle is ignored', () => {
    for (const w of [connectionModel().press().welcome().micLive(), connectionModel().press().welcome()]) {
      const before = w.state;
      w.answer('idle');
      expect([w.did, w.state]).toEqual([[], before]);
    }
  });

  test('H50 an unrequested idle while listening releases the microphone and reports that the recording has ended', () => {
    const w = connectionModel().listening();
    w.answer('idle');
    expect(w.did).toEqual(expect.arrayContaining(['stop_mic 1', 'end_session true', 'close_socket 1 1000']));
    expect(w.state).toMatchObject({ shouldListen: false, problem: 'recording_ended', voice: 'idle', begun: false });
  });

  test('a repeated listening is ignored', () => {
    const w = connectionModel().listening();
    const before = w.state;
    w.answer('listening');
    expect([w.did, w.state]).toEqual([[], before]);
  });

  test('start unanswered for 2 s: abandons the connection and resumes the session to repeat it', () => {
    const w = connectionModel().press().welcome().micLive().frame().fire('answer');
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([w.view, w.state.link, w.state.mic, w.state.retryInMs]).toEqual(['reconnecting', 'waiting', 'live', 125]);
    w.fire('retry').welcome();
    expect(w.did).toContain('send_start 2');
    w.answer('listening');
    expect([w.view, w.state.sessionId, w.audio.numbered.length]).toEqual(['listening', 's1', 1]);
  });

  test('stop unanswered for 2 s: resumes the session and repeats stop', () => {
    const w = connectionModel().listening().frame(4).press().micStopped().fire('answer');
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([w.view, w.state.link]).toEqual(['stopping', 'waiting']);
    w.fire('retry');
    expect(w.did).toContain('open_socket 2 true');
    w.welcome();
    expect(w.did.slice(-3)).toEqual(['resume_audio 2', 'send_stop 2', `set_timer answer ${ANSWER_TIMEOUT_MS}`]);
    w.answer('idle').closed(1000);
    expect([w.view, w.isAtRest, w.heardBy('s1').length]).toEqual(['idle', true, 4]);
  });

  test('a closing handshake over 1 s is abandoned', () => {
    const w = connectionModel().listening().press().micStopped().answer('idle').fire('close');
    expect(w.did[0]).toBe(`abandon_socket 1 ${CLOSE.done}`);
    expect([w.view, w.isAtRest]).toEqual(['idle', true]);
  });
});

describe('H12 presses at any time', () => {
  const MOMENTS: Array<[string, (w: ConnectionModel) => ConnectionModel]> = [
    ['idle', (w) => w],
    ['connecting', (w) => w.press()],
    ['connecting, the microphone live', (w) => w.press().micLive()],
    ['welcomed, microphone opening', (w) => w.press().welcome()],
    ['waiting for a pong', (w) => w.press().welcome().fire('idle').micLive()],
    ['starting', (w) => w.press().welcome().micLive()],
    ['listening', (w) => w.listening()],
    ['ended before the server listened', (w) => w.press().welcome().micLive().press()],
    ['flushing', (w) => w.listening().press()],
    ['stopping', (w) => w.listening().press().micStopped()],
    ['closing', (w) => w.listening().press().micStopped().answer('idle')],
    ['closing before the welcome', (w) => w.press().press()],
    ['waiting for a first connection', (w) => w.press().micLive().closed(1006)],
    ['waiting to repeat start', (w) => w.press().welcome().micLive().closed(1006)],
    ['repeating start', (w) => w.press().welcome().micLive().closed(1006).fire('retry')],
    ['waiting to reconnect', (w) => w.listening().closed(1006)],
    ['reconnecting', (w) => w.listening().closed(1006).fire('retry')],
    ['resumed', (w) => w.listening().closed(1006).fire('retry').welcome()],
    ['waiting to deliver the last audio, flushing', (w) => w.listening().press().closed(1006)],
    ['waiting to deliver the last audio', (w) => w.listening().press().micStopped().closed(1006)],
    ['reconnecting to deliver the last audio', (w) => w.listening().press().micStopped().closed(1006).fire('retry')],
    ['waiting for a server that never listened', (w) => w.press().welcome().micLive().press().closed(1006)],
    ['the breaker is open', breakerOpens],
    ['a problem', (w) => w.listening().closed(1008)],
  ];

  test.each(MOMENTS)('while %s: one press reverses the state, and the view shows it immediately', (_title, reach) => {
    const w = reach(connectionModel());
    const before = w.state.shouldListen;
    w.press();
    expect(w.state.shouldListen).toBe(!before);
    expect(w.view).toBeOneOf(before ? ['idle', 'stopping'] : ['connecting', 'listening', 'reconnecting']);
  });

  test.each(MOMENTS)('while %s: after fifty presses the last one determines the state', (_title, reach) => {
    for (const presses of [50, 51]) {
      const w = reach(connectionModel());
      const shouldListen = presses % 2 === 0 ? w.state.shouldListen : !w.state.shouldListen;
      for (let i = 0; i < presses; i++) w.press();
      expect(w.state.shouldListen).toBe(shouldListen);
      settle(w);
      expect(w.view).toBe(shouldListen ? 'listening' : 'idle');
      if (!shouldListen) expect(w.isAtRest).toBe(true);
    }
  });

  test.each(MOMENTS)('while %s: pressing again after the session was lost leads to listening', (_title, reach) => {
    for (const answer of [
      (w: ConnectionModel) => w.welcome({ resumed: false }),
      (w: ConnectionModel) => w.closed(CLOSE.nothingToResume),
    ]) {
      const w = reach(connectionModel());
      if (!w.state.shouldListen) w.press();
      for (let steps = 0; w.state.link !== 'opening' && steps < 10; steps++) cooperate(w);
      if (w.state.link === 'opening') answer(w);
      settle(w);
      expect([w.view, w.state.problem]).toEqual(['listening', null]);
    }
  });

  test('fifty presses with partial answers never open a second socket or microphone', () => {
    const w = connectionModel();
    for (let i = 0; i < 50; i++) {
      w.press();
      cooperate(w);
    }
    settle(w);
    expect([w.view, w.isAtRest]).toEqual(['idle', true]);
  });
});

function breakerOpens(w: ConnectionModel): ConnectionModel {
  w.listening();
  for (let i = 1; i < MAX_FAILURES; i++) w.closed(1006).fire('retry');
  return w.closed(1006);
}

describe('a press that ends a turn whose connection is lost', () => {
  test('while waiting: flushes the microphone and delivers the last audio immediately', () => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(3).press();
    expect(w.did).toContain('open_socket 2 true');
    expect(w.did).toContain('stop_mic 1');
    expect([w.view, w.timers.has('retry')]).toEqual(['stopping', false]);
    w.frame().micStopped();
    expect(w.did).toEqual(['seal_audio']);
    w.welcome();
    expect(w.did.slice(-3, -1)).toEqual(['resume_audio 2', 'send_stop 2']);
    w.answer('idle').closed(1000);
    expect([w.view, w.isAtRest, w.heardBy('s1').length]).toEqual(['idle', true, 8]);
  });

  test('while opening: the current attempt delivers the audio, and stop follows the flush', () => {
    const w = connectionModel().listening().frame(4).closed(1006).fire('retry').press();
    expect(w.did).toEqual(['stop_mic 1']);
    w.frame().welcome();
    expect(w.did).toContain('resume_audio 2');
    expect(w.did).not.toContain('send_stop 2');
    w.frame().micStopped();
    expect(w.did.slice(0, 2)).toEqual(['seal_audio', 'send_stop 2']);
    w.answer('idle').closed(1000);
    expect([w.isAtRest, w.heardBy('s1').length]).toEqual([true, 6]);
  });

  test('H58 while the breaker is open: retries immediately, then at least every 2 s for as long as the session is kept', () => {
    const model = breakerOpens(connectionModel()).press().micStopped();
    for (const ms of [125, 250, 500, 1_000, 2_000, 2_000]) {
      model.closed(1006);
      expect([model.view, model.state.retryInMs]).toEqual(['stopping', ms]);
      model.fire('retry');
    }
    settle(model, deadlinesOnly);
    expect([model.view, model.isAtRest]).toEqual(['idle', true]);

    const w = breakerOpens(connectionModel()).press();
    expect(w.did).toContain(`open_socket ${MAX_FAILURES + 1} true`);
    settle(w);
    expect([w.view, w.isAtRest]).toEqual(['idle', true]);
  });

  test('the connection is lost again during delivery: retries with backoff', () => {
    const w = connectionModel().listening().frame(4).press().micStopped();
    for (const ms of [125, 250, 500, 1_000]) {
      w.closed(1006);
      expect([w.view, w.state.retryInMs]).toEqual(['stopping', ms]);
      w.fire('retry').welcome();
    }
    w.answer('idle').closed(1000);
    expect([w.view, w.isAtRest, w.heardBy('s1').length]).toEqual(['idle', true, 4]);
  });

  test('H58 a reconnect at any time within the window delivers the audio', () => {
    for (let tries = 0; tries < 100; tries++) {
      const w = connectionModel().listening().frame(4).press().frame().micStopped();
      const lostAt = w.clock;
      w.closed(1006);
      for (let i = 0; i < tries && w.state.link !== 'none'; i++) {
        const next = w.nextOf('retry', 'window');
        if (next) w.fire(next);
        w.closed(1006);
      }
      if (w.state.link === 'none') {
        expect(w.clock - lostAt).toBe(RESUME_WINDOW_MS - LAST_TRY_MS);
        expect(tries).toBeGreaterThan(RESUME_WINDOW_MS / DELIVERY_RETRY_MS);
        return;
      }
      settle(w);
      expect([w.view, w.isAtRest, w.heardBy('s1').length, w.audio.offered]).toEqual(['idle', true, 5, []]);
    }
    expect.unreachable('the window never ends');
  });

  test('H58 after the window, undelivered audio is offered to the user', () => {
    const w = connectionModel().listening().frame(4).press().frame().micStopped().closed(1006);
    settle(w, deadlinesOnly);
    expect([w.view, w.isAtRest, w.state.problem]).toEqual(['idle', true, null]);
    expect(w.audio.offered.length + w.heardBy('s1').length).toBe(5);
    expect(w.audio.offered.length).toBeGreaterThan(0);
  });

  test('H58 the end of the window has no effect while connected', () => {
    const w = connectionModel().listening().frame(4).closed(1006).fire('retry').welcome().fire('window').frame();
    expect([w.view, w.did, w.state.offlineSince]).toEqual(['listening', [], null]);
    w.closed(1006).fire('retry').welcome();
    expect(w.view).toBe('listening');
  });

  test.each<[string, (w: ConnectionModel) => ConnectionModel]>([
    ['4410', (w) => w.closed(CLOSE.nothingToResume)],
    ['a welcome to a new session', (w) => w.welcome({ resumed: false })],
    ['a welcome that can’t be true', (w) => w.welcome({ agrees: false })],
  ])('%s: nothing can be delivered any more, and nothing is tried', (_title, model) => {
    const w = connectionModel().listening().frame(4).closed(1006).press().micStopped();
    model(w);
    expect(w.audio.session).toBeNull();
    if (w.state.link === 'closing') w.closed(1000);
    expect([w.view, w.isAtRest, w.state.newSessions]).toEqual(['idle', true, 0]);
  });

  test('H58 before the server listened: the audio is delivered in the next session', () => {
    for (const reach of [
      (w: ConnectionModel) => w.press().micLive().frame().closed(1006).press(),
      (w: ConnectionModel) => w.press().micLive().frame().closed(1006).fire('retry').press(),
      (w: ConnectionModel) => w.press().welcome().micLive().frame().closed(1006).press(),
      (w: ConnectionModel) => w.press().welcome().micLive().frame().closed(1006).fire('retry').press(),
    ]) {
      const w = reach(connectionModel()).frame();
      expect(w.view).toBe('stopping');
      settle(w);
      expect([w.view, w.isAtRest, w.heardBy(w.sessionOf.get(2) ?? '')]).toEqual(['idle', true, ['1:0', '1:1']]);
    }
  });

  test('a press before any audio is kept cancels the turn', () => {
    const w = connectionModel().press().micLive().frame().press();
    expect([w.view, w.audio.dropped.length]).toEqual(['stopping', 1]);
    settle(w);
    expect([w.view, w.isAtRest]).toEqual(['idle', true]);
  });

  test('a turn that ended while start was in flight is delivered even if the connection is lost before the answer', () => {
    const w = connectionModel()
      .press()
      .welcome()
      .micLive()
      .frame()
      .press()
      .closed(1006)
      .frame()
      .micStopped()
      .fire('retry');
    w.welcome();
    expect(w.did).toContain('send_start 2');
    expect(w.state.voice).toBe('stopping');
    w.answer('listening');
    expect(w.did).toContain('send_stop 2');
    w.answer('idle').closed(1000);
    expect([w.view, w.isAtRest, w.heardBy('s1')]).toEqual(['idle', true, ['1:0', '1:1']]);
  });

  test('two more presses do not cancel it', () => {
    for (const retried of [false, true]) {
      const w = connectionModel().press().welcome().micLive().frame().press().micStopped().closed(1006);
      if (retried) w.fire('retry');
      settle(w.press().press());
      expect([w.view, w.isAtRest, w.heardBy('s1')]).toEqual(['idle', true, ['1:0']]);
    }
  });
});

describe('a press for a new turn during the delivery of the previous one', () => {
  test('H58 opens the microphone immediately and uses its own session', () => {
    const w = connectionModel().listening().frame(4).closed(1006).press();
    w.frame().micStopped().press();
    expect(w.did).toContain('open_mic 2');
    w.micLive().frame(3);
    expect([w.view, w.audio.waiting.length]).toEqual(['reconnecting', 3]);
    settle(w).frame();
    expect([w.view, w.heardBy('s1').length]).toEqual(['listening', 5]);
    expect(w.audio.numbered.map(({ mic, n }) => `${mic}:${n}`)).toEqual(['2:0', '2:1', '2:2', '2:3']);
    expect(w.state.sessionId).not.toBe('s1');
  });

  test('H58 a second and a third ended turn are delivered in order', () => {
    const w = connectionModel().listening().frame(4).closed(1006).press().micStopped();
    for (const frames of [3, 2]) {
      w.press().micLive().frame(frames).closed(1006).press();
      expect(w.view).toBe('stopping');
      w.frame().micStopped();
    }
    expect(w.state.backlog).toBe(2);
    settle(w);
    expect([w.view, w.isAtRest, w.audio.offered, w.audio.dropped]).toEqual(['idle', true, [], []]);
    const sessions = [...w.audio.held.values()].map((frames) => frames.map(({ mic }) => mic).join(''));
    expect(sessions).toEqual(['1111', '2222', '333']);
  });

  test('H58 continues after the previous turn’s window has ended, with its own window', () => {
    const w = connectionModel().listening().frame(4).closed(1006).press().micStopped();
    for (let tries = 0; tries < 10; tries++) w.closed(1006).fire('retry');
    w.press().micLive().frame(3);
    const pressedAt = w.clock;
    for (let steps = 0; w.state.voice === 'stopping' && steps < 100; steps++) {
      w.closed(1006);
      const next = w.nextOf('retry', 'window');
      if (next && w.state.voice === 'stopping') w.fire(next);
    }
    expect(w.audio.offered.map(({ mic }) => mic)).toEqual(expect.not.arrayContaining([2]));
    expect([w.view, w.state.mic, w.audio.waiting.length]).toEqual(['reconnecting', 'live', 3]);
    settle(w, deadlinesOnly);
    expect([w.view, w.state.problem, w.state.mic]).toEqual(['error', 'server_gone', 'off']);
    expect(w.clock - pressedAt).toBeLessThanOrEqual(RESUME_WINDOW_MS);
    expect(w.audio.offered.filter(({ mic }) => mic === 2)).toHaveLength(3);
  });

  test.each<[string, (w: ConnectionModel) => ConnectionModel]>([
    ['4410', (w) => w.closed(CLOSE.nothingToResume)],
    ['a welcome to a new session', (w) => w.welcome({ resumed: false })],
    ['a welcome that can’t be true', (w) => w.welcome({ agrees: false })],
  ])('that ends with %s: the new one listens', (_title, model) => {
    for (const flushed of [true, false]) {
      const w = connectionModel().listening().frame(4).press();
      if (flushed) w.micStopped();
      w.closed(1006).press();
      model(w);
      w.frame();
      settle(w).frame();
      expect(w.view).toBe('listening');
      expect(w.audio.numbered.map(({ mic }) => mic)).not.toContain(1);
    }
  });

  test('audio of a turn that the server never confirmed is not part of the new turn', () => {
    for (const pressed of ['waiting', 'opening', 'closing']) {
      const w = connectionModel().press().welcome().micLive().frame().press().micStopped().closed(1006);
      if (pressed === 'waiting') w.press();
      else w.fire('retry');
      if (pressed === 'opening') w.press();
      w.welcome({ resumed: false });
      if (pressed === 'closing') w.press();
      settle(w).frame();
      expect([w.view, w.audio.numbered]).toEqual(['listening', [{ mic: 2, n: 0 }]]);
    }
  });
});

describe('H59 a host that does not come back', () => {
  test('while listening: after the window the turn ends, the microphone is released, and the audio is offered', () => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(3);
    const lostAt = w.clock;
    settle(w, (now) => now.state.shouldListen && deadlinesOnly(now));
    expect(w.clock - lostAt).toBeLessThanOrEqual(RESUME_WINDOW_MS);
    expect([w.view, w.state.problem, w.state.mic]).toEqual(['error', 'server_gone', 'stopping']);
    // The samples that the microphone still held when it was stopped.
    w.frame(2).micStopped();
    expect([w.isAtRest, w.audio.dropped]).toEqual([true, []]);
    expect(w.audio.offered.length + w.heardBy('s1').length).toBe(9);
  });

  test('before any connection: the same, counted from the first failure', () => {
    const w = connectionModel().press().micLive().frame(3).closed(1006).frame();
    settle(w, (now) => now.state.shouldListen && deadlinesOnly(now));
    w.frame().micStopped();
    expect([w.view, w.state.problem, w.isAtRest]).toEqual(['error', 'server_gone', true]);
    expect(w.audio.offered.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
  });

  test('a later press starts again with its own window', () => {
    const w = connectionModel().listening().frame(4).closed(1006);
    settle(w, (now) => now.state.shouldListen && deadlinesOnly(now));
    w.press().frame().micStopped().micLive();
    expect([w.state.problem, w.state.lastTry, w.view]).toEqual([null, false, 'connecting']);
    settle(w).frame();
    expect([w.view, w.audio.numbered]).toEqual(['listening', [{ mic: 2, n: 0 }]]);
  });
});

describe('liveness of a connection', () => {
  test('after 5 s idle, a ping must be answered before audio is sent', () => {
    const w = connectionModel().press().welcome().fire('idle').micLive();
    expect(w.did).toEqual(['send_ping 1', 'set_timer pong 1000']);
    w.pong();
    expect(w.did).toEqual([
      'clear_timer pong',
      'clear_timer idle',
      'send_start 1',
      `set_timer answer ${ANSWER_TIMEOUT_MS}`,
    ]);
    w.answer('listening');
    expect(w.view).toBe('listening');
  });

  test('without idle time there is no ping', () => {
    expect(connectionModel().press().welcome().micLive().did).not.toContain('send_ping 1');
  });

  test('no pong within 1 s: reconnects immediately with the microphone on', () => {
    const w = connectionModel().press().welcome().fire('idle').micLive().fire('pong', 0.9);
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([w.view, w.state.retryInMs, w.state.mic]).toEqual(['reconnecting', 0, 'live']);
    settle(w);
    expect([w.view, w.state.socket]).toEqual(['listening', 2]);
  });

  test('a pong before the microphone is live keeps the connection fresh for 5 s more', () => {
    const w = connectionModel().press().welcome().fire('idle').send({ type: 'woke' }).pong();
    expect(w.did).toContain(`set_timer idle ${IDLE_AFTER_MS}`);
    w.micLive();
    expect(w.did).toContain('send_start 1');
  });

  test('an unrequested pong is ignored', () => {
    for (const w of [
      connectionModel().press().welcome(),
      connectionModel().press().welcome().fire('idle'),
      connectionModel().listening(),
    ]) {
      const before = w.state;
      w.pong();
      expect([w.did, w.state]).toEqual([[], before]);
    }
  });

  test('H22 after a wake-up, an open connection is pinged once and continues when it answers', () => {
    const w = connectionModel().listening().frame().send({ type: 'woke' });
    expect([w.view, w.did]).toEqual(['listening', ['send_ping 1', 'set_timer pong 1000']]);
    w.send({ type: 'woke' });
    expect(w.did).toEqual([]);
    w.pong().frame();
    expect([w.view, w.did, w.state.broken]).toEqual(['listening', ['clear_timer pong'], 0]);
  });

  test('H22 after a wake-up with a dead connection, the session is resumed immediately', () => {
    const w = connectionModel().listening().frame(4).send({ type: 'woke' }).fire('pong');
    expect([w.view, w.state.retryInMs]).toEqual(['reconnecting', 0]);
    settle(w);
    expect([w.view, w.state.sessionId, w.state.resumes]).toEqual(['listening', 's1', 1]);
  });

  test('H22 a wake-up during a wait retries immediately; at other times it has no effect', () => {
    expect(connectionModel().listening().closed(1006).send({ type: 'woke' }).did).toContain('open_socket 2 true');
    for (const other of [connectionModel(), connectionModel().press(), connectionModel().press().press()]) {
      const before = other.state;
      other.send({ type: 'woke' });
      expect([other.did, other.state]).toEqual([[], before]);
    }
  });

  test('the connection dies while stop is unanswered: pinged, abandoned, delivered by the next one', () => {
    const w = connectionModel().listening().frame(4).press().micStopped().send({ type: 'woke' }).fire('pong');
    expect([w.view, w.state.retryInMs]).toEqual(['stopping', 0]);
    settle(w);
    expect([w.view, w.heardBy('s1').length]).toEqual(['idle', 4]);
  });
});

describe('the microphone', () => {
  const PROBLEMS: MicProblem[] = ['mic_denied', 'mic_missing', 'mic_busy', 'mic_failed'];

  test.each(PROBLEMS)('H44 %s: shown to the user, everything is closed, and the next press tries again', (problem) => {
    for (const welcomed of [false, true]) {
      const w = connectionModel().press();
      if (welcomed) w.welcome();
      w.send({ type: 'mic_failed', mic: 1, problem });
      expect([w.view, w.state.problem, w.state.link]).toEqual(['error', problem, 'closing']);
      w.closed(1000);
      expect([w.view, w.isAtRest]).toEqual(['error', true]);
      w.press();
      expect([w.view, w.state.problem]).toEqual(['connecting', null]);
      settle(w);
      expect(w.view).toBe('listening');
    }
  });

  test('H44 unplugged while listening: shown to the user, and the audio is flushed and kept', () => {
    const w = connectionModel().listening().frame(2).send({ type: 'mic_ended', mic: 1 });
    expect([w.view, w.state.problem, w.state.voice]).toEqual(['error', 'mic_unplugged', 'stopping']);
    expect(w.did).toEqual(['stop_mic 1']);
    settle(w);
    expect([w.view, w.isAtRest, w.heardBy('s1').length]).toEqual(['error', true, 2]);
    w.press();
    settle(w);
    expect(w.view).toBe('listening');
  });

  test('H44 unplugged during a reconnect: shown to the user, and the audio is delivered', () => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(2).send({ type: 'mic_ended', mic: 1 });
    expect([w.view, w.state.problem]).toEqual(['error', 'mic_unplugged']);
    expect(w.did).toContain('open_socket 2 true');
    settle(w);
    expect([w.view, w.isAtRest, w.heardBy('s1').length]).toEqual(['error', true, 6]);
  });

  test('H15 stopped during the permission prompt: its stream is stopped, whatever the user answers', () => {
    for (const answer of ['mic_stopped', 'mic_failed', 'mic_live'] as const) {
      const w = connectionModel().press().welcome().press();
      expect(w.did).toContain('stop_mic 1');
      expect(w.state.link).toBe('closing');
      w.closed(1000);
      expect(w.view).toBe('idle');
      if (answer === 'mic_failed') w.send({ type: 'mic_failed', mic: 1, problem: 'mic_denied' });
      if (answer === 'mic_live') w.send({ type: 'mic_live', mic: 1 });
      w.send({ type: 'mic_stopped', mic: 1 });
      expect([w.view, w.state.problem, w.isAtRest]).toEqual(['idle', null, true]);
    }
  });

  test('H15 pressed again during the prompt: a second microphone opens only when the first is off', () => {
    const w = connectionModel().press().press().press();
    w.closed(1000);
    expect([w.state.link, w.state.mic]).toEqual(['opening', 'stopping']);
    w.welcome();
    w.micStopped();
    expect(w.did).toContain('open_mic 2');
    w.micLive().answer('listening');
    expect(w.view).toBe('listening');
  });

  test('events of a stale microphone are ignored', () => {
    const w = connectionModel().listening().press().micStopped().answer('idle').closed(1000).listening();
    const before = w.state;
    const former: ConnectionEvent[] = [
      { type: 'mic_live', mic: 1 },
      { type: 'mic_failed', mic: 1, problem: 'mic_busy' },
      { type: 'mic_ended', mic: 1 },
      { type: 'mic_stopped', mic: 1 },
    ];
    for (const event of former) {
      w.send(event);
      expect([w.did, w.state]).toEqual([[], before]);
    }
  });

  test.each<[string, (w: ConnectionModel) => ConnectionModel]>([
    ['the wait for a first connection', (w) => w.press().micLive().closed(1006).press()],
    ['its first connection', (w) => w.press().micLive().press().closed(1000)],
    ['last audio that the server refuses', (w) => w.listening().press().closed(1008)],
    ['a session that the server ended', (w) => w.listening().closed(1000)],
    ['a refusal', (w) => w.listening().closed(1008)],
  ])('the last samples of a turn that ended in %s are never heard in the next one', (_title, end) => {
    // The samples arrive after the step that ended the turn, because a microphone takes some ms to be flushed.
    for (const pressedFirst of [false, true]) {
      const w = end(connectionModel()).frame();
      if (pressedFirst) w.press().frame();
      w.micStopped();
      if (!pressedFirst) w.press();
      settle(w).frame();
      expect(w.audio.numbered).toEqual([{ mic: 2, n: 0 }]);
    }
  });

  test('stays on during a reconnect: its audio is buffered and sent in order', () => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(2).fire('retry').frame();
    expect([w.state.mic, w.state.voice, w.state.begun]).toEqual(['live', 'listening', true]);
    w.welcome();
    expect(w.did).toContain('resume_audio 2');
    expect(w.did).not.toContain('send_start 2');
    w.frame().press();
    settle(w);
    expect(w.heardBy('s1')).toEqual(['1:0', '1:1', '1:2', '1:3', '1:4', '1:5', '1:6', '1:7']);
  });
});
