import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nextStep, SOCKET, startWelcome, type Welcome, type WelcomeStep } from './welcome.ts';

type Done = (error?: Error | null) => void;
const EPIPE = new Error('write EPIPE');

describe('nextStep(state, attempt, sendError)', () => {
  const { connecting, open, closing, closed } = SOCKET;
  const TABLE: Array<[number, number, unknown, WelcomeStep]> = [
    [connecting, 1, null, 'next'],
    [connecting, 2, null, 'next'],
    [connecting, 3, null, 'fail'],
    [connecting, 1, EPIPE, 'next'],
    [connecting, 2, EPIPE, 'next'],
    [connecting, 3, EPIPE, 'fail'],
    [open, 1, null, 'send'],
    [open, 2, null, 'send'],
    [open, 3, null, 'send'],
    [open, 1, undefined, 'send'],
    [open, 1, EPIPE, 'next'],
    [open, 2, EPIPE, 'next'],
    [open, 3, EPIPE, 'fail'],
    [closing, 1, null, 'abort'],
    [closing, 2, null, 'abort'],
    [closing, 3, null, 'abort'],
    [closing, 1, EPIPE, 'abort'],
    [closing, 2, EPIPE, 'abort'],
    [closing, 3, EPIPE, 'abort'],
    [closed, 1, null, 'abort'],
    [closed, 2, null, 'abort'],
    [closed, 3, null, 'abort'],
    [closed, 1, EPIPE, 'abort'],
    [closed, 2, EPIPE, 'abort'],
    [closed, 3, EPIPE, 'abort'],
  ];
  test.each(TABLE)('state %i, attempt %i, error %s: %s', (state, attempt, sendError, step) => {
    expect(nextStep(state, attempt, sendError)).toBe(step);
  });
});

/** A welcome with fake timers. Records events with their time in ms since the start. */
class Stage {
  readonly events: string[] = [];
  readonly callbacks: Done[] = [];
  /** The send error passed to `onEnd`. */
  sendError: Error | null = null;
  readyState: number = SOCKET.open;
  /** Called on each send. */
  onSend: (done: Done) => void = () => undefined;
  readonly #startedAt = Date.now();

  start(): Welcome {
    return startWelcome({
      socket: this,
      message: (attempt) => `welcome ${attempt}`,
      onAttempt: (attempt) => this.#record(`attempt ${attempt}`),
      onRetry: (attempt, why) => this.#record(`retry ${attempt} ${why}`),
      onEnd: (outcome, attempts, sendError) => {
        this.#record(`${outcome} ${attempts}`);
        this.sendError = sendError;
      },
    });
  }
  send(text: string, done: Done): void {
    if (this.readyState !== SOCKET.open) throw new Error(`sent on a socket in state ${this.readyState}`);
    this.#record(`send ${text}`);
    this.callbacks.push(done);
    this.onSend(done);
  }
  #record(what: string): void {
    this.events.push(`${Date.now() - this.#startedAt}: ${what}`);
  }
}

describe('the welcome', () => {
  let stage: Stage;

  beforeEach(() => {
    vi.useFakeTimers();
    stage = new Stage();
  });

  afterEach(() => {
    // After every outcome no timer is left and nothing else happens.
    expect(vi.getTimerCount()).toBe(0);
    const before = [...stage.events];
    for (const done of stage.callbacks) done(EPIPE);
    vi.advanceTimersByTime(10_000);
    expect(stage.events).toEqual(before);
    expect(vi.getTimerCount()).toBe(0);
    expect(before.filter((event) => /: (ready|aborted|failed) /.test(event))).toHaveLength(1);
    vi.useRealTimers();
  });

  const WHOLE_SCHEDULE = [
    '0: attempt 1',
    '0: send welcome 1',
    '250: retry 1 no_ready',
    '300: attempt 2',
    '300: send welcome 2',
    '550: retry 2 no_ready',
    '650: attempt 3',
    '650: send welcome 3',
    '900: failed 3',
  ];

  describe('the schedule', () => {
    test('sends the first attempt before startWelcome returns', () => {
      const welcome = stage.start();
      expect(stage.events).toEqual(['0: attempt 1', '0: send welcome 1']);
      welcome.ready();
    });

    test('H06 never answered: sent at 0, 300 and 650 ms, failed at 900 ms', () => {
      stage.start();
      vi.advanceTimersByTime(899);
      expect(stage.events).toEqual(WHOLE_SCHEDULE.slice(0, -1));
      vi.advanceTimersByTime(1);
      expect(stage.events).toEqual(WHOLE_SCHEDULE);
    });

    test.each([
      ['once', 350, 5, 2],
      ['twice', 700, 8, 3],
    ])('H06 ready withheld %s', (_title, at, upTo, attempts) => {
      const welcome = stage.start();
      vi.advanceTimersByTime(at);
      welcome.ready();
      expect(stage.events).toEqual([...WHOLE_SCHEDULE.slice(0, upTo), `${at}: ready ${attempts}`]);
    });

    test('answered in the same millisecond as the last deadline, but before it: ready', () => {
      const welcome = stage.start();
      vi.advanceTimersByTime(899);
      welcome.ready();
      expect(stage.events.at(-1)).toBe('899: ready 3');
    });

    test.each([
      [260, 1],
      [560, 2],
    ])('ready at %i ms, in the pause before the next attempt: %i attempts are reported', (at, copies) => {
      const welcome = stage.start();
      vi.advanceTimersByTime(at);
      welcome.ready();
      expect(stage.events.at(-1)).toBe(`${at}: ready ${copies}`);
    });

    test('still waits for ready after a send callback without an error', () => {
      stage.onSend = (done) => done(null);
      stage.start();
      vi.advanceTimersByTime(900);
      expect(stage.events).toEqual(WHOLE_SCHEDULE);
    });
  });

  describe('H05 a socket that is not open yet', () => {
    test('opens after 60 ms: attempts at exactly 0, 50 and 150 ms, then ready', () => {
      stage.readyState = SOCKET.connecting;
      setTimeout(() => {
        stage.readyState = SOCKET.open;
      }, 60);
      const welcome = stage.start();
      vi.advanceTimersByTime(160);
      welcome.ready();
      expect(stage.events).toEqual([
        '0: retry 1 not_open',
        '50: retry 2 not_open',
        '150: attempt 3',
        '150: send welcome 3',
        '160: ready 3',
      ]);
    });

    test('opens after 60 ms and never answers: no fourth attempt', () => {
      stage.readyState = SOCKET.connecting;
      setTimeout(() => {
        stage.readyState = SOCKET.open;
      }, 60);
      stage.start();
      vi.advanceTimersByTime(400);
      expect(stage.events.slice(2)).toEqual(['150: attempt 3', '150: send welcome 3', '400: failed 3']);
    });

    test('never opens: three attempts, nothing sent, failed at 150 ms', () => {
      stage.readyState = SOCKET.connecting;
      stage.start();
      vi.advanceTimersByTime(150);
      expect(stage.events).toEqual(['0: retry 1 not_open', '50: retry 2 not_open', '150: failed 3']);
    });
  });

  describe('H03 a send that fails', () => {
    test('on an open socket: retried after 50 and 100 ms without waiting 250 ms', () => {
      stage.onSend = (done) => done(EPIPE);
      stage.start();
      vi.advanceTimersByTime(150);
      expect(stage.events).toEqual([
        '0: attempt 1',
        '0: send welcome 1',
        '0: retry 1 send_error',
        '50: attempt 2',
        '50: send welcome 2',
        '50: retry 2 send_error',
        '150: attempt 3',
        '150: send welcome 3',
        '150: failed 3',
      ]);
    });

    test('reported some ms later: the pause starts then', () => {
      const welcome = stage.start();
      vi.advanceTimersByTime(7);
      stage.callbacks[0]?.(EPIPE);
      vi.advanceTimersByTime(50);
      expect(stage.events.slice(2)).toEqual(['7: retry 1 send_error', '57: attempt 2', '57: send welcome 2']);
      welcome.ready();
    });

    test.each([
      ['closing', SOCKET.closing],
      ['closed', SOCKET.closed],
    ])('on a %s socket: aborted immediately without a retry', (_title, readyState) => {
      stage.start();
      vi.advanceTimersByTime(3);
      stage.readyState = readyState;
      stage.callbacks[0]?.(EPIPE);
      expect(stage.events.slice(2)).toEqual(['3: aborted 1']);
      expect(stage.sendError).toBe(EPIPE);
    });

    test('reported twice: one retry', () => {
      const welcome = stage.start();
      stage.callbacks[0]?.(EPIPE);
      stage.callbacks[0]?.(EPIPE);
      vi.advanceTimersByTime(60);
      stage.callbacks[0]?.(EPIPE);
      vi.advanceTimersByTime(100);
      expect(stage.events.slice(2)).toEqual(['0: retry 1 send_error', '50: attempt 2', '50: send welcome 2']);
      welcome.ready();
    });

    test('reported after the next attempt started: ignored', () => {
      const welcome = stage.start();
      vi.advanceTimersByTime(310);
      stage.callbacks[0]?.(EPIPE);
      vi.advanceTimersByTime(200);
      expect(stage.events).toEqual(WHOLE_SCHEDULE.slice(0, 5));
      welcome.ready();
    });
  });

  describe('H02 a client that leaves', () => {
    test.each([
      ['closing', SOCKET.closing],
      ['closed', SOCKET.closed],
    ])('before the first attempt (%s): aborted, nothing sent', (_title, readyState) => {
      stage.readyState = readyState;
      stage.start();
      expect(stage.events).toEqual(['0: aborted 1']);
    });

    test.each([0, 100, 249, 260, 320, 600, 899])('after %i ms: aborted immediately, no further attempt', (at) => {
      const welcome = stage.start();
      vi.advanceTimersByTime(at);
      stage.readyState = SOCKET.closed;
      const before = stage.events.length;
      welcome.closed();
      expect(stage.events.slice(before)).toEqual([expect.stringMatching(`^${at}: aborted [123]$`)]);
    });

    test('whose socket closes without an event: detected at the next step', () => {
      stage.start();
      stage.readyState = SOCKET.closing;
      vi.advanceTimersByTime(250);
      expect(stage.events.slice(2)).toEqual(['250: aborted 1']);
    });

    test('whose socket closes in the pause: detected before anything is sent', () => {
      stage.start();
      vi.advanceTimersByTime(270);
      stage.readyState = SOCKET.closing;
      vi.advanceTimersByTime(30);
      expect(stage.events.filter((event) => event.includes('send'))).toEqual(['0: send welcome 1']);
      expect(stage.events.at(-1)).toMatch(/^300: aborted/);
    });
  });

  describe('the outcome is final', () => {
    test('ready twice, then closed: ended once, as ready', () => {
      const welcome = stage.start();
      welcome.ready();
      welcome.ready();
      welcome.closed();
      expect(stage.events.slice(2)).toEqual(['0: ready 1']);
    });

    test('ready after the end of all attempts: stays failed', () => {
      const welcome = stage.start();
      vi.advanceTimersByTime(900);
      welcome.ready();
      welcome.closed();
      expect(stage.events.at(-1)).toBe('900: failed 3');
    });

    test('ready after it was aborted: stays aborted', () => {
      const welcome = stage.start();
      welcome.closed();
      welcome.ready();
      expect(stage.events.slice(2)).toEqual(['0: aborted 1']);
    });

    test('ready in the tick of the send: nothing is sent again', async () => {
      const sent = new Promise<void>((resolve) => {
        stage.onSend = () => queueMicrotask(resolve);
      });
      const welcome = stage.start();
      await sent;
      welcome.ready();
      expect(stage.events.slice(2)).toEqual(['0: ready 1']);
    });
  });
});
