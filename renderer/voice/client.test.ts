import { describe, expect, test, vi } from 'vitest';
import type { VoiceAddress } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { LogEventName } from '../../shared/log-catalogue.ts';
import { composeText } from '../../shared/log-line.ts';
import { RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import { PROBLEMS, type ProblemCode } from '../connection/problems.ts';
import {
  ADDRESS,
  framesOf,
  last,
  type Rig,
  readyRig,
  rig,
  settle,
  setupFakeClient,
  simulateServer,
  TOKEN,
  URL_1,
  URL_2,
} from '../testing/client-rig.ts';
import { CLOSING } from '../testing/fake-voice-socket.ts';
import { IDLE } from '../testing/fakes.ts';
import type { Level } from './voice-client.ts';

setupFakeClient();

describe('a press', () => {
  test('opens the socket and then requests the microphone in the same tick', async () => {
    const r = await readyRig();
    r.client.press();
    expect(r.order).toEqual(['socket', 'microphone']);
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada`);
    expect(r.socket.protocols).toEqual(r.socket.offerOf(TOKEN));
    expect(r.mic.options.deviceId).toBe('desk');
    expect(r.view).toBe('connecting');
  });

  test('sets all handlers in the tick that creates the socket', async () => {
    const r = await readyRig();
    r.client.press();
    const { onopen, onmessage, onerror, onclose } = r.socket;
    expect([onopen, onmessage, onerror, onclose]).not.toContain(null);
  });

  test('sets them in that tick also if the address had to be requested', async () => {
    const r = rig({ address: null });
    const handlers: unknown[] = [];
    r.state.onSocket = (socket) => {
      // The first microtask after the code that creates the socket.
      void Promise.resolve().then(() => handlers.push(socket.onopen, socket.onmessage, socket.onerror, socket.onclose));
    };
    await settle();
    r.state.address = ADDRESS;
    r.client.press();
    await settle();
    expect(handlers).toHaveLength(4);
    expect(handlers).not.toContain(null);
  });

  test('uses the current user id and microphone', async () => {
    const r = await readyRig();
    r.settings.user_id = 'bea';
    r.settings.microphone_id = '';
    r.client.press();
    expect(r.socket.url).toBe(`${URL_1}?user_id=bea`);
    expect(r.mic.options.deviceId).toBe('');
  });

  test('answers the welcome with ready, then sends start when the microphone is live', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.open();
    expect([r.view, r.socket.sent]).toEqual(['connecting', []]);
    r.socket.welcome('s1');
    expect(r.socket.sent).toEqual(['ready']);
    r.mic.allow();
    await settle();
    expect(r.socket.sent).toEqual(['ready', 'start']);
    expect(r.view).toBe('connecting');
    r.socket.answer('listening');
    expect(r.view).toBe('listening');
  });

  test('sends audio only once the server listens: the buffered frames first, in order, from 0', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow().frame(1).frame(2);
    await settle();
    r.socket.open();
    r.mic.frame(3);
    expect(r.socket.sent).toEqual([]);
    r.socket.welcome('s1');
    r.mic.frame(4);
    expect(r.socket.sent).toEqual(['ready', 'start']);
    r.socket.answer('listening');
    r.mic.frame(5);
    expect(r.socket.sent).toEqual(['ready', 'start', ...framesOf(1, 6, 0)]);
  });

  test('to end the turn: the last frame is sent before stop, and the socket is closed after the answer', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.frame(1);
    r.mic.tail = [2, 3];
    r.client.press();
    expect([r.view, r.socket.sentEvents]).toEqual(['stopping', ['ready', 'start']]);
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.socket.sent).toEqual(['ready', 'start', { seq: 0, pcm: [1] }, { seq: 1, pcm: [2, 3] }, 'stop']);
    expect(r.socket.closes).toEqual([]);
    r.socket.acknowledge(1).answer('idle');
    expect(r.socket.closes).toEqual([1000]);
    r.socket.end(1000);
    expect([r.view, r.mic.state, r.client.snapshot().lostMs]).toEqual(['idle', 'off', 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('three presses: another session, from 0, without audio of the first', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.mic.frame(1).frame(2);
    await r.stopTurn();
    await r.startListening('s2');
    r.mic.frame(3);
    expect(r.socket.frames).toEqual([{ seq: 0, pcm: [3] }]);
    expect([r.sockets.length, r.mics.length, r.client.snapshot().sessionId]).toEqual([2, 2, 's2']);
  });

  // A microphone takes some ms to be flushed, and the session may have ended before that.
  test.each([1000, 1008, 1009, 4409])(
    'the last samples of a turn that the server ended with %i are not part of the next session',
    async (code) => {
      const r = await readyRig();
      await r.startListening('s1');
      r.mic.tail = [77];
      r.socket.end(code);
      await vi.advanceTimersByTimeAsync(r.mic.flushMs);
      expect([r.mic.state, vi.getTimerCount()]).toEqual(['off', 0]);
      await r.startListening('s2');
      r.mic.frame(1);
      expect(r.socket.frames).toEqual([{ seq: 0, pcm: [1] }]);
    },
  );

  test('before the server listens: waits for the answer, then sends all audio and stop', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    r.socket.open().welcome('s1');
    await settle();
    r.mic.frame(1);
    r.mic.tail = [2];
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect([r.view, r.socket.sent]).toEqual(['stopping', ['ready', 'start']]);
    r.socket.answer('listening');
    expect(r.socket.sent.slice(2)).toEqual([...framesOf(1, 3, 0), 'stop']);
    r.socket.acknowledge(1).answer('idle').end(1000);
    expect([r.view, r.client.snapshot().lostMs]).toEqual(['idle', 0]);
  });

  test('audio of a stale microphone is ignored', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.stopTurn();
    await r.startListening('s2');
    r.mics[0]?.frame(66);
    r.mics[0]?.unplug();
    expect([r.view, r.socket.frames]).toEqual(['listening', []]);
  });
});

describe('H08 H09 the welcome', () => {
  test('H08 repeated: answered with ready, without connecting twice', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    const before = r.client.snapshot();
    r.socket.welcome('s1', 2);
    expect(r.socket.sentEvents).toEqual(['ready', 'start', 'ready']);
    expect(r.logged('WS_CONNECTED')).toEqual([{ session: 's1' }]);
    expect(r.client.snapshot()).toEqual(before);
  });

  test('H09 missing for 2 s: another socket, and a late welcome of the first is ignored', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    const first = r.socket.open();
    const { onmessage } = first;
    await vi.advanceTimersByTimeAsync(1_999);
    expect(r.view).toBe('connecting');
    await vi.advanceTimersByTimeAsync(1);
    expect([r.view, first.closes]).toEqual(['reconnecting', [4408]]);
    expect([first.onopen, first.onmessage, first.onerror, first.onclose]).toEqual([null, null, null, null]);
    await vi.advanceTimersByTimeAsync(125);
    expect(r.sockets).toHaveLength(2);
    r.socket.open().welcome('s2').answer('listening');
    const before = r.client.snapshot();
    // A message that was already in the browser's queue.
    onmessage?.({ data: JSON.stringify({ event: 'voice_state', session_id: 'late', state: 'idle' }) });
    expect(r.client.snapshot()).toBe(before);
    expect(before).toMatchObject({ view: 'listening', sessionId: 's2' });
  });
});

describe('H12 presses at any time', () => {
  test.each([
    [50, 'idle'],
    [51, 'listening'],
  ] as const)('%i presses in one second settle as %s, with one socket at a time', async (presses, view) => {
    for (const ms of [0, 1, 7, 20, 90]) {
      const r = await readyRig();
      simulateServer(r, ms);
      for (let i = 0; i < presses; i++) {
        r.client.press();
        expect(r.sockets.filter((socket) => socket.live).length).toBeLessThanOrEqual(1);
        expect(r.mics.filter((mic) => mic.state === 'live').length).toBeLessThanOrEqual(1);
        await vi.advanceTimersByTimeAsync(20);
      }
      await vi.advanceTimersByTimeAsync(2_000);
      expect(r.view).toBe(view);
      const live = view === 'idle' ? 0 : 1;
      expect(r.sockets.filter((socket) => socket.live)).toHaveLength(live);
      expect(r.mics.filter((mic) => mic.state !== 'off')).toHaveLength(live);
      for (const socket of r.sockets) expect(socket.sentEvents.join()).toMatch(/^(ready(,start(,stop)?)?)?$/);
    }
  });

  test('fifty presses in one tick: the last one determines the state', async () => {
    const r = await readyRig();
    simulateServer(r);
    for (let i = 0; i < 50; i++) r.client.press();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([r.view, r.sockets.some((socket) => socket.live)]).toEqual(['idle', false]);
    r.client.press();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(r.view).toBe('listening');
  });

  test('a press during the delay before a retry of the first connection, without a microphone: no further attempt', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.refuse();
    r.client.press();
    await vi.advanceTimersByTimeAsync(10_000);
    r.mic.allow();
    await settle();
    expect([r.view, r.sockets.length, r.mic.state, vi.getTimerCount()]).toEqual(['idle', 1, 'off', 0]);
  });

  test('H58 such a press after the window has shown that audio is kept: the audio is delivered once connected', async () => {
    const r = await readyRig();
    r.client.press();
    r.mic.allow();
    await settle();
    r.socket.refuse();
    r.mic.frames(0, 3);
    r.client.press();
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect([r.client.snapshot().view, r.client.snapshot().finishing, r.mic.state]).toEqual(['stopping', 1, 'off']);
    r.socket.open().welcome('s1').answer('listening');
    expect(r.socket.sent).toEqual(['ready', 'start', ...framesOf(0, 3), 'stop']);
    r.socket.acknowledge(2).answer('idle').end(1000);
    expect([r.view, vi.getTimerCount()]).toEqual(['idle', 0]);
  });

  test('a press from within a listener', async () => {
    const r = await readyRig();
    simulateServer(r);
    const views: string[] = [];
    const unsubscribe = r.client.subscribe(() => {
      views.push(r.view);
      if (r.view === 'listening') r.client.press();
    });
    r.client.press();
    await vi.advanceTimersByTimeAsync(1_000);
    unsubscribe();
    expect(r.view).toBe('idle');
    expect(views).toContain('listening');
    expect(views.at(-1)).toBe('idle');
    expect(last(r.sockets).sentEvents).toEqual(['ready', 'start', 'stop']);
  });
});

describe('the address of the voice server', () => {
  test('is requested before the first press, and updated from then on', () => {
    const r = rig();
    expect(r.getVoiceAddress).toHaveBeenCalledTimes(1);
    expect(r.addressListeners.size).toBe(1);
  });

  test('unknown at the press: requested again while the microphone opens, and connected once it is known', async () => {
    const r = rig({ address: null });
    await settle();
    r.state.address = ADDRESS;
    r.client.press();
    expect(r.order).toEqual(['microphone']);
    await settle();
    expect(r.order).toEqual(['microphone', 'socket']);
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada`);
  });

  test('stopped while it is requested: no socket is created, and the client becomes idle', async () => {
    const r = rig({ address: null });
    await settle();
    r.state.address = ADDRESS;
    r.client.press();
    r.client.press();
    r.mic.allow();
    await settle();
    expect([r.view, r.sockets.length, vi.getTimerCount()]).toEqual(['idle', 0, 0]);
  });

  test('unknown for long: retried with growing delays, and connected as soon as it is known', async () => {
    const r = rig({ address: null });
    await settle();
    r.client.press();
    r.mic.allow();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', breakerOpen: true, problem: null });
    expect([r.sockets.length, r.mic.state]).toEqual([0, 'live']);
    r.changeAddress(ADDRESS);
    expect(r.socket.url).toBe(`${URL_1}?user_id=ada`);
  });

  test('H59 never known: after the window the turn ends with a problem', async () => {
    const r = rig({ address: null });
    await settle();
    r.client.press();
    r.mic.allow();
    await vi.advanceTimersByTimeAsync(RESUME_WINDOW_MS + r.mic.flushMs);
    expect(r.client.snapshot()).toMatchObject({
      view: 'error',
      problem: 'server_gone',
      micLive: false,
      keptUntil: null,
    });
    expect([r.sockets.length, r.mic.state, vi.getTimerCount()]).toEqual([0, 'off', 0]);
  });

  test('a blocked host: given up after 500 ms, and its late answer creates no second socket', async () => {
    const r = rig({ address: null });
    await settle();
    const late: Array<(address: VoiceAddress) => void> = [];
    r.getVoiceAddress.mockImplementation(() => new Promise((resolve) => late.push(resolve)));
    r.client.press();
    await vi.advanceTimersByTimeAsync(625);
    expect([r.view, late.length]).toEqual(['reconnecting', 2]);
    for (const resolve of late) resolve(ADDRESS);
    await settle();
    expect(r.sockets).toHaveLength(1);
  });

  test('null while the voice server is down: no socket until the address is known, then immediately', async () => {
    const r = await readyRig({ address: { ...ADDRESS, url: null } });
    r.client.press();
    await settle();
    expect([r.view, r.sockets.length]).toEqual(['reconnecting', 0]);
    expect(r.logged('WARNING')).toEqual([{ type: 'no_voice_server' }]);
    r.changeAddress(ADDRESS);
    expect(r.sockets).toHaveLength(1);
  });
});

describe('the microphone', () => {
  test.each(['mic_denied', 'mic_missing', 'mic_busy', 'mic_failed'] as const)(
    'H44 %s is reported, the socket closed, and the next press retries',
    async (code) => {
      const r = await readyRig();
      r.client.press();
      r.socket.open().welcome('s1');
      r.mic.fail(new EarshotError(code, 'No.'));
      await settle();
      expect(r.client.snapshot()).toMatchObject({ view: 'error', problem: code });
      expect(r.socket.closes).toEqual([1000]);
      r.socket.end(1000);
      expect(vi.getTimerCount()).toBe(0);
      await r.startListening('s2');
      expect(r.client.snapshot().problem).toBeNull();
    },
  );

  test.each([
    new Error('odd'),
    new EarshotError('mic_unheard_of', 'x'),
    new EarshotError('server_full', 'x'),
    'text',
    undefined,
  ])('an unknown failure (%s) is mic_failed', async (error) => {
    const r = await readyRig();
    r.client.press();
    r.mic.fail(error);
    await settle();
    expect(r.client.snapshot().problem).toBe('mic_failed');
  });

  test('H44 unplugged: the last audio is sent before stop', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.frame(1);
    r.mic.tail = [2];
    r.mic.unplug();
    expect(r.client.snapshot()).toMatchObject({ view: 'error', problem: 'mic_unplugged' });
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.socket.sent.slice(2)).toEqual([{ seq: 0, pcm: [1] }, { seq: 1, pcm: [2] }, 'stop']);
  });

  test('H15 stopped during the prompt: stopped immediately, without a problem when the user answers', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.open().welcome('s1');
    expect(r.client.snapshot().askingForMic).toBe(false);
    vi.advanceTimersByTime(700);
    expect(r.client.snapshot().askingForMic).toBe(true);
    r.client.press();
    expect([r.mic.stops, r.client.snapshot().askingForMic]).toEqual([1, false]);
    r.socket.end(1000);
    expect(r.view).toBe('idle');
    r.mic.allow();
    await settle();
    expect([r.view, r.mic.state, r.client.snapshot().problem]).toEqual(['idle', 'off', null]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('H15 a microphone that was stopped before it opened is not reported as a problem', async () => {
    const r = await readyRig();
    r.client.press();
    r.client.press();
    r.mic.allow();
    await settle();
    const problems = r.log.filter(({ event }) => event === 'WARNING' || event === 'ERROR' || event === 'MIC_FAILED');
    expect(problems).toEqual([]);
  });

  test('pressed off and on during the prompt: one prompt at a time, then its own microphone', async () => {
    const r = await readyRig();
    r.client.press();
    r.client.press();
    r.client.press();
    r.sockets[0]?.end(1000);
    expect(r.mics).toHaveLength(1);
    r.mic.allow();
    await settle();
    expect(r.mics).toHaveLength(2);
    r.mic.allow();
    r.socket.open().welcome('s2');
    await settle();
    r.socket.answer('listening');
    expect(r.view).toBe('listening');
  });

  test('levels of each frame are sent to all listeners until they unsubscribe', async () => {
    const r = await readyRig();
    await r.startListening();
    r.mic.frame(1);
    const received: Level[] = [];
    const one = r.client.onLevel((level) => received.push(level));
    const other = vi.fn();
    r.client.onLevel(other);
    r.mic.frame(16_384, -16_384);
    r.mic.frame(0, 0);
    one();
    r.mic.frame(1);
    expect(received).toEqual([
      { peak: -6.02, rms: -6.02 },
      { peak: null, rms: null },
    ]);
    expect(other).toHaveBeenCalledTimes(3);
  });

  test('levels are sent before there is a session, so that the user sees the microphone works', async () => {
    const r = await readyRig();
    const level = vi.fn();
    r.client.onLevel(level);
    r.client.press();
    r.mic.allow().frame(5);
    expect(level).toHaveBeenCalledTimes(1);
  });
});

describe('the snapshot', () => {
  test('is the same object until something changes, and every listener is notified of a change', async () => {
    const r = await readyRig();
    const listener = vi.fn();
    const unsubscribe = r.client.subscribe(listener);
    const before = r.client.snapshot();
    expect(r.client.snapshot()).toBe(before);
    r.client.retryNow();
    expect([r.client.snapshot() === before, listener.mock.calls.length]).toEqual([true, 0]);
    r.client.press();
    expect(r.client.snapshot()).not.toBe(before);
    expect(listener).toHaveBeenCalled();
    expect(before.view).toBe('idle');
    unsubscribe();
    const calls = listener.mock.calls.length;
    r.client.press();
    expect(listener).toHaveBeenCalledTimes(calls);
  });

  test('H11 when idle, there is no timer and no network listener, before and after a turn', async () => {
    const r = await readyRig();
    expect([vi.getTimerCount(), r.network.listeners]).toEqual([0, 0]);
    await r.startListening();
    expect(r.network.listeners).toBe(1);
    await r.stopTurn();
    expect([vi.getTimerCount(), r.network.listeners]).toEqual([0, 0]);
  });

  test('contains the start of listening, and null once it has stopped', async () => {
    const r = await readyRig();
    await vi.advanceTimersByTimeAsync(1_234);
    const now = performance.now();
    await r.startListening();
    // Longer than the 5 s after which the failures are reset, which changes the state but not the snapshot.
    await vi.advanceTimersByTimeAsync(5_700);
    r.socket.welcome('s1', 2);
    expect(r.client.snapshot().listeningSince).toBe(now);
    r.client.press();
    expect(r.client.snapshot().listeningSince).toBeNull();
  });

  test.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('H60 a wall clock set %s by an hour does not affect the start of the turn or the next retry', async (_, step) => {
    const r = await readyRig();
    const setClock = () => vi.setSystemTime(Date.now() + step);
    setClock();
    const startedAt = performance.now();
    await r.startListening();
    setClock();
    await vi.advanceTimersByTimeAsync(1_000);
    // A clock set forward looks like a sleep, so the connection is pinged once.
    if (step > 0) r.socket.pong();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(r.client.snapshot()).toMatchObject({ view: 'listening', listeningSince: startedAt });
    r.socket.end(1006);
    const { retryAt } = r.client.snapshot();
    if (retryAt === null) throw new Error('no try is planned');
    setClock();
    expect(r.client.snapshot()).toMatchObject({ view: 'reconnecting', retryAt, listeningSince: startedAt });
    await vi.advanceTimersByTimeAsync(retryAt - performance.now() - 1);
    expect(r.sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(r.sockets).toHaveLength(2);
  });

  test('shows that the user is asked for permission even if the prompt belongs to a cancelled press', async () => {
    const r = await readyRig();
    r.client.press();
    r.client.press();
    r.socket.end(1000);
    r.client.press();
    vi.advanceTimersByTime(700);
    expect(r.client.snapshot()).toMatchObject({ view: 'connecting', askingForMic: true });
    r.client.press();
  });

  test('is initially idle, without losses or prompts', () => {
    expect(rig().client.snapshot()).toEqual(IDLE);
  });
});

describe('H13 dispose', () => {
  const MOMENTS: Array<[string, (r: Rig) => void | Promise<void>]> = [
    ['idle', () => undefined],
    ['connecting', (r) => r.client.press()],
    ['listening', (r) => r.startListening()],
    [
      'stopping',
      async (r) => {
        await r.startListening();
        r.client.press();
      },
    ],
    [
      'reconnecting',
      async (r) => {
        await r.startListening();
        r.socket.end(1006);
      },
    ],
    [
      'resuming a session',
      async (r) => {
        await r.startListening();
        await r.reconnect();
      },
    ],
    [
      'waiting for the open breaker',
      async (r) => {
        r.client.press();
        await vi.advanceTimersByTimeAsync(20_000);
        expect(r.client.snapshot().breakerOpen).toBe(true);
      },
    ],
    [
      'pinging a connection',
      async (r) => {
        await r.startListening();
        vi.setSystemTime(Date.now() + 60_000);
        await vi.advanceTimersByTimeAsync(1_000);
        expect(last(r.socket.sentEvents)).toBe('ping');
      },
    ],
    [
      'refused',
      (r) => {
        r.client.press();
        r.socket.refuse();
      },
    ],
  ];

  test.each(MOMENTS)('while %s leaves no timer, no socket, no microphone and no listener', async (_title, reach) => {
    const r = await readyRig();
    await reach(r);
    r.client.dispose();
    expect(r.sockets.filter((socket) => socket.live)).toEqual([]);
    for (const mic of r.mics) {
      expect(mic.stops).toBeGreaterThan(0);
      mic.allow();
    }
    await vi.advanceTimersByTimeAsync(10);
    expect(r.mics.filter((mic) => mic.state !== 'off')).toEqual([]);
    expect([vi.getTimerCount(), r.addressListeners.size, r.network.listeners]).toEqual([0, 0, 0]);
    const { length } = r.order;
    r.client.press();
    r.client.retryNow();
    r.client.dispose();
    r.changeAddress({ ...ADDRESS, url: URL_2 });
    r.network.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(r.order).toHaveLength(length);
  });

  test('a window that closes while listening reports no loss: what it has sent arrives', async () => {
    const r = await readyRig();
    await r.startListening();
    for (let frame = 0; frame < 5; frame++) r.mic.frame(frame);
    r.client.dispose();
    expect(r.log.map(({ event }) => event)).not.toContain('AUDIO_LOST');
    expect(r.client.snapshot().lostMs).toBe(0);
  });

  test('a window that mounts twice: the second client has the only socket and microphone', async () => {
    const first = await readyRig();
    first.client.press();
    first.client.dispose();
    const second = await readyRig();
    simulateServer(second);
    second.client.press();
    await vi.advanceTimersByTimeAsync(100);
    expect(second.view).toBe('listening');
    first.mic.allow();
    await settle();
    const sockets = [...first.sockets, ...second.sockets].filter((socket) => socket.live);
    const mics = [...first.mics, ...second.mics].filter((mic) => mic.state !== 'off');
    expect([sockets, mics]).toEqual([second.sockets, second.mics]);
  });

  test('two clients share nothing', async () => {
    const first = await readyRig();
    const second = await readyRig();
    await first.startListening('a');
    await second.startListening('b');
    first.mic.frame(1);
    first.client.dispose();
    second.mic.frame(2);
    expect([second.view, second.client.snapshot().sessionId]).toEqual(['listening', 'b']);
    expect([first.socket.frames, second.socket.frames]).toEqual([[{ seq: 0, pcm: [1] }], [{ seq: 0, pcm: [2] }]]);
  });

  test('while the address is requested: its answer creates no socket', async () => {
    const r = rig();
    r.client.press();
    r.client.dispose();
    await settle();
    expect(r.sockets).toEqual([]);
  });

  test('a browser that can’t create the socket: its error is ignored afterwards', async () => {
    const r = await readyRig();
    r.state.onSocket = () => {
      throw new Error('no');
    };
    r.client.press();
    r.client.dispose();
    const { length } = r.log;
    const callCount = r.getVoiceAddress.mock.calls.length;
    await settle();
    expect([r.log.length, r.getVoiceAddress.mock.calls.length]).toEqual([length, callCount]);
  });
});

describe('the log', () => {
  test('records a turn', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    await r.stopTurn();
    expect(r.log.map(({ event, fields }) => composeText(event, fields))).toEqual([
      '👆 Mic button pressed (start)',
      `📡 Connecting to ${URL_1}?user_id=ada`,
      '🔄 Voice state changed: connecting',
      '🔗 WebSocket connection opened',
      '📥 WS_RECV | event=connected | session=s1 | attempt=1',
      '📤 WS_SEND | event=ready | session=s1',
      '🎯 WS_CONNECTED | session=s1',
      '🎤 MIC_OPENED | label=Desk microphone | rate=48000',
      '📤 WS_SEND | event=start | session=s1',
      '📥 WS_RECV | event=voice_state | session=s1 | state=listening',
      '🔄 Voice state changed: listening',
      '👆 Mic button pressed (stop)',
      '🔄 Voice state changed: stopping',
      '🎤 MIC_CLOSED',
      '📤 WS_SEND | event=stop | session=s1',
      '📥 WS_RECV | event=voice_state | session=s1 | state=idle',
      '👋 WS_DISCONNECT | code=1000',
      '🔄 Voice state changed: idle',
    ]);
  });

  test('records a refusal and the retry', async () => {
    const r = await readyRig();
    r.client.press();
    r.socket.refuse();
    expect(r.log.slice(-4).map(({ event, fields }) => composeText(event, fields))).toEqual([
      '⚠️ WebSocket error',
      '👋 WS_DISCONNECT | code=1006',
      '⏳ Reconnecting in 125 ms (failure 1 in a row)',
      '🔄 Voice state changed: reconnecting',
    ]);
  });

  test('records a message as sent only if it was', async () => {
    const r = await readyRig();
    await r.startListening();
    r.client.press();
    // The server's close frame has arrived; the browser reports the close later.
    r.socket.readyState = CLOSING;
    await vi.advanceTimersByTimeAsync(r.mic.flushMs);
    expect(r.logged('WS_SEND').map((fields) => fields.event)).toEqual(r.socket.sentEvents);
  });

  test('has one audio line a second with the frames sent and acknowledged, and none per frame', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    for (let i = 1; i <= 100; i++) {
      r.mic.frame(1);
      if (i % 10 === 0) r.socket.acknowledge(i - 1);
      await vi.advanceTimersByTimeAsync(20);
    }
    r.mic.frame(1);
    expect(r.logged('AUDIO')).toEqual([
      { session: 's1', frames: 50, through: 49, acknowledged: 49 },
      { session: 's1', frames: 50, through: 99, acknowledged: 99 },
    ]);
    r.mic.tail = [1];
    await r.stopTurn();
    expect(r.logged('AUDIO').slice(2)).toEqual([{ session: 's1', frames: 2, through: 101, acknowledged: 101 }]);
    expect(r.log.length).toBeLessThan(30);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(r.logged('AUDIO')).toHaveLength(3);
  });

  test.each<[string, (r: Rig) => void, ProblemCode, LogEventName]>([
    ['denied', (r) => r.mic.fail(new EarshotError('mic_denied', 'No.')), 'mic_denied', 'MIC_FAILED'],
    [
      'ended by a rule',
      (r) => r.socket.open().welcome('s1').end(1008, 'too many malformed messages'),
      'refused_policy',
      'ERROR',
    ],
  ])('names a problem once: %s', async (_title, happen, problem, event) => {
    const r = await readyRig();
    r.client.press();
    happen(r);
    await settle();
    expect(r.logged(event)).toEqual([{ type: problem, detail: PROBLEMS[problem].title }]);
  });

  test('an error of the server is logged and ends nothing', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.receive({ event: 'error', session_id: 's1', code: 'bad_audio', message: 'No.', retryable: false });
    expect(r.logged('ERROR')).toEqual([{ type: 'bad_audio', detail: 'No.' }]);
    expect(r.view).toBe('listening');
  });

  test('an unreadable message is logged and ends nothing', async () => {
    const r = await readyRig();
    await r.startListening('s1');
    r.socket.onmessage?.({ data: 'hello' });
    r.socket.onmessage?.({ data: '{"event":"__proto__"}' });
    expect(r.logged('WARNING')).toEqual([
      { type: 'unreadable_message', detail: 'not JSON' },
      { type: 'unreadable_message', detail: 'event __proto__' },
    ]);
    expect(r.view).toBe('listening');
  });
});
