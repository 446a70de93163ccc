import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ANSWER_TIMEOUT_MS,
  CLOSE_TIMEOUT_MS,
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  INITIAL_STATE,
  MAX_FAILURES,
  reduce,
  STABLE_AFTER_MS,
  type TimerName,
  viewOf,
} from './connection-state.ts';
import type { MicProblem } from './problems.ts';
import { CLOSE, WELCOME_TIMEOUT_MS } from './protocol.ts';

/**
 * The world outside the reducer: it carries out the effects as a browser would, and fails at once where an effect makes
 * no sense in it. What it knows is kept apart from the state, so that neither can hide the other's mistake.
 */
class World {
  state: ConnectionState = INITIAL_STATE;
  effects: ConnectionEffect[] = [];
  /** Sockets that are not gone. `live`: connecting or open, and ours. */
  readonly sockets = new Map<number, 'live' | 'closing'>();
  readonly welcomed = new Set<number>();
  readonly said = new Map<number, string[]>();
  /** Microphones that are not off. `stopping`: told to, not done yet. */
  readonly mics = new Map<number, 'opening' | 'live' | 'stopping'>();
  readonly timers = new Map<TimerName, number>();
  /** Microphones that have been live: also while they stop they deliver what they heard. */
  private readonly sounding = new Set<number>();
  /** The microphones whose audio waits for a session; and which microphone's audio each session heard. */
  private readonly waiting = new Set<number>();
  private gateOpen = false;
  readonly heardIn = new Map<number, Set<number>>();

  send(...events: ConnectionEvent[]): this {
    for (const event of events) this.step(event);
    return this;
  }

  private step(event: ConnectionEvent): void {
    this.happen(event);
    const before = this.state;
    const copy = structuredClone(before);
    const { state, effects } = reduce(before, event);
    // Pure: the state that went in is as it was, and the same step comes out again.
    expect(before).toEqual(copy);
    expect(reduce(before, event)).toEqual({ state, effects });
    this.state = state;
    this.effects = effects;
    for (const effect of effects) this.carryOut(effect);
    this.check();
  }

  /** What the event says has happened before the reducer hears of it. */
  private happen(event: ConnectionEvent): void {
    if (event.type === 'closed') this.sockets.delete(event.socket);
    if (event.type === 'welcome' && this.sockets.get(event.socket) === 'live') this.welcomed.add(event.socket);
    if (event.type === 'mic_live' && this.mics.get(event.mic) === 'opening') {
      this.mics.set(event.mic, 'live');
      this.sounding.add(event.mic);
    }
    if (event.type === 'mic_failed' || event.type === 'mic_stopped') {
      this.mics.delete(event.mic);
      this.sounding.delete(event.mic);
    }
    if (event.type === 'timer') this.timers.delete(event.timer);
  }

  /** A frame from every microphone that delivers any. */
  frame(): this {
    for (const mic of this.sounding) {
      if (this.gateOpen) this.heardIn.get(this.state.socket)?.add(mic);
      else this.waiting.add(mic);
    }
    return this;
  }

  private carryOut(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open_socket':
        expect(this.sockets.size, 'a socket is opened beside another').toBe(0);
        expect(effect.socket, 'a number is used again').toBe(Math.max(0, ...this.said.keys()) + 1);
        this.sockets.set(effect.socket, 'live');
        this.said.set(effect.socket, []);
        this.heardIn.set(effect.socket, new Set());
        return;
      case 'close_socket':
        expect(this.sockets.get(effect.socket), 'a socket is closed twice').toBe('live');
        expect(effect.code).toBe(CLOSE.done);
        this.sockets.set(effect.socket, 'closing');
        return;
      case 'abandon_socket':
        expect(this.sockets.has(effect.socket), 'a socket is abandoned that has gone').toBe(true);
        // WHATWG WebSockets, close(): a page may use these codes only.
        expect(effect.code === 1000 || effect.code >= 3000).toBe(true);
        this.sockets.delete(effect.socket);
        return;
      case 'send_ready':
      case 'send_start':
      case 'send_stop':
        expect(effect.socket, 'said on a former socket').toBe(this.state.socket);
        expect(this.sockets.get(effect.socket), 'said on a socket that is closing or has gone').toBe('live');
        expect(this.welcomed, 'said before the welcome').toContain(effect.socket);
        this.said.get(effect.socket)?.push(effect.do);
        if (effect.do === 'send_start') {
          expect([...this.mics.values()], 'started without a microphone').toEqual(['live']);
          this.gateOpen = true;
          for (const mic of this.waiting) this.heardIn.get(effect.socket)?.add(mic);
          this.waiting.clear();
        }
        if (effect.do === 'send_stop') {
          expect([...this.mics.values()], 'stopped before the microphone was flushed').toEqual([]);
          this.gateOpen = false;
        }
        return;
      case 'open_mic':
        expect(this.mics.size, 'a microphone is opened beside another').toBe(0);
        this.mics.set(effect.mic, 'opening');
        return;
      case 'stop_mic':
        expect(this.mics.get(effect.mic), 'a microphone is stopped twice').toBeOneOf(['opening', 'live']);
        this.mics.set(effect.mic, 'stopping');
        return;
      case 'set_timer':
        expect(effect.ms).toBeGreaterThanOrEqual(0);
        this.timers.set(effect.timer, effect.ms);
        return;
      case 'clear_timer':
        this.timers.delete(effect.timer);
        return;
      case 'end_session':
        this.gateOpen = false;
        return;
      case 'drop_audio':
        this.waiting.clear();
        return;
    }
  }

  /** What is true after every step. */
  private check(): void {
    const { state } = this;
    const { link, voice, mic, socket, wanted } = state;
    const view = viewOf(state);

    // At most one socket that is not gone, and the state knows where it is.
    const expected = { none: [], waiting: [], opening: ['live'], welcomed: ['live'], closing: ['closing'] }[link];
    expect([...this.sockets.values()], `sockets while ${link}`).toEqual(expected);
    if (this.sockets.size > 0) expect(this.sockets.has(socket)).toBe(true);
    // At most one microphone that is not off.
    expect([...this.mics.values()]).toEqual(mic === 'off' ? [] : [mic]);
    if (mic !== 'off') expect(this.mics.has(state.micNumber)).toBe(true);

    // Each wait is watched by the one timer that ends it, and by no other.
    const timers = new Set<TimerName>();
    if (link === 'opening') timers.add('welcome');
    if (link === 'closing') timers.add('close');
    if (link === 'waiting') timers.add('retry');
    if (link === 'welcomed' && (voice === 'starting' || (voice === 'stopping' && mic === 'off'))) timers.add('answer');
    const set = new Set(this.timers.keys());
    if (link === 'welcomed') set.delete('stable');
    expect(set, `timers while ${link}, ${voice}`).toEqual(timers);
    expect(state.retryInMs).toBe(link === 'waiting' ? (this.timers.get('retry') ?? 'no timer') : null);

    // Listening is said where all of it is true.
    if (view === 'listening') {
      expect({ wanted, link, mic }).toEqual({ wanted: true, link: 'welcomed', mic: 'live' });
      expect(this.welcomed).toContain(socket);
      expect(this.said.get(socket)).toContain('send_start');
    }
    expect(state.sessionId !== null).toBe(link === 'welcomed' || (link === 'closing' && this.welcomed.has(socket)));
    expect(voice === 'idle' || link === 'welcomed' || link === 'closing').toBe(true);
    // In a session: ready once or more, then start and stop at most once, in this order.
    for (const words of this.said.values()) {
      expect(words.filter((word) => word !== 'send_ready').join()).toBeOneOf([
        '',
        'send_start',
        'send_start,send_stop',
      ]);
      if (words.length > 0) expect(words[0]).toBe('send_ready');
    }

    // What is wanted is under way: something is awaited that will go on with it.
    if (wanted) {
      expect(link, 'wanted, and nothing is done about it').not.toBe('none');
      expect(state.problem).toBeNull();
      if (link === 'welcomed' && voice === 'idle') expect(mic).toBeOneOf(['opening', 'stopping']);
    } else {
      expect(link, 'not wanted, and tried again').not.toBe('waiting');
      expect(link, 'not wanted, and connecting').not.toBe('opening');
      expect(mic, 'not wanted, and the microphone is on').toBeOneOf(['off', 'stopping']);
    }
    // Nothing at all is left in idle.
    if (view === 'idle' && mic === 'off') {
      expect([this.sockets.size, this.mics.size, this.timers.size]).toEqual([0, 0, 0]);
    }
  }

  /** Everything at rest: no socket, no microphone, no timer, nothing waiting. */
  get atRest(): boolean {
    return this.sockets.size + this.mics.size + this.timers.size === 0 && this.state.voice === 'idle';
  }

  // What happens in order, in a word each.
  press(): this {
    return this.send({ type: 'press' });
  }
  welcome(sessionId = `s${this.state.socket}`, socket = this.state.socket): this {
    return this.send({ type: 'welcome', socket, sessionId });
  }
  micLive(): this {
    return this.send({ type: 'mic_live', mic: this.state.micNumber });
  }
  micStopped(): this {
    return this.send({ type: 'mic_stopped', mic: this.state.micNumber });
  }
  answer(state: 'idle' | 'listening'): this {
    return this.send({ type: 'voice_state', socket: this.state.socket, state });
  }
  closed(code: number, more: { random?: number; retryAfterMs?: number; socket?: number } = {}): this {
    const { random = 0.5, retryAfterMs = null, socket = this.state.socket } = more;
    return this.send({ type: 'closed', socket, code, random, retryAfterMs });
  }
  fire(timer: TimerName, random = 0.5): this {
    expect(this.timers.has(timer), `the ${timer} timer is not set`).toBe(true);
    return this.send({ type: 'timer', timer, random });
  }
  listening(): this {
    this.press().welcome().micLive().answer('listening');
    expect(this.view).toBe('listening');
    return this;
  }
  get view() {
    return viewOf(this.state);
  }
  /** The effects of the last event, in words. */
  get did(): string[] {
    return this.effects.map((effect) => {
      const { do: what, ...rest } = effect;
      return [what, ...Object.values(rest)].join(' ');
    });
  }
}

const world = (): World => new World();

describe('a turn', () => {
  test('a press opens the socket and the microphone in the same step, the socket first', () => {
    const w = world().press();
    expect(w.did).toEqual([
      'clear_timer retry',
      'open_socket 1',
      `set_timer welcome ${WELCOME_TIMEOUT_MS}`,
      'open_mic 1',
    ]);
    expect(w.view).toBe('connecting');
  });

  test('connected is the welcome, not the open socket; listening is the server’s word', () => {
    const w = world().press().micLive();
    expect([w.view, w.did]).toEqual(['connecting', []]);
    w.welcome('s1');
    expect(w.did).toEqual([
      'clear_timer welcome',
      'send_ready 1 s1',
      `set_timer stable ${STABLE_AFTER_MS}`,
      'send_start 1',
      `set_timer answer ${ANSWER_TIMEOUT_MS}`,
    ]);
    expect([w.view, w.state.sessionId]).toEqual(['connecting', 's1']);
    w.answer('listening');
    expect([w.view, w.did]).toEqual(['listening', ['clear_timer answer']]);
  });

  test('a microphone that is slower than the welcome: start waits for it', () => {
    const w = world().press().welcome();
    expect(w.did).not.toContain('send_start 1');
    w.micLive();
    expect(w.did[0]).toBe('send_start 1');
  });

  test('a press ends it: flush, stop, answer, close, idle', () => {
    const w = world().listening().press();
    expect([w.view, w.did]).toEqual(['stopping', ['clear_timer answer', 'stop_mic 1']]);
    w.micStopped();
    expect(w.did).toEqual(['send_stop 1', `set_timer answer ${ANSWER_TIMEOUT_MS}`]);
    w.answer('idle');
    expect(w.did).toContain(`close_socket 1 ${CLOSE.done}`);
    expect(w.did).toContain(`set_timer close ${CLOSE_TIMEOUT_MS}`);
    w.closed(CLOSE.done);
    expect([w.view, w.atRest, w.state.problem]).toEqual(['idle', true, null]);
  });

  test('press, press, press: connected, disconnected, and connected again as another session', () => {
    const w = world().listening().press().micStopped().answer('idle').closed(1000).press().welcome('s2').micLive();
    w.answer('listening');
    expect([w.view, w.state.sessionId, w.state.socket, w.state.micNumber]).toEqual(['listening', 's2', 2, 2]);
  });

  test('an answer that belongs to start does not end the flush of a stop', () => {
    const w = world().press().welcome().micLive().press();
    w.answer('listening');
    expect(w.view).toBe('stopping');
    w.answer('idle');
    expect(w.state.link).toBe('welcomed');
    w.micStopped().answer('idle').closed(1000);
    expect(w.atRest).toBe(true);
  });

  test('start unanswered for 2 s: the connection is given up and made anew', () => {
    const w = world().press().welcome().micLive().fire('answer');
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect([w.view, w.state.link, w.state.mic]).toEqual(['reconnecting', 'waiting', 'live']);
  });

  test('stop unanswered for 2 s: closed all the same', () => {
    const w = world().listening().press().micStopped().fire('answer');
    expect(w.did).toContain(`close_socket 1 ${CLOSE.done}`);
    w.closed(1000);
    expect(w.atRest).toBe(true);
  });

  test('a closing handshake that takes over 1 s: left to itself', () => {
    const w = world().listening().press().micStopped().answer('idle').fire('close');
    expect(w.did[0]).toBe(`abandon_socket 1 ${CLOSE.done}`);
    expect([w.view, w.atRest]).toEqual(['idle', true]);
  });
});

describe('H12 presses at any moment', () => {
  const MOMENTS: Array<[string, (w: World) => World]> = [
    ['idle', (w) => w],
    ['connecting', (w) => w.press()],
    ['connecting, the microphone live', (w) => w.press().micLive()],
    ['welcomed, the microphone not yet', (w) => w.press().welcome()],
    ['starting', (w) => w.press().welcome().micLive()],
    ['listening', (w) => w.listening()],
    ['flushing', (w) => w.listening().press()],
    ['stopping', (w) => w.listening().press().micStopped()],
    ['closing', (w) => w.listening().press().micStopped().answer('idle')],
    ['closing before the welcome', (w) => w.press().press()],
    ['waiting to reconnect', (w) => w.listening().closed(1006)],
    ['reconnecting', (w) => w.listening().closed(1006).fire('retry')],
    ['a problem', (w) => w.listening().closed(1008)],
  ];

  test.each(MOMENTS)('while %s: one press turns it round, and the person sees at once that it did', (_title, reach) => {
    const w = reach(world());
    const before = w.state.wanted;
    w.press();
    expect(w.state.wanted).toBe(!before);
    expect(w.view).toBeOneOf(before ? ['idle', 'stopping'] : ['connecting', 'listening', 'reconnecting']);
  });

  test.each(MOMENTS)('while %s: fifty presses in one moment come to rest as the last one says', (_title, reach) => {
    for (const presses of [50, 51]) {
      const w = reach(world());
      const wanted = presses % 2 === 0 ? w.state.wanted : !w.state.wanted;
      for (let i = 0; i < presses; i++) w.press();
      expect(w.state.wanted).toBe(wanted);
      settle(w);
      expect(w.view).toBe(wanted ? 'listening' : 'idle');
      if (!wanted) expect(w.atRest).toBe(true);
    }
  });

  test('fifty presses, each answered in part, never make a second socket or microphone', () => {
    const w = world();
    for (let i = 0; i < 50; i++) {
      w.press();
      cooperate(w);
    }
    settle(w);
    expect([w.view, w.atRest]).toEqual(['idle', true]);
  });
});

/** Lets the next thing happen as a healthy server, browser and clock would have it. @returns false at the end of the way */
function cooperate(w: World): boolean {
  const { link, voice, mic, micNumber, socket } = w.state;
  if (mic === 'stopping') w.send({ type: 'mic_stopped', mic: micNumber });
  else if (link === 'closing') w.closed(1000);
  else if (link === 'waiting') w.fire('retry');
  else if (link === 'opening') w.welcome();
  else if (mic === 'opening') w.micLive();
  else if (voice === 'starting') w.send({ type: 'voice_state', socket, state: 'listening' });
  else if (voice === 'stopping') w.send({ type: 'voice_state', socket, state: 'idle' });
  else return false;
  return true;
}

/** As `cooperate`, but nobody answers: only deadlines pass, and what is stopped stops. */
function deadlinesOnly(w: World): boolean {
  const timer = (['close', 'answer', 'welcome', 'retry'] as const).find((name) => w.timers.has(name));
  if (w.state.mic === 'stopping') w.micStopped();
  else if (timer) w.fire(timer);
  else return false;
  return true;
}

function settle(w: World, how = cooperate): void {
  for (let steps = 0; how(w); steps++) expect(steps, 'never comes to rest').toBeLessThan(60);
}

describe('H08 a second copy of the welcome', () => {
  test('only repeats ready', () => {
    const w = world().listening();
    const before = w.state;
    w.welcome('s1');
    expect(w.did).toEqual(['send_ready 1 s1']);
    expect(w.state).toEqual(before);
  });

  test('of another session is not believed', () => {
    const w = world().listening();
    const before = w.state;
    w.welcome('other');
    expect([w.did, w.state]).toEqual([[], before]);
  });

  test('while closing is not answered', () => {
    const w = world().listening().press().micStopped().answer('idle').welcome('s1');
    expect(w.did).toEqual([]);
  });
});

describe('H09 a welcome that is withheld', () => {
  test('for 2 s: reconnects with backoff, and the late welcome of the old socket changes nothing', () => {
    const w = world().press().micLive().fire('welcome', 0.5);
    expect(w.did).toContain(`abandon_socket 1 ${CLOSE.welcomeUnacknowledged}`);
    expect(w.did).toContain('set_timer retry 125');
    expect([w.view, w.state.failures, w.state.mic]).toEqual(['reconnecting', 1, 'live']);
    for (const at of ['waiting', 'opening', 'welcomed']) {
      const before = w.state;
      expect(before.link).toBe(at);
      w.send({ type: 'welcome', socket: 1, sessionId: 'late' }, { type: 'voice_state', socket: 1, state: 'listening' });
      expect([w.did, w.state]).toEqual([[], before]);
      if (at === 'waiting') w.fire('retry');
      if (at === 'opening') w.welcome('s2');
    }
    w.answer('listening');
    expect([w.view, w.state.sessionId]).toEqual(['listening', 's2']);
  });
});

describe('H14 an old session’s end', () => {
  test.each([1000, 1001, 1006, 1008, 1009, 1011, 1013, 4408, 4409, 4410])(
    'with code %i, after the new one connected, changes nothing',
    (code) => {
      const w = world().press().micLive().fire('welcome').fire('retry').welcome('s2').answer('listening');
      const before = w.state;
      w.closed(code, { socket: 1, retryAfterMs: 9_000 });
      expect([w.did, w.state]).toEqual([[], before]);
      w.send({ type: 'server_full', socket: 1 });
      expect([w.did, w.state]).toEqual([[], before]);
    },
  );

  test('that comes twice counts once', () => {
    const w = world().listening().closed(1006);
    const before = w.state;
    w.closed(1006);
    expect([w.did, w.state]).toEqual([[], before]);
  });

  // The last words of a turn are still on their way when the person presses again: that press is for a new session,
  // whatever becomes of the former one.
  test.each([1000, 1001, 1006, 1008, 1011])(
    'with code %i while it is stopping does not take a press for the next one along',
    (code) => {
      for (const flushed of [false, true]) {
        const w = world().listening().press();
        if (flushed) w.micStopped();
        w.press().closed(code);
        expect(w.state.wanted).toBe(true);
        expect(w.state.problem).toBeNull();
        settle(w);
        expect([w.view, w.state.broken]).toEqual(['listening', 0]);
      }
    },
  );
});

describe('the microphone', () => {
  const PROBLEMS: MicProblem[] = ['mic_denied', 'mic_missing', 'mic_busy', 'mic_failed'];

  test.each(PROBLEMS)('H44 %s: told, everything else closed, and the next press tries again', (problem) => {
    for (const welcomed of [false, true]) {
      const w = world().press();
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

  test('H44 unplugged while listening: what was said is flushed and kept, then told', () => {
    const w = world().listening().send({ type: 'mic_ended', mic: 1 });
    expect([w.view, w.state.problem, w.state.voice]).toEqual(['error', 'mic_unplugged', 'stopping']);
    expect(w.did).toContain('stop_mic 1');
    expect(w.did).not.toContain('drop_audio');
    w.micStopped();
    expect(w.did).toContain('send_stop 1');
    w.answer('idle').closed(1000);
    expect([w.view, w.atRest]).toEqual(['error', true]);
    w.press();
    settle(w);
    expect(w.view).toBe('listening');
  });

  test('H44 unplugged during a reconnect: stops trying, and says why', () => {
    const w = world().listening().closed(1006).send({ type: 'mic_ended', mic: 1 });
    expect([w.view, w.state.problem, w.state.link]).toEqual(['error', 'mic_unplugged', 'none']);
    w.micStopped();
    expect(w.atRest).toBe(true);
  });

  test('H15 disconnected during the permission prompt: its stream is stopped, whatever the person answers', () => {
    for (const answer of ['mic_stopped', 'mic_failed', 'mic_live'] as const) {
      const w = world().press().welcome().press();
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
    const w = world().press().press().press();
    w.closed(1000);
    expect([w.state.link, w.state.mic]).toEqual(['opening', 'stopping']);
    w.welcome();
    w.micStopped();
    expect(w.did).toContain('open_mic 2');
    w.micLive().answer('listening');
    expect(w.view).toBe('listening');
  });

  test('what a former microphone says changes nothing', () => {
    const w = world().listening().press().micStopped().answer('idle').closed(1000).press().welcome().micLive();
    w.answer('listening');
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

  test.each<[string, (w: World) => World]>([
    ['the wait for a reconnect', (w) => w.listening().closed(1006).press()],
    ['a reconnect', (w) => w.listening().closed(1006).fire('retry').press().closed(1006)],
    ['its first connection', (w) => w.press().micLive().press().closed(1006)],
    ['its last words', (w) => w.listening().press().closed(1006)],
    ['a session that the server ended', (w) => w.listening().closed(1000)],
    ['a refusal', (w) => w.listening().closed(1008)],
  ])('the last samples of a turn that ended in %s are never heard in the next one', (_title, end) => {
    // The samples come after the step that ended the turn: a microphone takes some ms to be flushed.
    const w = end(world()).frame().micStopped();
    w.press().welcome().micLive().frame();
    expect([...(w.heardIn.get(w.state.socket) ?? [])]).toEqual([w.state.micNumber]);
  });

  test('the last samples of a turn that is pressed on again while it is flushed are not heard in the next one', () => {
    const w = world().listening().closed(1006).press().press();
    w.frame().welcome().micStopped().micLive().frame();
    expect([...(w.heardIn.get(w.state.socket) ?? [])]).toEqual([w.state.micNumber]);
  });

  test('stays on through a reconnect: what is said meanwhile waits', () => {
    const w = world().listening().closed(1006);
    expect(w.did).not.toContain('drop_audio');
    w.fire('retry').welcome();
    expect(w.did).toContain('send_start 2');
    expect(w.state.micNumber).toBe(1);
  });
});

describe('H19 each close code', () => {
  test('1000: done, stays idle', () => {
    const w = world().listening().closed(CLOSE.done);
    expect([w.view, w.state.link]).toEqual(['idle', 'none']);
    w.micStopped();
    expect(w.atRest).toBe(true);
  });

  test('1001: going away, reconnects at once', () => {
    const w = world().listening().closed(CLOSE.goingAway, { random: 0.99 });
    expect([w.view, w.state.retryInMs]).toEqual(['reconnecting', 0]);
    w.fire('retry').welcome().answer('listening');
    expect([w.view, w.state.broken]).toEqual(['listening', 1]);
  });

  test('1001 before the welcome: with backoff, a server that turns everybody away is not hammered', () => {
    expect(world().press().closed(CLOSE.goingAway, { random: 0.5 }).state.retryInMs).toBe(125);
  });

  test.each([1005, CLOSE.lost, CLOSE.internal, CLOSE.welcomeUnacknowledged, 3999])(
    '%i: reconnects with backoff, doubled a failure',
    (code) => {
      const w = world().listening();
      for (const ms of [125, 250, 500, 1_000]) {
        w.closed(code, { random: 0.5 });
        expect([w.view, w.state.retryInMs]).toEqual(['reconnecting', ms]);
        w.fire('retry');
      }
      settle(w);
      expect(w.view).toBe('listening');
    },
  );

  test.each([
    [CLOSE.policy, 'refused_policy'],
    [CLOSE.tooLarge, 'refused_size'],
    [CLOSE.takenOver, 'taken_over'],
  ])('%i: stops, says %s, and a press starts anew', (code, problem) => {
    for (const w of [world().listening(), world().press(), world().press().welcome()]) {
      w.closed(code);
      expect([w.view, w.state.problem, w.state.link]).toEqual(['error', problem, 'none']);
      expect(w.did.filter((what) => what.startsWith('set_timer'))).toEqual([]);
      if (w.state.mic === 'stopping') w.micStopped();
      expect(w.atRest).toBe(true);
      w.press();
      settle(w);
      expect([w.view, w.state.problem]).toEqual(['listening', null]);
    }
  });

  test.each([
    [2_000, 2_000],
    [60_000, 60_000],
    [10, 125],
    [0, 125],
  ])('1013 that asks for %i ms: waits %i ms', (retryAfterMs, expected) => {
    expect(world().listening().closed(CLOSE.overloaded, { retryAfterMs }).state.retryInMs).toBe(expected);
  });

  test('1013 that asks for nothing: backoff', () => {
    expect(world().listening().closed(CLOSE.overloaded).state.retryInMs).toBe(125);
  });

  test('4410: nothing to resume, a new session at once', () => {
    const w = world().listening().closed(CLOSE.nothingToResume, { random: 0.99 });
    expect([w.view, w.state.retryInMs]).toEqual(['reconnecting', 0]);
    w.fire('retry').welcome('s2');
    expect([w.state.sessionId, w.state.broken]).toEqual(['s2', 1]);
  });

  test.each([1000, 1001, 1006, 1008, 1013, 4408, 4409])(
    '%i after a press that ended it: idle, no problem, no retry',
    (code) => {
      for (const w of [
        world().press().press(),
        world().press().welcome().press(),
        world().listening().press(),
        world().listening().press().micStopped(),
        world().listening().press().micStopped().answer('idle'),
      ]) {
        w.closed(code, { retryAfterMs: 5_000 });
        if (w.state.mic === 'stopping') w.micStopped();
        expect([w.view, w.state.problem, w.atRest]).toEqual(['idle', null, true]);
      }
    },
  );
});

describe('failures in a row', () => {
  test('five: the person is told, nothing is tried any more, and a press tries again', () => {
    const w = world().press();
    for (let i = 1; i < MAX_FAILURES; i++) w.closed(1006).fire('retry');
    expect(w.state.failures).toBe(MAX_FAILURES - 1);
    w.closed(1006);
    expect([w.view, w.state.problem, w.state.link]).toEqual(['error', 'server_gone', 'none']);
    expect(w.did).toContain('stop_mic 1');
    w.micStopped();
    expect(w.atRest).toBe(true);
    w.press();
    expect([w.view, w.state.failures]).toEqual(['connecting', 0]);
    settle(w);
    expect(w.view).toBe('listening');
  });

  test('withheld welcomes count as much as lost connections', () => {
    const w = world().press().fire('welcome').fire('retry').closed(1006).fire('retry').fire('welcome').fire('retry');
    w.closed(1011).fire('retry').fire('welcome');
    expect([w.view, w.state.problem]).toEqual(['error', 'server_gone']);
  });

  test('a server that welcomes and goes, again and again, is not tried for ever', () => {
    const w = world().listening();
    for (let i = 1; i < MAX_FAILURES; i++) w.closed(1001).fire('retry').welcome().answer('listening');
    w.closed(1001);
    expect(w.state.problem).toBe('server_gone');
  });

  test('are forgotten after 5 s connected, not before', () => {
    const w = world().listening().closed(1006).fire('retry').welcome().answer('listening');
    expect(w.state.failures).toBe(1);
    expect(w.timers.get('stable')).toBe(5_000);
    w.fire('stable');
    expect([w.state.failures, w.view]).toEqual([0, 'listening']);
    w.closed(1006, { random: 0.5 });
    expect(w.state.retryInMs).toBe(125);
  });

  test('a press begins the count anew', () => {
    const w = world().press().closed(1006).fire('retry').closed(1006).press().press();
    expect([w.state.failures, w.view]).toEqual([0, 'connecting']);
  });

  test('try at once: the wait ends, and at no other moment does it anything', () => {
    const w = world().press().closed(1006).send({ type: 'retry_now' });
    expect(w.did).toContain('open_socket 2');
    for (const other of [world(), world().press(), world().listening(), world().listening().press()]) {
      const before = other.state;
      other.send({ type: 'retry_now' });
      expect([other.did, other.state]).toEqual([[], before]);
    }
  });

  test('H20 a press during the wait cancels the retry', () => {
    const w = world().listening().closed(1006).press();
    expect(w.did).toContain('clear_timer retry');
    expect([w.view, w.state.link]).toEqual(['idle', 'none']);
  });
});

describe('H27 a server that is full', () => {
  test('is told while the refused socket waits for its retry', () => {
    const w = world().press().closed(1006).send({ type: 'server_full', socket: 1 });
    expect([w.view, w.state.problem, w.state.link]).toEqual(['error', 'server_full', 'none']);
    settle(w);
    expect(w.atRest).toBe(true);
    w.press();
    settle(w);
    expect(w.view).toBe('listening');
  });

  test('that was said of a former try is no news to the next one’s wait', () => {
    const w = world().press().closed(1006).fire('retry').closed(1006);
    const before = w.state;
    w.send({ type: 'server_full', socket: 1 });
    expect([w.did, w.state]).toEqual([[], before]);
  });

  test('is no news to a socket that is being opened, connected, or wanted no more', () => {
    for (const w of [
      world().press(),
      world().listening(),
      world().press().closed(1006).fire('retry').welcome(),
      world().press().press().closed(1006),
    ]) {
      const before = w.state;
      w.send({ type: 'server_full', socket: before.socket });
      expect([w.did, w.state]).toEqual([[], before]);
    }
  });
});

describe('dispose', () => {
  test.each([
    ['idle', (w: World) => w],
    ['connecting', (w: World) => w.press()],
    ['welcomed', (w: World) => w.press().welcome()],
    ['listening', (w: World) => w.listening()],
    ['flushing', (w: World) => w.listening().press()],
    ['closing', (w: World) => w.press().press()],
    ['waiting', (w: World) => w.listening().closed(1006)],
  ])(
    'while %s: the socket and all timers are gone in the same step, the microphone is told to stop',
    (_title, reach) => {
      const w = reach(world()).send({ type: 'dispose' });
      expect([w.sockets.size, w.timers.size, w.state.wanted]).toEqual([0, 0, false]);
      expect([...w.mics.values()].filter((mic) => mic !== 'stopping')).toEqual([]);
      if (w.state.mic === 'stopping') w.micStopped();
      expect(w.atRest).toBe(true);
    },
  );
});

describe('what the person sees', () => {
  test.each<[string, Partial<ConnectionState>, string]>([
    ['nothing wanted', {}, 'idle'],
    ['nothing wanted, the socket closing', { link: 'closing' }, 'stopping'],
    ['nothing wanted, the turn flushing', { link: 'welcomed', voice: 'stopping' }, 'stopping'],
    ['a problem', { problem: 'mic_denied' }, 'error'],
    ['a problem, the socket still closing', { problem: 'mic_denied', link: 'closing' }, 'error'],
    ['wanted, opening', { wanted: true, link: 'opening' }, 'connecting'],
    ['wanted, opening after a failure', { wanted: true, link: 'opening', failures: 1 }, 'reconnecting'],
    ['wanted, opening after a lost session', { wanted: true, link: 'opening', broken: 1 }, 'reconnecting'],
    ['wanted, waiting', { wanted: true, link: 'waiting', failures: 1 }, 'reconnecting'],
    ['wanted, welcomed', { wanted: true, link: 'welcomed' }, 'connecting'],
    ['wanted, starting', { wanted: true, link: 'welcomed', voice: 'starting' }, 'connecting'],
    ['wanted, listening', { wanted: true, link: 'welcomed', voice: 'listening' }, 'listening'],
    [
      'wanted, listening after a failure',
      { wanted: true, link: 'welcomed', voice: 'listening', failures: 2 },
      'listening',
    ],
    ['wanted again, the former session stopping', { wanted: true, link: 'welcomed', voice: 'stopping' }, 'connecting'],
    ['wanted again, the former socket closing', { wanted: true, link: 'closing' }, 'connecting'],
  ])('%s: %s', (_title, change, view) => {
    expect(viewOf({ ...INITIAL_STATE, ...change })).toBe(view);
  });
});

describe('H11 any sequence of events', () => {
  const CODES = [1000, 1001, 1005, 1006, 1008, 1009, 1011, 1013, 4408, 4409, 4410];
  const MIC_PROBLEMS: MicProblem[] = ['mic_denied', 'mic_missing', 'mic_busy', 'mic_unplugged', 'mic_failed'];

  /** Numbers from which each step draws what it needs. */
  const choices = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 80 });

  /** Everything that could happen in this world now. Each is drawn as often as another, so that ends don't crowd out. */
  function possible(w: World, draw: number): Array<() => void> {
    const random = (draw % 1_000) / 1_000;
    const code = CODES[draw % CODES.length] ?? 1006;
    const problem = MIC_PROBLEMS[draw % MIC_PROBLEMS.length] ?? 'mic_failed';
    const { socket, micNumber } = w.state;
    const now: Array<() => void> = [() => w.press(), () => w.send({ type: 'retry_now' })];
    for (const [number, state] of w.sockets) {
      now.push(() => w.closed(code, { socket: number, random, ...(draw % 2 ? { retryAfterMs: draw % 5_000 } : {}) }));
      // A second copy; and one of another session, that nobody should send.
      now.push(() => w.welcome(draw % 7 ? `s${number}` : 'other', number));
      if (w.welcomed.has(number)) {
        now.push(() => w.send({ type: 'voice_state', socket: number, state: draw % 2 ? 'idle' : 'listening' }));
      }
      if (state === 'closing') now.push(() => w.closed(1000, { socket: number }));
    }
    for (const [number, state] of w.mics) {
      if (state === 'opening') now.push(() => w.send({ type: 'mic_live', mic: number }));
      // Said before it was told to stop, heard after.
      if (state === 'stopping') now.push(() => w.send({ type: 'mic_live', mic: number }));
      if (state !== 'live') now.push(() => w.send({ type: 'mic_failed', mic: number, problem }));
      if (state !== 'opening') now.push(() => w.send({ type: 'mic_ended', mic: number }));
      if (state === 'stopping') now.push(() => w.send({ type: 'mic_stopped', mic: number }));
    }
    for (const timer of w.timers.keys()) now.push(() => w.fire(timer, random));
    if (w.state.link === 'waiting' && draw % 3 === 0) now.push(() => w.send({ type: 'server_full', socket }));
    now.push(() => stale(w, draw, socket, micNumber));
    return now;
  }

  /** An event of a socket or a microphone that has gone: it changes nothing. */
  function stale(w: World, draw: number, socket: number, mic: number): void {
    const formerSocket = w.sockets.has(socket) ? draw % Math.max(1, socket) : draw % (socket + 1);
    const formerMic = w.mics.has(mic) ? draw % Math.max(1, mic) : draw % (mic + 1);
    const events: ConnectionEvent[] = [
      { type: 'welcome', socket: formerSocket, sessionId: 'late' },
      { type: 'voice_state', socket: formerSocket, state: 'listening' },
      { type: 'voice_state', socket: formerSocket, state: 'idle' },
      { type: 'closed', socket: formerSocket, code: CODES[draw % CODES.length] ?? 1006, random: 0.5, retryAfterMs: 9 },
      ...(w.state.link === 'waiting' ? [] : [{ type: 'server_full' as const, socket: formerSocket }]),
      { type: 'mic_live', mic: formerMic },
      { type: 'mic_failed', mic: formerMic, problem: 'mic_busy' },
      { type: 'mic_ended', mic: formerMic },
      { type: 'mic_stopped', mic: formerMic },
    ];
    const event = events[draw % events.length];
    if (event === undefined) return;
    const before = w.state;
    w.send(event);
    expect(w.state, `a former one's ${event.type}`).toBe(before);
    expect(w.effects).toEqual([]);
  }

  function wander(w: World, steps: Array<[number, number]>): World {
    for (const [which, draw] of steps) {
      const now = possible(w, draw);
      now[which % now.length]?.();
    }
    return w;
  }

  // World.check runs after every step and holds: one live socket, one microphone, the timers of the state and no other,
  // never listening without a welcome and a live microphone, nothing left in idle, words on the welcomed socket only.
  test('keeps every rule at every step', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        wander(world(), steps);
      }),
      { numRuns: 1_000 },
    );
  });

  test('idle can be reached from wherever it led, by one press and the answers that are due', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        const w = wander(world(), steps);
        if (w.state.wanted) w.press();
        settle(w);
        expect([w.view === 'error' ? 'idle' : w.view, w.atRest]).toEqual(['idle', true]);
      }),
      { numRuns: 300 },
    );
  });

  test('idle can be reached although nobody answers any more: deadlines alone lead there', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        const w = wander(world(), steps);
        if (w.state.wanted) w.press();
        settle(w, deadlinesOnly);
        expect(w.timers.delete('stable')).toBe(false);
        expect([w.view === 'error' ? 'idle' : w.view, w.atRest]).toEqual(['idle', true]);
      }),
      { numRuns: 300 },
    );
  });

  test('a press leads to listening from wherever it led, where server and microphone do their part', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        const w = wander(world(), steps);
        if (!w.state.wanted) w.press();
        settle(w);
        expect([w.view, w.state.problem]).toEqual(['listening', null]);
      }),
      { numRuns: 300 },
    );
  });

  test('dispose leaves nothing, wherever it led, and nothing begins after it', () => {
    fc.assert(
      fc.property(choices, choices, (steps, later) => {
        const w = wander(world(), steps).send({ type: 'dispose' });
        expect([w.sockets.size, w.timers.size]).toEqual([0, 0]);
        for (const [, draw] of later) {
          stale(w, draw, w.state.socket, w.state.micNumber);
          w.send({ type: 'retry_now' });
        }
        if (w.state.mic === 'stopping') w.micStopped();
        expect(w.atRest).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  // A microphone that is told to stop still delivers what it heard. It belongs to the press that opened it.
  test('what one press said is never heard in the session of another', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        const w = world();
        /** Which press opened which microphone; a press again takes over neither its sound nor its session. */
        const pressOf = new Map<number, number>();
        const sessionsOf = new Map<number, number>();
        let presses = 0;
        for (const [which, draw] of steps) {
          const now = possible(w, draw);
          const wanted = w.state.wanted;
          now[which % now.length]?.();
          if (!wanted && w.state.wanted) presses += 1;
          if (w.mics.has(w.state.micNumber) && !pressOf.has(w.state.micNumber)) pressOf.set(w.state.micNumber, presses);
          if (w.effects.some((effect) => effect.do === 'open_socket')) sessionsOf.set(w.state.socket, presses);
          w.frame();
          for (const [socket, mics] of w.heardIn) {
            for (const mic of mics) {
              expect(pressOf.get(mic), `microphone ${mic} in session ${socket}`).toBe(sessionsOf.get(socket));
            }
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
