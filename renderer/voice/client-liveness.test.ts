import { describe, expect, test, vi } from 'vitest';
import { IDLE_AFTER_MS, PONG_TIMEOUT_MS } from '../connection/connection-types.ts';
import {
  FIRST_RETRY_MS,
  framesOf,
  last,
  type Rig,
  readyRig,
  settle,
  setupFakeClient,
  TOKEN,
  URL_1,
} from '../testing/client-rig.ts';

// Detection of dead connections that seem open.

setupFakeClient();

const RESUMES_S1 = `${URL_1}?user_id=ada&session_id=s1`;

/** Longer than an immediate retry: fake timers of 0 ms that are set in a tick are due 1 ms later. */
const runImmediateTimers = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);

/** Simulates sleep: the clock advances without timers, which the next clock check detects. */
async function sleep(ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await vi.advanceTimersByTimeAsync(1_000);
}

describe('a ping before the first audio', () => {
  /** Welcomed in s1, with the permission prompt open for `ms`. */
  async function welcomed(ms: number): Promise<Rig> {
    const r = await readyRig();
    r.client.press();
    r.socket.open().welcome('s1');
    await vi.advanceTimersByTimeAsync(ms);
    return r;
  }

  test('is sent if the microphone took more than 5 s, and start waits for the pong', async () => {
    const r = await welcomed(IDLE_AFTER_MS);
    r.mic.allow();
    await settle();
    r.mic.frame(0);
    expect(r.socket.sent).toEqual(['ready', 'ping']);
    r.socket.pong();
    expect(r.socket.sent).toEqual(['ready', 'ping', 'start']);
    r.socket.answer('listening');
    expect([r.view, r.socket.frames]).toEqual(['listening', framesOf(0, 1)]);
    await vi.advanceTimersByTimeAsync(PONG_TIMEOUT_MS);
    expect([r.view, r.sockets.length]).toEqual(['listening', 1]);
  });

  test('is not needed if it took less', async () => {
    const r = await welcomed(IDLE_AFTER_MS - 1);
    r.mic.allow();
    await settle();
    expect(r.socket.sent).toEqual(['ready', 'start']);
  });

  test('is not sent because of waiting alone', async () => {
    const r = await welcomed(60_000);
    expect([r.socket.sent, r.sockets.length]).toEqual([['ready'], 1]);
  });

  test('unanswered for 1 s: the connection is abandoned and the session resumed immediately', async () => {
    const r = await welcomed(IDLE_AFTER_MS);
    r.mic.allow();
    await settle();
    r.mic.frame(0);
    const silent = r.socket;
    await vi.advanceTimersByTimeAsync(PONG_TIMEOUT_MS - 1);
    expect([silent.closes, r.sockets.length]).toEqual([[], 1]);
    await vi.advanceTimersByTimeAsync(1);
    await runImmediateTimers();
    expect([silent.closes, r.sockets.length, r.socket.url]).toEqual([[4408], 2, RESUMES_S1]);
    r.socket.open().resume('s1', -1);
    expect(r.socket.sent).toEqual(['ready', 'start']);
    r.socket.answer('listening');
    expect([r.view, r.socket.frames]).toEqual(['listening', framesOf(0, 1)]);
  });

  test('a press to cancel while the pong is pending: closed, and nothing is left', async () => {
    const r = await welcomed(IDLE_AFTER_MS);
    r.mic.allow();
    await settle();
    r.client.press();
    r.socket.pong();
    expect([r.socket.sent, r.socket.closes]).toEqual([['ready', 'ping'], [1000]]);
    r.socket.end(1000);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect([r.view, r.mic.state, vi.getTimerCount()]).toEqual(['idle', 'off', 0]);
  });

  test('an unrequested pong is ignored', async () => {
    const r = await welcomed(0);
    const before = r.client.snapshot();
    r.socket.pong();
    expect([r.client.snapshot() === before, r.socket.sent]).toEqual([true, ['ready']]);
  });
});

describe('H22 a machine that slept', () => {
  test('while listening: logged, one ping, and after its pong the connection continues', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    const before = r.client.snapshot();
    await sleep(60_000);
    expect([r.logged('WOKE'), r.socket.sentEvents]).toEqual([[{}], ['ready', 'start', 'ping']]);
    r.socket.pong();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(r.client.snapshot()).toEqual({ ...before, sleptMs: 60_000 });
    expect([r.sockets.length, r.socket.sentEvents.length, r.logged('WOKE').length]).toEqual([1, 3, 1]);
  });

  test('no pong within 1 s: reconnects immediately and loses no audio of the session', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 10);
    await sleep(20_000);
    r.mic.frames(10, 15);
    await vi.advanceTimersByTimeAsync(PONG_TIMEOUT_MS - 1);
    expect(r.sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await runImmediateTimers();
    expect([r.sockets[0]?.closes, r.socket.url]).toEqual([[4408], RESUMES_S1]);
    r.socket.open().resume('s1', 6);
    expect([r.view, r.socket.frames]).toEqual(['listening', framesOf(7, 15)]);
    expect(r.client.snapshot()).toMatchObject({ lostMs: 0, resumes: 1 });
  });

  test('asleep again before the pong: no second ping', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await sleep(60_000);
    vi.setSystemTime(Date.now() + 60_000);
    r.socket.pong();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(r.socket.sentEvents.filter((word) => word === 'ping')).toHaveLength(2);
    vi.setSystemTime(Date.now() + 60_000);
    await vi.advanceTimersByTimeAsync(PONG_TIMEOUT_MS - 1);
    expect(r.socket.sentEvents.filter((word) => word === 'ping')).toHaveLength(2);
  });

  test('during a wait for a retry: retries immediately', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.end(1013, 'retry_after_ms=50000');
    await sleep(60_000);
    expect([r.sockets.length, r.socket.url, r.client.snapshot().retryAt]).toEqual([2, RESUMES_S1, null]);
  });

  test('while idle: nothing is logged or done', async () => {
    const r = await readyRig();
    await sleep(60_000);
    expect([r.logged('WOKE'), r.order]).toEqual([[], []]);
  });

  test('a clock jump with many frames in flight does not make the connection frozen', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 40);
    for (const ms of [600_000, -600_000]) {
      await sleep(ms);
      if (last(r.socket.sentEvents) === 'ping') r.socket.pong();
    }
    r.socket.acknowledge(39);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([r.view, r.sockets.length, r.logged('WS_FROZEN')]).toEqual(['listening', 1, []]);
  });

  test('a page blocked for a minute receives the pending acknowledgements and does not time out a live peer', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 40);
    // A blocked page runs no timer; afterwards each is due once, and then the received messages are delivered.
    await sleep(60_000);
    r.socket.acknowledge(29).pong();
    r.mic.frames(40, 60);
    await vi.advanceTimersByTimeAsync(1_000);
    r.socket.acknowledge(59);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([r.view, r.sockets.length, r.logged('WS_FROZEN')]).toEqual(['listening', 1, []]);
  });
});

describe('an open connection without data', () => {
  test('no acknowledgement for 3 s with 20 frames in flight: logged, abandoned, and the session resumed immediately', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 20);
    await vi.advanceTimersByTimeAsync(2_999);
    expect([r.logged('WS_FROZEN'), r.socket.closes]).toEqual([[], []]);
    await vi.advanceTimersByTimeAsync(1);
    expect(r.logged('WS_FROZEN')).toEqual([{ session: 's1', through: 19, acknowledged: -1 }]);
    expect([r.socket.closes, r.view]).toEqual([[4408], 'reconnecting']);
    await runImmediateTimers();
    expect([r.sockets.length, r.socket.url]).toEqual([2, RESUMES_S1]);
    r.socket.open().resume('s1', 4);
    expect([r.view, r.socket.frames]).toEqual(['listening', framesOf(5, 20)]);
    expect(r.client.snapshot()).toMatchObject({ resumes: 1, lostMs: 0, newSessions: 0 });
  });

  test('19 frames in flight prove nothing, because the server acknowledges every tenth', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 19);
    await vi.advanceTimersByTimeAsync(30_000);
    expect([r.view, r.sockets.length]).toEqual(['listening', 1]);
  });

  test('one acknowledgement every other second is enough', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 100);
    for (let through = 0; through < 20; through++) {
      await vi.advanceTimersByTimeAsync(2_000);
      r.socket.acknowledge(through);
    }
    expect([r.view, r.sockets.length]).toEqual(['listening', 1]);
  });

  test('the next connection gets its own 3 s', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 30);
    await vi.advanceTimersByTimeAsync(2_500);
    await r.reconnect();
    r.socket.resume('s1', -1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([r.view, r.sockets.length, r.logged('WS_FROZEN')]).toEqual(['listening', 2, []]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(r.logged('WS_FROZEN')).toHaveLength(1);
  });

  test('an outage is not a frozen connection, however long it lasts', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 30);
    r.socket.end(1013, 'retry_after_ms=20000');
    await vi.advanceTimersByTimeAsync(19_000);
    expect([r.sockets.length, r.logged('WS_FROZEN')]).toEqual([1, []]);
  });

  test('repeated: each time immediately and with the next token', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frames(0, 30);
    for (let i = 1; i <= 3; i++) {
      const { token } = r.socket;
      await vi.advanceTimersByTimeAsync(3_000);
      await runImmediateTimers();
      expect([r.sockets.length, r.socket.protocols]).toEqual([i + 1, r.socket.offerOf(TOKEN, token)]);
      r.socket.open().resume('s1', -1);
    }
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', resumes: 3, lostMs: 0 });
    expect(r.logged('RECONNECTING').map(({ ms }) => ms)).toEqual([0, 0, 0]);
  });
});

test('no welcome on the resumed connection: abandoned after 2 s and retried', async () => {
  const r = await readyRig();
  await r.startListening('s1');
  const { token } = r.socket;
  await r.reconnect();
  await vi.advanceTimersByTimeAsync(2_000);
  expect([r.socket.closes, r.view]).toEqual([[4408], 'reconnecting']);
  await vi.advanceTimersByTimeAsync(2 * FIRST_RETRY_MS);
  expect([r.sockets.length, r.socket.url, r.socket.protocols]).toEqual([3, RESUMES_S1, r.socket.offerOf(TOKEN, token)]);
});
