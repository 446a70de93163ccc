import { describe, expect, test, vi } from 'vitest';
import type { VoiceAddress } from '../../shared/bridge.ts';
import { RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { BREAKER_MS, LAST_TRY_MS, MAX_FAILURES, STABLE_AFTER_MS } from '../connection/connection-types.ts';
import {
  ADDRESS,
  FIRST_RETRY_MS,
  framesOf,
  type Rig,
  readyRig,
  rig,
  settle,
  setupFakeClient,
  TOKEN,
  URL_1,
  URL_2,
} from '../testing/client-rig.ts';

// When and where the client retries.

setupFakeClient();

const RESUMES_S1 = 'user_id=ada&session_id=s1';

describe('the delay before a retry', () => {
  test('H20 is logged, and no attempt is made earlier; the microphone stays on and the turn’s clock keeps running', async () => {
    const r = await readyRig();
    await r.startListening();
    const now = performance.now();
    r.socket.end(1006);
    expect(r.client.snapshot()).toMatchObject({
      view: 'reconnecting',
      retryAt: now + FIRST_RETRY_MS,
      failures: 1,
      listeningSince: now,
    });
    await vi.advanceTimersByTimeAsync(FIRST_RETRY_MS - 1);
    expect(r.sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect([r.sockets.length, r.client.snapshot().retryAt, r.mic.state]).toEqual([2, null, 'live']);
  });

  test('H20 grows with each failure, and is reset after five seconds connected', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.reconnect();
    r.socket.refuse();
    expect(r.logged('RECONNECTING')).toEqual([
      { ms: FIRST_RETRY_MS, failures: 1 },
      { ms: 2 * FIRST_RETRY_MS, failures: 2 },
    ]);
    await vi.advanceTimersByTimeAsync(2 * FIRST_RETRY_MS);
    r.socket.open().resume('s1', -1);
    expect(r.client.snapshot().failures).toBe(2);
    await vi.advanceTimersByTimeAsync(STABLE_AFTER_MS);
    expect(r.client.snapshot().failures).toBe(0);
  });

  test.each([
    [0, 0],
    [0.999, 249],
  ])('H20 is jittered: %d of it is %d ms', async (random, ms) => {
    const r = await readyRig({ random });
    await r.startListening();
    r.socket.end(1006);
    expect(r.logged('RECONNECTING')).toEqual([{ ms, failures: 1 }]);
  });

  test('retry now ends it, and has no other effect', async () => {
    const r = await readyRig();
    r.client.retryNow();
    await r.startListening();
    r.client.retryNow();
    expect(r.sockets).toHaveLength(1);
    r.socket.end(1006);
    r.client.retryNow();
    r.client.retryNow();
    expect(r.sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(r.sockets).toHaveLength(2);
  });

  test('the network’s return ends it; while connected or without a turn it has no effect', async () => {
    const r = await readyRig();
    const online = () => r.network.dispatchEvent(new Event('online'));
    online();
    expect(r.sockets).toEqual([]);
    await r.startListening('s1');
    online();
    expect(r.sockets).toHaveLength(1);
    r.socket.end(1006);
    online();
    expect(r.sockets).toHaveLength(2);
    online();
    expect(r.sockets).toHaveLength(2);
    r.socket.open().resume('s1', -1);
    expect(r.view).toBe('listening');
  });

  test('1013 is retried after the delay that the server requested', async () => {
    const r = await readyRig();
    await r.startListening();
    const now = performance.now();
    r.socket.end(1013, 'retry_after_ms=3000');
    expect(r.client.snapshot().retryAt).toBe(now + 3_000);
    expect(r.logged('RECONNECTING')).toEqual([{ ms: 3_000, failures: 1 }]);
  });

  test('a requested delay counts only with 1013', async () => {
    const r = await readyRig();
    await r.startListening();
    r.socket.end(1011, 'retry_after_ms=3000');
    expect(r.logged('RECONNECTING')).toEqual([{ ms: FIRST_RETRY_MS, failures: 1 }]);
  });
});

describe('H16 a server that restarts elsewhere', () => {
  test('reported before the close: reconnects there immediately, with the session', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.changeAddress({ ...ADDRESS, url: URL_2, token: 'another-launch' });
    expect(r.sockets).toHaveLength(1);
    r.socket.end(1001, 'server going away');
    await settle();
    expect(r.socket.url).toBe(`${URL_2}?${RESUMES_S1}`);
    expect(r.socket.protocols.slice(0, 2)).toEqual(r.socket.offerOf('another-launch'));
    r.mic.frame(0);
    r.socket.secret = 'another-launch';
    r.socket.open().resume('s1', -1);
    expect([r.view, r.socket.frames]).toEqual(['listening', framesOf(0, 1)]);
  });

  test('reported during the wait: reconnects there in the same tick', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.reconnect(1001);
    r.socket.refuse();
    r.changeAddress({ ...ADDRESS, url: null, accepting: false });
    expect([r.view, r.sockets.length]).toEqual(['reconnecting', 2]);
    r.changeAddress({ ...ADDRESS, url: URL_2 });
    expect([r.sockets.length, r.socket.url]).toEqual([3, `${URL_2}?${RESUMES_S1}`]);
  });

  test('on the same port: also reconnects in the same tick', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.changeAddress({ ...ADDRESS, url: null, accepting: false });
    r.socket.end(1001);
    await settle();
    const { length } = r.sockets;
    expect(r.view).toBe('reconnecting');
    r.changeAddress(ADDRESS);
    expect([r.sockets.length, r.socket.url]).toEqual([length + 1, `${URL_1}?${RESUMES_S1}`]);
  });

  test('reported during an attempt at the old address: reconnects there as soon as that one is refused', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.end(1001);
    await settle();
    const previousSocket = r.socket;
    expect([r.sockets.length, previousSocket.url]).toEqual([2, `${URL_1}?${RESUMES_S1}`]);
    r.changeAddress({ ...ADDRESS, url: URL_2 });
    expect(r.sockets).toHaveLength(2);
    previousSocket.refuse();
    await settle();
    expect([r.sockets.length, r.socket.url]).toEqual([3, `${URL_2}?${RESUMES_S1}`]);
  });

  test('the same address reported again has no effect', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.end(1006);
    r.changeAddress({ ...ADDRESS });
    expect(r.sockets).toHaveLength(1);
  });

  test('1001 skips the backoff only for an established connection, so that a refusing server is not flooded', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.open().end(1001);
    expect(r.logged('RECONNECTING')).toEqual([{ ms: FIRST_RETRY_MS, failures: 1 }]);
  });
});

describe('H21 the breaker', () => {
  /** Five consecutive failures, while listening in s1. */
  async function open(r: Rig): Promise<void> {
    await r.startListening('s1');
    r.socket.end(1006);
    while (r.client.snapshot().failures < MAX_FAILURES) {
      r.client.retryNow();
      r.socket.refuse();
    }
  }

  test('opens at the fifth consecutive failure, counts down, logs each attempt, and keeps the microphone on', async () => {
    const r = await readyRig();
    await open(r);
    const now = performance.now();
    expect(r.client.snapshot()).toMatchObject({
      view: 'reconnecting',
      breakerOpen: true,
      failures: 5,
      retryAt: now + BREAKER_MS,
      problem: null,
    });
    expect(r.mic.state).toBe('live');
    expect(r.logged('BREAKER_OPEN')).toEqual([{ ms: 15_000, failures: 5 }]);
    expect(r.logged('RECONNECTING')).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(BREAKER_MS - 1);
    expect(r.sockets).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(1);
    expect([r.sockets.length, r.client.snapshot().breakerOpen]).toEqual([6, true]);
    r.socket.refuse();
    // The last attempt starts early enough to end with the window.
    expect(r.client.snapshot()).toMatchObject({
      breakerOpen: true,
      failures: 6,
      retryAt: now + RESUME_WINDOW_MS - LAST_TRY_MS,
      keptUntil: now + RESUME_WINDOW_MS,
    });
    expect(r.logged('BREAKER_OPEN')).toHaveLength(2);
  });

  test('is not open at the fourth', async () => {
    const r = await readyRig();
    r.client.press();
    for (let i = 1; i < MAX_FAILURES; i++) {
      r.socket.refuse();
      if (i < MAX_FAILURES - 1) r.client.retryNow();
    }
    expect(r.client.snapshot()).toMatchObject({ failures: 4, breakerOpen: false });
    expect(r.logged('BREAKER_OPEN')).toEqual([]);
  });

  test('lets the user retry immediately; the welcome closes it, and all audio continues in the session', async () => {
    const r = await readyRig();
    await open(r);
    r.mic.frames(0, 10);
    r.client.retryNow();
    expect([r.sockets.length, r.client.snapshot().retryAt]).toEqual([6, null]);
    r.socket.open().resume('s1', -1);
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', breakerOpen: false, resumes: 1, lostMs: 0 });
    expect(r.socket.frames).toEqual(framesOf(0, 10));
  });

  test('opens again if the connection is lost within 5 s', async () => {
    const r = await readyRig();
    await open(r);
    r.client.retryNow();
    r.socket.open().resume('s1', -1);
    r.socket.end(1006);
    expect(r.client.snapshot()).toMatchObject({ breakerOpen: true, retryAt: performance.now() + BREAKER_MS });
  });

  test('a connection with acknowledged audio, however short, does not count as a failure', async () => {
    const r = await readyRig();
    await open(r);
    r.mic.frames(0, 10);
    r.client.retryNow();
    r.socket.open().resume('s1', -1).acknowledge(9);
    r.socket.end(1006);
    expect(r.client.snapshot()).toMatchObject({ failures: 1, breakerOpen: false, retryAt: performance.now() + 125 });
  });

  test('does not delay the connection to a server that has moved', async () => {
    const r = await readyRig();
    await open(r);
    r.changeAddress({ ...ADDRESS, url: URL_2 });
    expect(r.socket.url).toBe(`${URL_2}?${RESUMES_S1}`);
  });

  test('H58 a press to stop retries for the whole window; then the undelivered audio is offered and logged', async () => {
    const r = await readyRig();
    const lostAt = performance.now();
    await open(r);
    r.mic.frames(0, 10);
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect([r.view, r.sockets.length]).toEqual(['stopping', 6]);
    const { triesUntil } = r.client.snapshot();
    expect(triesUntil).toBe(lostAt + RESUME_WINDOW_MS);
    for (const ms of [125, 250, 500, 1_000, 2_000, 2_000]) {
      r.socket.refuse();
      expect(r.client.snapshot().retryAt).toBe(performance.now() + ms);
      await vi.advanceTimersByTimeAsync(ms);
    }
    for (let tries = 0; r.view === 'stopping' && tries < 50; tries++) {
      r.socket.refuse();
      const { retryAt } = r.client.snapshot();
      if (retryAt !== null) await vi.advanceTimersByTimeAsync(retryAt - performance.now());
    }
    await settle();
    expect(performance.now()).toBe(lostAt + RESUME_WINDOW_MS - LAST_TRY_MS);
    expect(r.client.snapshot()).toMatchObject({ view: 'idle', problem: null, lostMs: 200, undeliveredMs: 200 });
    expect([r.mic.state, vi.getTimerCount()]).toEqual(['off', 0]);
    expect(r.logged('AUDIO_LOST')).toEqual([{ session: 's1', seconds: 0.2 }]);
    expect(r.logged('AUDIO_UNDELIVERED')).toEqual([{ seconds: 0.2 }]);
    expect(r.undelivered).toEqual([{ mic: 1, samples: Array.from({ length: 10 }, (_, i) => i) }]);
  });
});

describe('a refused socket', () => {
  test('the host is asked again, and its new address and token are used immediately', async () => {
    const r = await readyRig();
    r.client.press();
    const callCount = r.getVoiceAddress.mock.calls.length;
    r.state.address = { url: URL_2, token: 'another-launch', accepting: true };
    r.socket.refuse();
    await settle();
    expect(r.getVoiceAddress.mock.calls.length).toBe(callCount + 1);
    expect(r.sockets.map(({ url }) => url)).toEqual([`${URL_1}?user_id=ada`, `${URL_2}?user_id=ada`]);
    expect(r.socket.protocols).toEqual(r.socket.offerOf('another-launch'));
  });

  test('a host that does not answer: the last known address is retried', async () => {
    const r = await readyRig();
    r.client.press();
    r.state.address = null;
    r.socket.refuse();
    await vi.advanceTimersByTimeAsync(FIRST_RETRY_MS);
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada`);
    expect(r.logged('WARNING')).toEqual([{ type: 'no_voice_address', detail: expect.stringContaining('bridge_gone') }]);
  });

  test('a blocked host: when it continues, the wait of the open breaker ends and all audio is delivered', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    let answerHost: (address: VoiceAddress) => void = () => undefined;
    r.getVoiceAddress.mockImplementation(
      () =>
        new Promise((resolve) => {
          answerHost = resolve;
        }),
    );
    // Nothing is acknowledged, and no attempt is answered.
    r.mic.frames(0, 30);
    await vi.advanceTimersByTimeAsync(17_000);
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', breakerOpen: true, retryAt: expect.any(Number) });
    const tries = r.sockets.length;
    answerHost(ADDRESS);
    await settle();
    expect(r.sockets).toHaveLength(tries + 1);
    r.socket.open().resume('s1', -1);
    expect(r.view).toBe('listening');
    expect(r.socket.frames).toEqual(framesOf(0, 30));
  });

  test('H27 a full server is reported, everything is released, and the next press retries', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    await settle();
    r.state.address = { ...ADDRESS, accepting: false };
    r.socket.refuse();
    await vi.advanceTimersByTimeAsync(10);
    expect(r.client.snapshot()).toMatchObject({ view: 'error', problem: 'server_full' });
    expect([r.mic.state, vi.getTimerCount()]).toEqual(['off', 0]);
    r.state.address = ADDRESS;
    r.client.press();
    expect(r.sockets).toHaveLength(2);
    expect(r.view).toBe('connecting');
  });

  test('H69 a refusal because of the browser’s cookies is reported as such, and the next press retries', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    await settle();
    r.state.tooManyCookies = true;
    r.socket.refuse();
    await vi.advanceTimersByTimeAsync(10);
    expect(r.client.snapshot()).toMatchObject({ view: 'error', problem: 'too_many_cookies' });
    expect([r.mic.state, vi.getTimerCount()]).toEqual(['off', 0]);
    r.state.tooManyCookies = false;
    r.client.press();
    expect([r.sockets.length, r.view]).toEqual([2, 'connecting']);
  });

  test('H27 a turn with a session keeps retrying at a full server, and its audio is kept', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frame(0);
    r.state.address = { ...ADDRESS, accepting: false };
    await r.reconnect();
    r.socket.refuse();
    await settle();
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', problem: null });
    r.client.retryNow();
    r.socket.open().resume('s1', -1);
    expect(r.socket.frames).toEqual(framesOf(0, 1));
  });

  test('a server that is down is not reported as full, and the attempt continues', async () => {
    const r = await readyRig();
    r.client.press();
    r.state.address = { ...ADDRESS, url: null, accepting: false };
    r.socket.refuse();
    await settle();
    expect([r.view, r.client.snapshot().problem]).toEqual(['reconnecting', null]);
  });

  test('a lost connection that was established is not reported as full', async () => {
    const r = await readyRig();
    await r.startListening();
    r.state.address = { ...ADDRESS, accepting: false };
    r.socket.end(1006);
    await settle();
    expect([r.view, r.client.snapshot().problem]).toEqual(['reconnecting', null]);
  });

  test('a browser that can’t create the socket: handled like other failures, nothing is thrown', async () => {
    const r = await readyRig();
    r.state.onSocket = () => {
      throw new DOMException(`The subprotocol 'token.${TOKEN}' is invalid.`, 'SyntaxError');
    };
    r.client.press();
    await settle();
    expect([r.view, r.client.snapshot().failures]).toEqual(['reconnecting', 1]);
    // Checked after each test: the browser's message must not put the secret into the log.
  });
});

test('a client without network events still retries', async () => {
  const r = rig();
  await settle();
  await r.startListening();
  await r.reconnect();
  expect(r.sockets).toHaveLength(2);
});
