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
  test('a press opens the socket and the microphone in the same step, the socket first', () => {
    const w = connectionModel().press();
    expect(w.did).toEqual([
      'clear_timer retry',
      'open_socket 1 false',
      `set_timer welcome ${WELCOME_TIMEOUT_MS}`,
      'open_mic 1',
    ]);
    expect(w.view).toBe('connecting');
  });

  test('connected is the welcome, not the open socket; listening is the server’s word, and audio leaves behind it', () => {
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

  test('a microphone that is slower than the welcome: start waits for it', () => {
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
    expect([w.view, w.atRest, w.state.problem]).toEqual(['idle', true, null]);
    expect(w.heard('s1')).toEqual(['1:0', '1:1', '1:2']);
  });

  test('press, press, press: connected, disconnected, and connected again as another session', () => {
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

  test('ended before the server listened: what was said is delivered once it does', () => {
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
    expect([w.atRest, w.heard('s1')]).toEqual([true, ['1:0']]);
  });

  test('an answer that belongs to start does not end the flush of a stop', () => {
    const w = connectionModel().press().welcome().micLive().press().answer('listening');
    w.answer('idle');
    expect(w.state.link).toBe('welcomed');
    w.micStopped().answer('idle').closed(1000);
    expect(w.atRest).toBe(true);
  });

  test('idle that the server was not asked for changes nothing', () => {
    for (const w of [connectionModel().press().welcome().micLive(), connectionModel().press().welcome()]) {
      const before = w.state;
      w.answer('idle');
      expect([w.did, w.state]).toEqual([[], before]);
    }
  });

  test('H50 idle that nobody asked for while listening: the microphone is released, and the window says that the recording has ended', () => {
    const w = connectionModel().listening();
    w.answer('idle');
    expect(w.did).toEqual(expect.arrayContaining(['stop_mic 1', 'end_session true', 'close_socket 1 1000']));
    expect(w.state).toMatchObject({ shouldListen: false, problem: 'recording_ended', voice: 'idle', begun: false });
  });

  test('listening that is said again changes nothing', () => {
    const w = connectionModel().listening();
    const before = w.state;
    w.answer('listening');
    expect([w.did, w.state]).toEqual([[], before]);
  });

  test('start unanswered for 2 s: the connection is given up, and the session taken up again to repeat it', () => {
    const w = connectionModel().press().welcome().micLive().frame().fire('answer');
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([w.view, w.state.link, w.state.mic, w.state.retryInMs]).toEqual(['reconnecting', 'waiting', 'live', 125]);
    w.fire('retry').welcome();
    expect(w.did).toContain('send_start 2');
    w.answer('listening');
    expect([w.view, w.state.sessionId, w.audio.numbered.length]).toEqual(['listening', 's1', 1]);
  });

  test('stop unanswered for 2 s: the session is taken up again, and stop repeated', () => {
    const w = connectionModel().listening().frame(4).press().micStopped().fire('answer');
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([w.view, w.state.link]).toEqual(['stopping', 'waiting']);
    w.fire('retry');
    expect(w.did).toContain('open_socket 2 true');
    w.welcome();
    expect(w.did.slice(-3)).toEqual(['resume_audio 2', 'send_stop 2', `set_timer answer ${ANSWER_TIMEOUT_MS}`]);
    w.answer('idle').closed(1000);
    expect([w.view, w.atRest, w.heard('s1').length]).toEqual(['idle', true, 4]);
  });

  test('a closing handshake that takes over 1 s: left to itself', () => {
    const w = connectionModel().listening().press().micStopped().answer('idle').fire('close');
    expect(w.did[0]).toBe(`abandon_socket 1 ${CLOSE.done}`);
    expect([w.view, w.atRest]).toEqual(['idle', true]);
  });
});

describe('H12 presses at any moment', () => {
  const MOMENTS: Array<[string, (w: ConnectionModel) => ConnectionModel]> = [
    ['idle', (w) => w],
    ['connecting', (w) => w.press()],
    ['connecting, the microphone live', (w) => w.press().micLive()],
    ['welcomed, the microphone not yet', (w) => w.press().welcome()],
    ['asking whether the connection lives', (w) => w.press().welcome().fire('idle').micLive()],
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
    ['waiting to deliver the last words, flushing', (w) => w.listening().press().closed(1006)],
    ['waiting to deliver the last words', (w) => w.listening().press().micStopped().closed(1006)],
    ['reconnecting for the last words', (w) => w.listening().press().micStopped().closed(1006).fire('retry')],
    ['waiting for a server that never listened', (w) => w.press().welcome().micLive().press().closed(1006)],
    ['a breaker that is open', breakerOpens],
    ['a problem', (w) => w.listening().closed(1008)],
  ];

  test.each(MOMENTS)('while %s: one press turns it round, and the person sees at once that it did', (_title, reach) => {
    const w = reach(connectionModel());
    const before = w.state.shouldListen;
    w.press();
    expect(w.state.shouldListen).toBe(!before);
    expect(w.view).toBeOneOf(before ? ['idle', 'stopping'] : ['connecting', 'listening', 'reconnecting']);
  });

  test.each(MOMENTS)('while %s: fifty presses in one moment come to rest as the last one says', (_title, reach) => {
    for (const presses of [50, 51]) {
      const w = reach(connectionModel());
      const shouldListen = presses % 2 === 0 ? w.state.shouldListen : !w.state.shouldListen;
      for (let i = 0; i < presses; i++) w.press();
      expect(w.state.shouldListen).toBe(shouldListen);
      settle(w);
      expect(w.view).toBe(shouldListen ? 'listening' : 'idle');
      if (!shouldListen) expect(w.atRest).toBe(true);
    }
  });

  test.each(MOMENTS)(
    'while %s: a press again, and the session turns out to be gone: listens all the same',
    (_title, reach) => {
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
    },
  );

  test('fifty presses, each answered in part, never make a second socket or microphone', () => {
    const w = connectionModel();
    for (let i = 0; i < 50; i++) {
      w.press();
      cooperate(w);
    }
    settle(w);
    expect([w.view, w.atRest]).toEqual(['idle', true]);
  });
});

function breakerOpens(w: ConnectionModel): ConnectionModel {
  w.listening();
  for (let i = 1; i < MAX_FAILURES; i++) w.closed(1006).fire('retry');
  return w.closed(1006);
}

describe('a press that ends a turn whose connection is lost', () => {
  test('while it waits: the microphone is flushed, and the last words are delivered at once', () => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(3).press();
    expect(w.did).toContain('open_socket 2 true');
    expect(w.did).toContain('stop_mic 1');
    expect([w.view, w.timers.has('retry')]).toEqual(['stopping', false]);
    w.frame().micStopped();
    expect(w.did).toEqual(['seal_audio']);
    w.welcome();
    expect(w.did.slice(-3, -1)).toEqual(['resume_audio 2', 'send_stop 2']);
    w.answer('idle').closed(1000);
    expect([w.view, w.atRest, w.heard('s1').length]).toEqual(['idle', true, 8]);
  });

  test('while it opens: the try under way delivers them, and stop follows the flush', () => {
    const w = connectionModel().listening().frame(4).closed(1006).fire('retry').press();
    expect(w.did).toEqual(['stop_mic 1']);
    w.frame().welcome();
    expect(w.did).toContain('resume_audio 2');
    expect(w.did).not.toContain('send_stop 2');
    w.frame().micStopped();
    expect(w.did.slice(0, 2)).toEqual(['seal_audio', 'send_stop 2']);
    w.answer('idle').closed(1000);
    expect([w.atRest, w.heard('s1').length]).toEqual([true, 6]);
  });

  test('H58 while the breaker is open: tries at once, and every 2 s at least for as long as the session is kept', () => {
    const gone = breakerOpens(connectionModel()).press().micStopped();
    for (const ms of [125, 250, 500, 1_000, 2_000, 2_000]) {
      gone.closed(1006);
      expect([gone.view, gone.state.retryInMs]).toEqual(['stopping', ms]);
      gone.fire('retry');
    }
    settle(gone, deadlinesOnly);
    expect([gone.view, gone.atRest]).toEqual(['idle', true]);

    const w = breakerOpens(connectionModel()).press();
    expect(w.did).toContain(`open_socket ${MAX_FAILURES + 1} true`);
    settle(w);
    expect([w.view, w.atRest]).toEqual(['idle', true]);
  });

  test('the connection is lost again while it is delivered: tries again with backoff', () => {
    const w = connectionModel().listening().frame(4).press().micStopped();
    for (const ms of [125, 250, 500, 1_000]) {
      w.closed(1006);
      expect([w.view, w.state.retryInMs]).toEqual(['stopping', ms]);
      w.fire('retry').welcome();
    }
    w.answer('idle').closed(1000);
    expect([w.view, w.atRest, w.heard('s1').length]).toEqual(['idle', true, 4]);
  });

  test('H58 a connection that comes back at any moment of the window delivers them', () => {
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
      expect([w.view, w.atRest, w.heard('s1').length, w.audio.offered]).toEqual(['idle', true, 5, []]);
    }
    expect.unreachable('the window never ends');
  });

  test('H58 nobody waits for the last words for ever: after the window they are handed to the person', () => {
    const w = connectionModel().listening().frame(4).press().frame().micStopped().closed(1006);
    settle(w, deadlinesOnly);
    expect([w.view, w.atRest, w.state.problem]).toEqual(['idle', true, null]);
    expect(w.audio.offered.length + w.heard('s1').length).toBe(5);
    expect(w.audio.offered.length).toBeGreaterThan(0);
  });

  test('H58 the end of the window comes while a connection stands: it changes nothing', () => {
    const w = connectionModel().listening().frame(4).closed(1006).fire('retry').welcome().fire('window').frame();
    expect([w.view, w.did, w.state.offlineSince]).toEqual(['listening', [], null]);
    w.closed(1006).fire('retry').welcome();
    expect(w.view).toBe('listening');
  });

  test.each<[string, (w: ConnectionModel) => ConnectionModel]>([
    ['4410', (w) => w.closed(CLOSE.nothingToResume)],
    ['a welcome to a new session', (w) => w.welcome({ resumed: false })],
    ['a welcome that can’t be true', (w) => w.welcome({ agrees: false })],
  ])('%s: nothing can be delivered any more, and nothing is tried', (_title, gone) => {
    const w = connectionModel().listening().frame(4).closed(1006).press().micStopped();
    gone(w);
    expect(w.audio.session).toBeNull();
    if (w.state.link === 'closing') w.closed(1000);
    expect([w.view, w.atRest, w.state.newSessions]).toEqual(['idle', true, 0]);
  });

  test('H58 before the server ever listened: what was heard is delivered in the next session', () => {
    for (const reach of [
      (w: ConnectionModel) => w.press().micLive().frame().closed(1006).press(),
      (w: ConnectionModel) => w.press().micLive().frame().closed(1006).fire('retry').press(),
      (w: ConnectionModel) => w.press().welcome().micLive().frame().closed(1006).press(),
      (w: ConnectionModel) => w.press().welcome().micLive().frame().closed(1006).fire('retry').press(),
    ]) {
      const w = reach(connectionModel()).frame();
      expect(w.view).toBe('stopping');
      settle(w);
      expect([w.view, w.atRest, w.heard(w.sessionOf.get(2) ?? '')]).toEqual(['idle', true, ['1:0', '1:1']]);
    }
  });

  test('a press that ends it while nothing is kept yet takes it back', () => {
    const w = connectionModel().press().micLive().frame().press();
    expect([w.view, w.audio.dropped.length]).toEqual(['stopping', 1]);
    settle(w);
    expect([w.view, w.atRest]).toEqual(['idle', true]);
  });

  test('a turn that ended while start was on its way is delivered, although the connection is lost before the answer', () => {
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
    expect([w.view, w.atRest, w.heard('s1')]).toEqual(['idle', true, ['1:0', '1:1']]);
  });

  test('two presses more take nothing of that back', () => {
    for (const retried of [false, true]) {
      const w = connectionModel().press().welcome().micLive().frame().press().micStopped().closed(1006);
      if (retried) w.fire('retry');
      settle(w.press().press());
      expect([w.view, w.atRest, w.heard('s1')]).toEqual(['idle', true, ['1:0']]);
    }
  });
});

describe('a press for a new turn while the former one is delivered', () => {
  test('H58 is heard at once, and goes into a session of its own', () => {
    const w = connectionModel().listening().frame(4).closed(1006).press();
    w.frame().micStopped().press();
    expect(w.did).toContain('open_mic 2');
    w.micLive().frame(3);
    expect([w.view, w.audio.waiting.length]).toEqual(['reconnecting', 3]);
    settle(w).frame();
    expect([w.view, w.heard('s1').length]).toEqual(['listening', 5]);
    expect(w.audio.numbered.map(({ mic, n }) => `${mic}:${n}`)).toEqual(['2:0', '2:1', '2:2', '2:3']);
    expect(w.state.sessionId).not.toBe('s1');
  });

  test('H58 that ends as well is delivered behind it, and a third one too', () => {
    const w = connectionModel().listening().frame(4).closed(1006).press().micStopped();
    for (const frames of [3, 2]) {
      w.press().micLive().frame(frames).closed(1006).press();
      expect(w.view).toBe('stopping');
      w.frame().micStopped();
    }
    expect(w.state.backlog).toBe(2);
    settle(w);
    expect([w.view, w.atRest, w.audio.offered, w.audio.dropped]).toEqual(['idle', true, [], []]);
    const sessions = [...w.audio.held.values()].map((frames) => frames.map(({ mic }) => mic).join(''));
    expect(sessions).toEqual(['1111', '2222', '333']);
  });

  test('H58 goes on when the window of the former one is over, for a window of its own', () => {
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
  ])('that ends with %s: the new one listens', (_title, gone) => {
    for (const flushed of [true, false]) {
      const w = connectionModel().listening().frame(4).press();
      if (flushed) w.micStopped();
      w.closed(1006).press();
      gone(w);
      w.frame();
      settle(w).frame();
      expect(w.view).toBe('listening');
      expect(w.audio.numbered.map(({ mic }) => mic)).not.toContain(1);
    }
  });

  test('what was said in a turn that the server never listened to is not heard in the new one', () => {
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

describe('H59 a host that is gone for good', () => {
  test('while listening: the turn ends after the window, the microphone is released, and what is held is handed out', () => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(3);
    const lostAt = w.clock;
    settle(w, (now) => now.state.shouldListen && deadlinesOnly(now));
    expect(w.clock - lostAt).toBeLessThanOrEqual(RESUME_WINDOW_MS);
    expect([w.view, w.state.problem, w.state.mic]).toEqual(['error', 'server_gone', 'stopping']);
    // What the microphone still held when it was stopped.
    w.frame(2).micStopped();
    expect([w.atRest, w.audio.dropped]).toEqual([true, []]);
    expect(w.audio.offered.length + w.heard('s1').length).toBe(9);
  });

  test('before there was any connection: the same, from the first failure on', () => {
    const w = connectionModel().press().micLive().frame(3).closed(1006).frame();
    settle(w, (now) => now.state.shouldListen && deadlinesOnly(now));
    w.frame().micStopped();
    expect([w.view, w.state.problem, w.atRest]).toEqual(['error', 'server_gone', true]);
    expect(w.audio.offered.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
  });

  test('a press after it begins anew, with a window of its own', () => {
    const w = connectionModel().listening().frame(4).closed(1006);
    settle(w, (now) => now.state.shouldListen && deadlinesOnly(now));
    w.press().frame().micStopped().micLive();
    expect([w.state.problem, w.state.lastTry, w.view]).toEqual([null, false, 'connecting']);
    settle(w).frame();
    expect([w.view, w.audio.numbered]).toEqual(['listening', [{ mic: 2, n: 0 }]]);
  });
});

describe('the liveness of a connection', () => {
  test('idle for 5 s, it answers a ping before the first audio goes out on it', () => {
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

  test('heard lately, it is not asked', () => {
    expect(connectionModel().press().welcome().micLive().did).not.toContain('send_ping 1');
  });

  test('no pong in 1 s: given up, and made anew at once, the microphone on', () => {
    const w = connectionModel().press().welcome().fire('idle').micLive().fire('pong', 0.9);
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([w.view, w.state.retryInMs, w.state.mic]).toEqual(['reconnecting', 0, 'live']);
    settle(w);
    expect([w.view, w.state.socket]).toEqual(['listening', 2]);
  });

  test('a pong before the microphone is there: fresh for 5 s more', () => {
    const w = connectionModel().press().welcome().fire('idle').send({ type: 'woke' }).pong();
    expect(w.did).toContain(`set_timer idle ${IDLE_AFTER_MS}`);
    w.micLive();
    expect(w.did).toContain('send_start 1');
  });

  test('a pong that was not asked for changes nothing', () => {
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

  test('H22 the machine woke up: a connection that stands is asked once, and goes on when it answers', () => {
    const w = connectionModel().listening().frame().send({ type: 'woke' });
    expect([w.view, w.did]).toEqual(['listening', ['send_ping 1', 'set_timer pong 1000']]);
    w.send({ type: 'woke' });
    expect(w.did).toEqual([]);
    w.pong().frame();
    expect([w.view, w.did, w.state.broken]).toEqual(['listening', ['clear_timer pong'], 0]);
  });

  test('H22 the machine woke up, and the connection is gone: its session is taken up again at once', () => {
    const w = connectionModel().listening().frame(4).send({ type: 'woke' }).fire('pong');
    expect([w.view, w.state.retryInMs]).toEqual(['reconnecting', 0]);
    settle(w);
    expect([w.view, w.state.sessionId, w.state.resumes]).toEqual(['listening', 's1', 1]);
  });

  test('H22 the machine woke up during a wait: the next try begins at once; at other moments nothing does', () => {
    expect(connectionModel().listening().closed(1006).send({ type: 'woke' }).did).toContain('open_socket 2 true');
    for (const other of [connectionModel(), connectionModel().press(), connectionModel().press().press()]) {
      const before = other.state;
      other.send({ type: 'woke' });
      expect([other.did, other.state]).toEqual([[], before]);
    }
  });

  test('the connection dies while the last words wait for their answer: asked, given up, delivered by the next', () => {
    const w = connectionModel().listening().frame(4).press().micStopped().send({ type: 'woke' }).fire('pong');
    expect([w.view, w.state.retryInMs]).toEqual(['stopping', 0]);
    settle(w);
    expect([w.view, w.heard('s1').length]).toEqual(['idle', 4]);
  });
});

describe('the microphone', () => {
  const PROBLEMS: MicProblem[] = ['mic_denied', 'mic_missing', 'mic_busy', 'mic_failed'];

  test.each(PROBLEMS)('H44 %s: told, everything else closed, and the next press tries again', (problem) => {
    for (const welcomed of [false, true]) {
      const w = connectionModel().press();
      if (welcomed) w.welcome();
      w.send({ type: 'mic_failed', mic: 1, problem });
      expect([w.view, w.state.problem, w.state.link]).toEqual(['error', problem, 'closing']);
      w.closed(1000);
      expect([w.view, w.atRest]).toEqual(['error', true]);
      w.press();
      expect([w.view, w.state.problem]).toEqual(['connecting', null]);
      settle(w);
      expect(w.view).toBe('listening');
    }
  });

  test('H44 unplugged while listening: told, and what was said is flushed and kept', () => {
    const w = connectionModel().listening().frame(2).send({ type: 'mic_ended', mic: 1 });
    expect([w.view, w.state.problem, w.state.voice]).toEqual(['error', 'mic_unplugged', 'stopping']);
    expect(w.did).toEqual(['stop_mic 1']);
    settle(w);
    expect([w.view, w.atRest, w.heard('s1').length]).toEqual(['error', true, 2]);
    w.press();
    settle(w);
    expect(w.view).toBe('listening');
  });

  test('H44 unplugged during a reconnect: says why, and delivers what was said', () => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(2).send({ type: 'mic_ended', mic: 1 });
    expect([w.view, w.state.problem]).toEqual(['error', 'mic_unplugged']);
    expect(w.did).toContain('open_socket 2 true');
    settle(w);
    expect([w.view, w.atRest, w.heard('s1').length]).toEqual(['error', true, 6]);
  });

  test('H15 disconnected during the permission prompt: its stream is stopped, whatever the person answers', () => {
    for (const answer of ['mic_stopped', 'mic_failed', 'mic_live'] as const) {
      const w = connectionModel().press().welcome().press();
      expect(w.did).toContain('stop_mic 1');
      expect(w.state.link).toBe('closing');
      w.closed(1000);
      expect(w.view).toBe('idle');
      if (answer === 'mic_failed') w.send({ type: 'mic_failed', mic: 1, problem: 'mic_denied' });
      if (answer === 'mic_live') w.send({ type: 'mic_live', mic: 1 });
      w.send({ type: 'mic_stopped', mic: 1 });
      expect([w.view, w.state.problem, w.atRest]).toEqual(['idle', null, true]);
    }
  });

  test('H15 pressed again during the prompt: a second microphone only when the first is off', () => {
    const w = connectionModel().press().press().press();
    w.closed(1000);
    expect([w.state.link, w.state.mic]).toEqual(['opening', 'stopping']);
    w.welcome();
    w.micStopped();
    expect(w.did).toContain('open_mic 2');
    w.micLive().answer('listening');
    expect(w.view).toBe('listening');
  });

  test('what a former microphone says changes nothing', () => {
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
    ['last words that the server does not want', (w) => w.listening().press().closed(1008)],
    ['a session that the server ended', (w) => w.listening().closed(1000)],
    ['a refusal', (w) => w.listening().closed(1008)],
  ])('the last samples of a turn that ended in %s are never heard in the next one', (_title, end) => {
    // The samples come after the step that ended the turn: a microphone takes some ms to be flushed.
    for (const pressedFirst of [false, true]) {
      const w = end(connectionModel()).frame();
      if (pressedFirst) w.press().frame();
      w.micStopped();
      if (!pressedFirst) w.press();
      settle(w).frame();
      expect(w.audio.numbered).toEqual([{ mic: 2, n: 0 }]);
    }
  });

  test('stays on through a reconnect: what is said meanwhile is kept, and leaves in order', () => {
    const w = connectionModel().listening().frame(4).closed(1006).frame(2).fire('retry').frame();
    expect([w.state.mic, w.state.voice, w.state.begun]).toEqual(['live', 'listening', true]);
    w.welcome();
    expect(w.did).toContain('resume_audio 2');
    expect(w.did).not.toContain('send_start 2');
    w.frame().press();
    settle(w);
    expect(w.heard('s1')).toEqual(['1:0', '1:1', '1:2', '1:3', '1:4', '1:5', '1:6', '1:7']);
  });
});
