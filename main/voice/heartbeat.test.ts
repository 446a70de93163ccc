import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';

const PING_MS = 15_000;
const GRACE_MS = 10_000;
/** The fake clock runs an immediate that a timer made one ms after it. */
const READ_INPUT_MS = 1;

describe('on a clock that runs', () => {
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

  test('pings every 15 s and not before', () => {
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

  test('a peer that says nothing for 10 s after a ping is dead, and told so once', () => {
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

  test('a frame before the ping does not count as an answer to it', () => {
    vi.advanceTimersByTime(PING_MS - 1);
    heartbeat.alive();
    vi.advanceTimersByTime(1 + GRACE_MS + READ_INPUT_MS);
    expect(onDead).toHaveBeenCalledTimes(1);
  });

  test('a peer that answered a hundred times and then falls silent is found', () => {
    for (let i = 0; i < 100; i++) {
      vi.advanceTimersByTime(PING_MS);
      heartbeat.alive();
    }
    expect(onDead).not.toHaveBeenCalled();
    vi.advanceTimersByTime(PING_MS + GRACE_MS + READ_INPUT_MS);
    expect(onDead).toHaveBeenCalledTimes(1);
  });

  test.each([0, PING_MS, PING_MS + 1, PING_MS + GRACE_MS - 1])(
    'stopped after %i ms: no timer, no ping, no death',
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

  test('stopped twice is stopped', () => {
    heartbeat.stop();
    heartbeat.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

/**
 * Node's event loop, one phase after the other, as no fake clock has it: due timers in the order in which they were
 * due, then input, then immediates. `stall` lets time pass in which nothing runs: a blocked loop, a sleeping machine.
 */
class Loop {
  now = 0;
  private timers: Array<{ at: number; run: () => void; every: number | null }> = [];
  private immediates: Array<() => void> = [];

  install(): void {
    const add = (run: () => void, ms: number, every: number | null) => {
      const timer = { at: this.now + ms, run, every };
      this.timers.push(timer);
      return timer;
    };
    const remove = (timer: unknown) => {
      this.timers = this.timers.filter((known) => known !== timer);
    };
    vi.stubGlobal('setTimeout', (run: () => void, ms = 0) => add(run, ms, null));
    vi.stubGlobal('setInterval', (run: () => void, ms = 0) => add(run, ms, ms));
    vi.stubGlobal('setImmediate', (run: () => void) => this.immediates.push(run));
    vi.stubGlobal('clearTimeout', remove);
    vi.stubGlobal('clearInterval', remove);
    vi.spyOn(Date, 'now').mockImplementation(() => this.now);
    vi.spyOn(performance, 'now').mockImplementation(() => this.now);
  }

  /** One turn of the loop; `input` is what waited in the sockets. */
  turn(input: () => void = () => undefined): void {
    const due = this.timers.filter((timer) => timer.at <= this.now).sort((a, b) => a.at - b.at);
    for (const timer of due) {
      if (!this.timers.includes(timer)) continue;
      if (timer.every === null) this.timers = this.timers.filter((known) => known !== timer);
      else timer.at = this.now + timer.every;
      timer.run();
    }
    input();
    const immediates = this.immediates;
    this.immediates = [];
    for (const run of immediates) run();
  }

  /** Time passes as it should: a turn a millisecond. */
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

describe('H22 on an event loop that stalled', () => {
  const loop = new Loop();
  const onDead = vi.fn();
  let pings = 0;
  let asked = 0;
  let answered = 0;
  let heartbeat: Heartbeat;

  /** Hears a ping in one turn of the loop; its pong is there in the next. */
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

  test('a frame that waited while the deadline passed is read before the peer is judged', () => {
    loop.run(PING_MS);
    loop.stall(GRACE_MS + 5_000);
    loop.turn(() => heartbeat.alive());
    loop.run(1);
    expect(onDead).not.toHaveBeenCalled();
  });

  const STALLS = [2_000, 11_000, 16_000, 60_000, 8 * 3_600_000];
  const MOMENTS = [2, 4_000, GRACE_MS - 1, GRACE_MS, GRACE_MS + 1, PING_MS - 1];
  test.each(STALLS.flatMap((stall) => MOMENTS.map((moment) => [stall, moment] as const)))(
    'a peer that answers every ping survives a stall of %i ms that begins %i ms after one',
    (stall, moment) => {
      loop.run(PING_MS + moment, answeringPeer);
      loop.stall(stall);
      loop.run(4 * PING_MS, answeringPeer);
      expect(onDead).not.toHaveBeenCalled();
    },
  );

  test('a machine that slept between a ping and its answer: both sides wake together, the answer comes just after', () => {
    loop.run(PING_MS);
    loop.stall(3_600_000);
    loop.turn();
    loop.turn(() => heartbeat.alive());
    expect(onDead).not.toHaveBeenCalled();
  });

  test('a peer that died during the stall is found within 25 s after it', () => {
    loop.run(PING_MS);
    heartbeat.alive();
    loop.run(1_000);
    loop.stall(3_600_000);
    loop.run(PING_MS + GRACE_MS + 1);
    expect(onDead).toHaveBeenCalled();
  });

  test('stopped between the deadline and the judgement: not told dead', () => {
    loop.run(PING_MS);
    loop.stall(GRACE_MS);
    loop.turn(() => heartbeat.stop());
    expect(onDead).not.toHaveBeenCalled();
  });
});
