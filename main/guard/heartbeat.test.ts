import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';

const PING_MS = 15_000;
const GRACE_MS = 10_000;
/** Fake timers run an immediate that was set in a timer one ms later. */
const READ_INPUT_MS = 1;

describe('on a regular clock', () => {
  const ping = vi.fn();
  const onDead = vi.fn();
  let heartbeat: Heartbeat;

  beforeEach(() => {
    vi.useFakeTimers();
    ping.mockReset();
    onDead.mockReset();
    heartbeat = startHeartbeat({ ping, onDead });
  });
  afterEach(() => {
    heartbeat.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('pings every 15 s', () => {
    vi.advanceTimersByTime(PING_MS - 1);
    expect(ping).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(ping).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 3; i++) {
      heartbeat.alive();
      vi.advanceTimersByTime(PING_MS);
    }
    expect(ping).toHaveBeenCalledTimes(4);
  });

  test('reports a peer that sends nothing for 10 s after a ping as dead, once', () => {
    vi.advanceTimersByTime(PING_MS + GRACE_MS - 1);
    expect(onDead).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1 + READ_INPUT_MS);
    expect(onDead).toHaveBeenCalledTimes(1);
  });

  test.each([0, 1, 5_000, GRACE_MS - 1])('a frame %i ms after the ping keeps the peer alive', (ms) => {
    vi.advanceTimersByTime(PING_MS + ms);
    heartbeat.alive();
    vi.advanceTimersByTime(GRACE_MS + READ_INPUT_MS);
    expect(onDead).not.toHaveBeenCalled();
  });

  test('does not count a frame before the ping as an answer', () => {
    vi.advanceTimersByTime(PING_MS - 1);
    heartbeat.alive();
    vi.advanceTimersByTime(1 + GRACE_MS + READ_INPUT_MS);
    expect(onDead).toHaveBeenCalledTimes(1);
  });

  test('detects a peer that stops answering after a hundred answers', () => {
    for (let i = 0; i < 100; i++) {
      vi.advanceTimersByTime(PING_MS);
      heartbeat.alive();
    }
    expect(onDead).not.toHaveBeenCalled();
    vi.advanceTimersByTime(PING_MS + GRACE_MS + READ_INPUT_MS);
    expect(onDead).toHaveBeenCalledTimes(1);
  });

  test.each([0, PING_MS, PING_MS + 1, PING_MS + GRACE_MS - 1])(
    'stopped after %i ms: no timer, no ping, no report',
    (ms) => {
      vi.advanceTimersByTime(ms);
      ping.mockReset();
      heartbeat.stop();
      expect(vi.getTimerCount()).toBe(0);
      vi.advanceTimersByTime(10 * PING_MS);
      expect(ping).not.toHaveBeenCalled();
      expect(onDead).not.toHaveBeenCalled();
    },
  );

  test('can be stopped twice', () => {
    heartbeat.stop();
    heartbeat.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

/**
 * Simulates the phases of Node's event loop, which fake timers do not: due timers in order, then input, then
 * immediates. `stall` advances the time without running anything, like a blocked loop or a sleeping machine.
 */
class Loop {
  now = 0;
  #timers: Array<{ at: number; run: () => void; every: number | null }> = [];
  #immediates: Array<() => void> = [];

  install(): void {
    const add = (run: () => void, ms: number, every: number | null) => {
      const timer = { at: this.now + ms, run, every };
      this.#timers.push(timer);
      return timer;
    };
    const remove = (timer: unknown) => {
      this.#timers = this.#timers.filter((known) => known !== timer);
    };
    vi.stubGlobal('setTimeout', (run: () => void, ms = 0) => add(run, ms, null));
    vi.stubGlobal('setInterval', (run: () => void, ms = 0) => add(run, ms, ms));
    vi.stubGlobal('setImmediate', (run: () => void) => this.#immediates.push(run));
    vi.stubGlobal('clearTimeout', remove);
    vi.stubGlobal('clearInterval', remove);
    vi.spyOn(Date, 'now').mockImplementation(() => this.now);
    vi.spyOn(performance, 'now').mockImplementation(() => this.now);
  }

  /** One iteration of the loop; `input` handles the pending socket data. */
  turn(input: () => void = () => undefined): void {
    const due = this.#timers.filter((timer) => timer.at <= this.now).sort((a, b) => a.at - b.at);
    for (const timer of due) {
      if (!this.#timers.includes(timer)) continue;
      if (timer.every === null) this.#timers = this.#timers.filter((known) => known !== timer);
      else timer.at = this.now + timer.every;
      timer.run();
    }
    input();
    const immediates = this.#immediates;
    this.#immediates = [];
    for (const run of immediates) run();
  }

  /** Advances the time with one iteration per millisecond. */
  run(ms: number, input?: () => void): void {
    for (let i = 0; i < ms; i++) {
      this.now += 1;
      this.turn(input);
    }
  }

  stall(ms: number): void {
    this.now += ms;
  }
}

describe('H22 on a stalled event loop', () => {
  const loop = new Loop();
  const onDead = vi.fn();
  let pings = 0;
  let asked = 0;
  let answered = 0;
  let heartbeat: Heartbeat;

  /** Answers a ping: its pong arrives in the next iteration. */
  function answeringPeer(): void {
    if (asked > answered) heartbeat.alive();
    answered = asked;
    asked = pings;
  }

  beforeEach(() => {
    loop.install();
    onDead.mockReset();
    pings = asked = answered = 0;
    heartbeat = startHeartbeat({ ping: () => pings++, onDead });
  });
  afterEach(() => {
    heartbeat.stop();
    vi.unstubAllGlobals();
  });

  test('reads a frame that was pending at the deadline before deciding', () => {
    loop.run(PING_MS);
    loop.stall(GRACE_MS + 5_000);
    loop.turn(() => heartbeat.alive());
    loop.run(1);
    expect(onDead).not.toHaveBeenCalled();
  });

  const STALLS = [2_000, 11_000, 16_000, 60_000, 8 * 3_600_000];
  const STALL_STARTS = [2, 4_000, GRACE_MS - 1, GRACE_MS, GRACE_MS + 1, PING_MS - 1];
  test.each(STALLS.flatMap((stall) => STALL_STARTS.map((moment) => [stall, moment] as const)))(
    'does not time out a peer that answers every ping in a stall of %i ms that begins %i ms after a ping',
    (stall, moment) => {
      loop.run(PING_MS + moment, answeringPeer);
      loop.stall(stall);
      loop.run(4 * PING_MS, answeringPeer);
      expect(onDead).not.toHaveBeenCalled();
    },
  );

  test('does not time out a peer after a sleep between a ping and its answer', () => {
    loop.run(PING_MS);
    loop.stall(3_600_000);
    loop.turn();
    loop.turn(() => heartbeat.alive());
    expect(onDead).not.toHaveBeenCalled();
  });

  test('detects a peer that died during the stall within 25 s', () => {
    loop.run(PING_MS);
    heartbeat.alive();
    loop.run(1_000);
    loop.stall(3_600_000);
    loop.run(PING_MS + GRACE_MS + 1);
    expect(onDead).toHaveBeenCalled();
  });

  test('reports nothing if stopped between the deadline and the check', () => {
    loop.run(PING_MS);
    loop.stall(GRACE_MS);
    loop.turn(() => heartbeat.stop());
    expect(onDead).not.toHaveBeenCalled();
  });
});

test('with a grace period as long as the interval, pings a peer that answers and reports one that does not', () => {
  vi.useFakeTimers();
  const ping = vi.fn();
  const onDead = vi.fn();
  const heartbeat = startHeartbeat({ pingMs: PING_MS, graceMs: PING_MS, ping, onDead });
  vi.advanceTimersByTime(PING_MS);
  heartbeat.alive();
  vi.advanceTimersByTime(PING_MS + READ_INPUT_MS);
  expect(ping).toHaveBeenCalledTimes(2);
  expect(onDead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(PING_MS + READ_INPUT_MS);
  expect(ping).toHaveBeenCalledTimes(2);
  expect(onDead).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
