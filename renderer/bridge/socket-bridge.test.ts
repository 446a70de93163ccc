import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bridge } from '../../shared/bridge.ts';
import { createClientProof } from '../../shared/client-proof.ts';
import type { LogRecord } from '../../shared/log-event.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { BACKOFF_MAX_MS } from '../connection/backoff.ts';
import { CHALLENGE, FakeSocket } from '../testing/fake-bridge-socket.ts';
import { text } from '../text/text.ts';
import type { HostAnswer } from './host-check.ts';
import type { Link } from './link.ts';
import {
  CALL_WAIT_MS,
  connectSocketBridge,
  MAX_REFUSALS,
  MAX_WAITING,
  OPEN_TIMEOUT_MS,
  STABLE_AFTER_MS,
  UNPROVEN_RETRY_MS,
} from './socket-bridge.ts';

const url = 'ws://127.0.0.1:4000/ws/bridge';
const origin = 'http://127.0.0.1:4000';
const address = { url: 'ws://127.0.0.1:5000/ws/voice', token: 'secret', accepting: true };
const record = (seq: number): LogRecord => ({
  seq,
  time: 1,
  side: 'client',
  level: 'info',
  event: 'PRESS',
  fields: { doing: `line ${seq}` },
});

/** Result of the host check; set by a test. */
let answering: HostAnswer;
/** Whether the browser sends too many cookies; set by a test. */
let cookies: boolean;
const connect = () =>
  connectSocketBridge({
    url,
    token: 'secret',
    origin,
    WebSocket: FakeSocket,
    checkHost: async () => answering,
    hasTooManyCookies: async () => cookies,
    random: () => 0.5,
  });

async function connected(): Promise<{ bridge: Bridge; link: Link; socket: FakeSocket }> {
  const connecting = connect();
  FakeSocket.last.open();
  return { ...(await connecting), socket: FakeSocket.last };
}

beforeEach(() => {
  FakeSocket.reset();
  answering = 'ours';
  cookies = false;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the first connection', () => {
  test('has all handlers in the tick that creates the socket', async () => {
    const bridge = connect();
    expect(FakeSocket.created).toHaveLength(1);
    const { onmessage, onclose } = FakeSocket.last;
    expect([onmessage, onclose].every((handler) => typeof handler === 'function')).toBe(true);
    FakeSocket.last.open();
    await bridge;
  });

  test('H66 proves in a subprotocol that it knows the secret, without revealing it', async () => {
    const { socket } = await connected();
    const nonce = socket.protocols[1]?.split('.')[1] ?? '';
    const { protocols } = createClientProof({ secret: 'secret', url, origin, protocol: 'earshot-bridge.v1', nonce });
    expect([socket.url, socket.protocols]).toEqual([url, protocols]);
    expect(protocols.join()).not.toContain('secret');
  });

  test('rejects if it is refused, and is not retried', async () => {
    const refused = expect(connect()).rejects.toMatchObject({ code: 'bridge_unreachable' });
    FakeSocket.last.close();
    await refused;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.created).toHaveLength(1);
  });

  test('rejects if it does not open in time', async () => {
    const late = expect(connect()).rejects.toMatchObject({ code: 'bridge_unreachable' });
    await vi.advanceTimersByTimeAsync(OPEN_TIMEOUT_MS);
    await late;
  });
});

describe('a call', () => {
  test('resolves with the parsed answer, in any order of answers', async () => {
    const { bridge, socket } = await connected();
    const settings = bridge.getSettings();
    const voice = bridge.getVoiceAddress();
    socket.answer('getVoiceAddress', address);
    socket.answer('getSettings', { theme: 'dark', user_id: 'ada', microphone_id: '' });
    expect(await voice).toEqual(address);
    expect(await settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', user_id: 'ada' });
  });

  test('resolves with undefined if the contract has no result', async () => {
    const { bridge, socket } = await connected();
    const done = bridge.appendLog([]);
    socket.receive({ id: socket.idOf('appendLog'), answer: { ok: true } });
    expect(await done).toBeUndefined();
  });

  test("rejects with the host's own code and sentence", async () => {
    const { bridge, socket } = await connected();
    const call = bridge.changeSettings({ theme: 'dark' });
    socket.receive({
      id: socket.idOf('changeSettings'),
      answer: { ok: false, error: { code: 'disk', message: 'Full.' } },
    });
    await expect(call).rejects.toMatchObject({ name: 'EarshotError', code: 'disk', message: 'Full.' });
  });

  test('rejects an answer that violates the contract', async () => {
    const { bridge, socket } = await connected();
    const call = bridge.getVoiceAddress();
    socket.answer('getVoiceAddress', { url: 7 });
    await expect(call).rejects.toMatchObject({ code: 'bridge_bad_answer' });
  });

  test('is not sent if it is too large', async () => {
    const { bridge, socket } = await connected();
    const call = bridge.changeSettings({ microphone_id: 'x'.repeat(300_000) });
    await expect(call).rejects.toMatchObject({ code: 'bridge_too_large' });
    expect(socket.sent).toEqual([]);
  });

  test('ignores invalid frames, and answers without a call', async () => {
    const { bridge, socket } = await connected();
    const call = bridge.openWindow();
    for (const frame of [
      '{',
      '[]',
      'null',
      '{"id":-1}',
      '{"id":999,"answer":{"ok":true}}',
      '{"event":"constructor"}',
    ]) {
      socket.receive(frame);
    }
    socket.onmessage?.({ data: new ArrayBuffer(3) });
    socket.answer('openWindow', false);
    expect(await call).toBe(false);
  });
});

describe('events', () => {
  test('reach every listener until it unsubscribes', async () => {
    const { bridge, socket } = await connected();
    const [one, two] = [vi.fn(), vi.fn()];
    const stop = bridge.onSettings(one);
    bridge.onSettings(two);
    socket.receive({ event: 'onSettings', payload: DEFAULT_SETTINGS });
    stop();
    socket.receive({ event: 'onSettings', payload: { ...DEFAULT_SETTINGS, theme: 'light' } });
    expect(one).toHaveBeenCalledTimes(1);
    expect(two).toHaveBeenCalledTimes(2);
  });

  test('treat a function that subscribes twice as two listeners', async () => {
    const { bridge, socket } = await connected();
    const listener = vi.fn();
    const stop = bridge.onSettings(listener);
    bridge.onSettings(listener);
    stop();
    stop();
    socket.receive({ event: 'onSettings', payload: DEFAULT_SETTINGS });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('with an invalid payload are ignored', async () => {
    const { bridge, socket } = await connected();
    const listener = vi.fn();
    bridge.onVoiceAddress(listener);
    socket.receive({ event: 'onVoiceAddress', payload: { url: 7 } });
    expect(listener).not.toHaveBeenCalled();
  });

  test('reach the others when one listener throws, and its error is reported as uncaught', async () => {
    const { bridge, socket } = await connected();
    const thrown = new Error('mine');
    const other = vi.fn();
    bridge.onSettings(() => {
      throw thrown;
    });
    bridge.onSettings(other);
    socket.receive({ event: 'onSettings', payload: DEFAULT_SETTINGS });
    expect(other).toHaveBeenCalledTimes(1);
    expect(() => vi.runAllTimers()).toThrow(thrown);
  });
});

describe('a lost connection', () => {
  test('rejects the calls in flight, because the host may have executed them', async () => {
    const { bridge, socket } = await connected();
    const call = bridge.appendLog([]);
    socket.close();
    await expect(call).rejects.toMatchObject({ code: 'bridge_lost' });
    await vi.advanceTimersByTimeAsync(BACKOFF_MAX_MS);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent.map((frame) => frame.call)).not.toContain('appendLog');
  });

  test('is reconnected; calls made meanwhile wait for it, in order', async () => {
    const { bridge, socket } = await connected();
    socket.close();
    const theme = bridge.changeSettings({ theme: 'dark' });
    const opened = bridge.openWindow();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.created).toHaveLength(2);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent.slice(0, 2).map((frame) => frame.call)).toEqual(['changeSettings', 'openWindow']);
    FakeSocket.last.answer('changeSettings', DEFAULT_SETTINGS);
    FakeSocket.last.answer('openWindow', true);
    await expect(theme).resolves.toEqual(DEFAULT_SETTINGS);
    await expect(opened).resolves.toBe(true);
    // A call that was sent in time no longer has a timeout.
    await vi.advanceTimersByTimeAsync(CALL_WAIT_MS * 2);
  });

  test('a call made while the socket is closing waits for the next one', async () => {
    const { bridge, socket } = await connected();
    socket.readyState = 2;
    const opened = bridge.openWindow();
    expect(socket.sent.map((frame) => frame.call)).not.toContain('openWindow');
    socket.close();
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.last.open();
    FakeSocket.last.answer('openWindow', true);
    await expect(opened).resolves.toBe(true);
  });

  test('rejects a call that waited too long, and never sends it', async () => {
    const { bridge, socket } = await connected();
    socket.close();
    const call = expect(bridge.openWindow()).rejects.toMatchObject({ code: 'bridge_lost' });
    await vi.advanceTimersByTimeAsync(CALL_WAIT_MS);
    await call;
    FakeSocket.last.open();
    expect(FakeSocket.last.sent.map((frame) => frame.call)).not.toContain('openWindow');
  });

  test('limits the number of waiting calls', async () => {
    const { bridge, socket } = await connected();
    socket.close();
    for (let i = 0; i < MAX_WAITING; i++) void bridge.openWindow();
    await expect(bridge.openWindow()).rejects.toMatchObject({ code: 'bridge_lost' });
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent.filter((frame) => frame.call === 'openWindow')).toHaveLength(MAX_WAITING);
  });

  test('is retried with growing delays, which are reset by a steady connection', async () => {
    const { socket } = await connected();
    await vi.advanceTimersByTimeAsync(STABLE_AFTER_MS);
    socket.close();
    // Half of 250, 500, 1,000 ms, as random is held at 0.5.
    for (const [made, delay] of [
      [1, 125],
      [2, 250],
      [3, 500],
    ] as const) {
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(FakeSocket.created).toHaveLength(made);
      await vi.advanceTimersByTimeAsync(1);
      expect(FakeSocket.created).toHaveLength(made + 1);
      FakeSocket.last.close();
    }
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.last.open();
    await vi.advanceTimersByTimeAsync(STABLE_AFTER_MS);
    const count = FakeSocket.created.length;
    FakeSocket.last.close();
    await vi.advanceTimersByTimeAsync(125);
    expect(FakeSocket.created).toHaveLength(count + 1);
  });

  test('again soon after each reconnect: the retry delays keep growing', async () => {
    const { socket } = await connected();
    socket.close();
    for (let i = 0; i < 6; i++) {
      await vi.advanceTimersToNextTimerAsync();
      FakeSocket.last.open();
      FakeSocket.last.close();
    }
    const count = FakeSocket.created.length;
    await vi.advanceTimersByTimeAsync(BACKOFF_MAX_MS / 2 - 1);
    expect(FakeSocket.created).toHaveLength(count);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.created).toHaveLength(count + 1);
  });

  test('leaves no gap: the current values are requested and sent to the listeners of the events', async () => {
    const { bridge, socket } = await connected();
    const [onLog, onAddress, onSettings] = [vi.fn(), vi.fn(), vi.fn()];
    bridge.onLogRecords(onLog);
    bridge.onVoiceAddress(onAddress);
    bridge.onSettings(onSettings);
    socket.close();
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.last.open();
    FakeSocket.last.answer('getLogHistory', [record(1), record(2)]);
    FakeSocket.last.answer('getVoiceAddress', address);
    FakeSocket.last.answer('getSettings', DEFAULT_SETTINGS);
    await vi.advanceTimersByTimeAsync(0);
    expect(onLog).toHaveBeenCalledExactlyOnceWith([record(1), record(2)]);
    expect(onAddress).toHaveBeenCalledExactlyOnceWith(address);
    expect(onSettings).toHaveBeenCalledExactlyOnceWith(DEFAULT_SETTINGS);
    FakeSocket.last.receive({ event: 'onLogRecords', payload: [record(3)] });
    expect(onLog).toHaveBeenLastCalledWith([record(3)]);
  });

  test('is shown by the link until the host sends a frame again', async () => {
    const { link, socket } = await connected();
    const states: string[] = [];
    const stop = link.subscribe(() => states.push(link.state()));
    expect(link.state()).toBe('up');
    socket.close();
    expect(states).toEqual(['down']);
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.last.open();
    expect(states).toEqual(['down']);
    FakeSocket.last.answer('getLogHistory', []);
    expect(states).toEqual(['down', 'up']);
    stop();
    FakeSocket.last.close();
    expect(states).toEqual(['down', 'up']);
  });

  test('that is refused is unreachable after some attempts, and still reconnects when it can', async () => {
    const { link, socket } = await connected();
    socket.close();
    for (let tries = 1; tries <= MAX_REFUSALS; tries++) {
      expect(link.state()).toBe('down');
      await vi.advanceTimersToNextTimerAsync();
      FakeSocket.last.close();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(link.state()).toBe('unreachable');
    await vi.advanceTimersToNextTimerAsync();
    FakeSocket.last.open();
    FakeSocket.last.answer('getLogHistory', []);
    expect(link.state()).toBe('up');
  });
});

describe('a restarted host', () => {
  const restarted = {
    code: 'bridge_restarted',
    message: 'Earshot was started again. Open the link it printed in the terminal.',
  };

  test('refuses a tab that was opened with an old link, which says what to do', async () => {
    answering = 'another launch';
    const refused = expect(connect()).rejects.toMatchObject(restarted);
    FakeSocket.last.close();
    await refused;
  });

  test('is not sent the secret of an open tab, which says what to do and does not retry', async () => {
    const { bridge, link, socket } = await connected();
    answering = 'another launch';
    socket.close();
    const waiting = expect(bridge.openWindow()).rejects.toMatchObject(restarted);
    await vi.advanceTimersToNextTimerAsync();
    expect(link.state()).toBe('restarted');
    await waiting;
    await expect(bridge.getSettings()).rejects.toMatchObject(restarted);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.created).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('reveals its secret to no peer without a proof, however long that takes', async () => {
  const { link, socket } = await connected();
  answering = 'no answer';
  socket.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSocket.created).toHaveLength(1);
  expect(link.state()).toBe('unreachable');
  answering = 'ours';
  await vi.advanceTimersByTimeAsync(BACKOFF_MAX_MS);
  FakeSocket.last.open();
  FakeSocket.last.answer('getLogHistory', []);
  expect(link.state()).toBe('up');
});

describe('H66 the peer must prove that it is the host', () => {
  // The last case answers the host check like the host, but is another program by the time of the socket.
  const IMPOSTORS: [string, (socket: FakeSocket) => void][] = [
    ['a proof under another secret', (socket) => socket.open('another')],
    ['no proof', (socket) => socket.receive({ event: 'hello', challenge: CHALLENGE })],
    ['no challenge', (socket) => socket.receive({ event: 'hello', proof: socket.proofOf('secret') })],
    [
      'the proof of an earlier connection',
      (socket) =>
        socket.receive({ event: 'hello', proof: FakeSocket.created[0]?.proofOf('secret'), challenge: CHALLENGE }),
    ],
    [
      'the page’s own proof',
      (socket) => socket.receive({ event: 'hello', proof: socket.protocols[1]?.split('.')[2], challenge: CHALLENGE }),
    ],
    ['an event first', (socket) => socket.receive({ event: 'onSettings', payload: DEFAULT_SETTINGS })],
    ['an answer first', (socket) => socket.receive({ id: 1, answer: { ok: true } })],
    ['no JSON', (socket) => socket.receive('hello')],
    ['a binary frame', (socket) => socket.onmessage?.({ data: new ArrayBuffer(4) })],
  ];

  test.each(IMPOSTORS)(
    '%s on a later connection: nothing is sent or accepted, and the link is unproven',
    async (_, answer) => {
      const { bridge, link, socket } = await connected();
      const onSettings = vi.fn();
      bridge.onSettings(onSettings);
      socket.close();
      await vi.advanceTimersToNextTimerAsync();
      const lost = expect(bridge.getSettings()).rejects.toMatchObject({ code: 'bridge_lost' });
      const impostor = FakeSocket.last;
      impostor.accept();
      answer(impostor);
      expect([link.state(), impostor.readyState, impostor.sent, impostor.answers]).toEqual(['unproven', 3, [], []]);
      await vi.advanceTimersByTimeAsync(CALL_WAIT_MS);
      await lost;
      expect(onSettings).not.toHaveBeenCalled();
    },
  );

  test.each(IMPOSTORS.filter(([title]) => !title.includes('earlier')))(
    '%s on the first connection: rejects, and is not retried',
    async (_, answer) => {
      const refused = expect(connect()).rejects.toMatchObject({ code: 'bridge_unproven' });
      FakeSocket.last.accept();
      answer(FakeSocket.last);
      await refused;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(FakeSocket.created).toHaveLength(1);
    },
  );

  test('the page answers the challenge of a genuine host before any call', async () => {
    const { bridge, socket } = await connected();
    expect(socket.answers).toEqual([socket.answerOf('secret')]);
    socket.close();
    const waiting = bridge.openWindow();
    await vi.advanceTimersToNextTimerAsync();
    FakeSocket.last.open();
    expect(FakeSocket.last.answers).toEqual([FakeSocket.last.answerOf('secret')]);
    expect(FakeSocket.last.answers).not.toEqual(socket.answers);
    FakeSocket.last.answer('openWindow', true);
    await waiting;
  });

  test('is retried after a longer delay; a host that gets its port back is found', async () => {
    const { link, socket } = await connected();
    socket.close();
    await vi.advanceTimersToNextTimerAsync();
    FakeSocket.last.open('another');
    await vi.advanceTimersByTimeAsync(UNPROVEN_RETRY_MS - 1);
    expect(FakeSocket.created).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.created).toHaveLength(3);
    FakeSocket.last.open();
    FakeSocket.last.answer('getLogHistory', []);
    expect(link.state()).toBe('up');
  });

  test('that disappears again leaves a link that is down', async () => {
    const { link, socket } = await connected();
    socket.close();
    await vi.advanceTimersToNextTimerAsync();
    FakeSocket.last.open('another');
    await vi.advanceTimersByTimeAsync(UNPROVEN_RETRY_MS);
    FakeSocket.last.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(link.state()).toBe('down');
  });

  test('without a first frame is closed after a timeout, and retried like a refused connection', async () => {
    const { link, socket } = await connected();
    socket.close();
    await vi.advanceTimersToNextTimerAsync();
    const silent = FakeSocket.last;
    silent.accept();
    await vi.advanceTimersByTimeAsync(OPEN_TIMEOUT_MS);
    expect([silent.readyState, silent.sent, silent.answers, link.state()]).toEqual([3, [], [], 'down']);
  });

  test('with an invalid answer to the host check is not even sent a proof', async () => {
    const { link, socket } = await connected();
    answering = 'another program';
    socket.close();
    await vi.advanceTimersToNextTimerAsync();
    expect([link.state(), FakeSocket.created.length]).toEqual(['unproven', 1]);
    answering = 'ours';
    await vi.advanceTimersByTimeAsync(UNPROVEN_RETRY_MS);
    FakeSocket.last.open();
    FakeSocket.last.answer('getLogHistory', []);
    expect(link.state()).toBe('up');
  });

  test('on the first connection: a tab that is refused by another program reports it', async () => {
    answering = 'another program';
    const refused = expect(connect()).rejects.toMatchObject({ code: 'bridge_unproven' });
    FakeSocket.last.close();
    await refused;
  });

  test('no host can command the microphone of a tab, even with a proof', async () => {
    const { bridge, socket } = await connected();
    const commanded = vi.fn();
    bridge.onMicCommand(commanded);
    bridge.onDesktop(commanded);
    for (const payload of ['toggle', 'start', 'stop']) socket.receive({ event: 'onMicCommand', payload });
    socket.receive({
      event: 'onDesktop',
      payload: { shortcut: 'off', login: 'off', update: { state: 'none' }, why_no_updates: null },
    });
    expect(commanded).not.toHaveBeenCalled();
  });
});

describe('a host without room for another tab', () => {
  test('every call reports it, and there is no retry', async () => {
    const { bridge, socket } = await connected();
    const early = bridge.getSettings();
    socket.close(1013);
    const full = { code: 'bridge_full', message: 'Too many Earshot tabs are open. Close one, then reload this page.' };
    await expect(early).rejects.toMatchObject(full);
    await expect(bridge.getAppInfo()).rejects.toMatchObject(full);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.created).toHaveLength(1);
  });

  test('1013 on a later connection is retried', async () => {
    const { bridge, socket } = await connected();
    const early = bridge.getSettings();
    socket.answer('getSettings', DEFAULT_SETTINGS);
    await early;
    const late = bridge.getSettings();
    socket.close(1013);
    await expect(late).rejects.toMatchObject({ code: 'bridge_lost' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.created).toHaveLength(2);
  });
});

test('property: whatever the host sends, the bridge throws nothing, delivers only valid events, and its calls continue', async () => {
  const { bridge, socket } = await connected();
  const settings = vi.fn<(payload: unknown) => void>();
  bridge.onSettings(settings);
  const almostValid = fc.record(
    {
      id: fc.oneof(fc.nat(3), fc.jsonValue()),
      event: fc.oneof(fc.constantFrom('onSettings', '__proto__', 'getSettings'), fc.jsonValue()),
      payload: fc.oneof(fc.constant(DEFAULT_SETTINGS), fc.jsonValue()),
      answer: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(almostValid, fc.json(), fc.string({ unit: 'binary' })), (frame) => {
      settings.mockClear();
      expect(() => socket.receive(frame)).not.toThrow();
      for (const [payload] of settings.mock.calls) expect(payload).toEqual(DEFAULT_SETTINGS);
    }),
    { numRuns: 300 },
  );
  expect(() => socket.onmessage?.({ data: new ArrayBuffer(8) })).not.toThrow();
  const call = bridge.getSettings();
  socket.answer('getSettings', DEFAULT_SETTINGS);
  expect(await call).toEqual(DEFAULT_SETTINGS);
});

describe('H69 a host that refuses the tab because of its browser’s cookies', () => {
  test('on the first connection: the tab reports it and says what to do', async () => {
    cookies = true;
    const refused = expect(connect()).rejects.toMatchObject({
      code: 'bridge_cookies',
      message: text.host.tooManyCookies,
    });
    FakeSocket.last.close();
    await refused;
  });

  test('after a loss: the tab reports it, and reconnects when the cookies are gone', async () => {
    const { link, socket } = await connected();
    cookies = true;
    socket.close();
    await vi.advanceTimersToNextTimerAsync();
    for (let tries = 0; tries < MAX_REFUSALS + 1; tries++) {
      FakeSocket.last.close();
      await vi.advanceTimersByTimeAsync(0);
      expect(link.state()).toBe('too_many_cookies');
      await vi.advanceTimersToNextTimerAsync();
    }
    cookies = false;
    FakeSocket.last.open();
    FakeSocket.last.answer('getLogHistory', []);
    expect(link.state()).toBe('up');
  });

  test('and then disappears: handled like any lost connection', async () => {
    const { link, socket } = await connected();
    cookies = true;
    socket.close();
    await vi.advanceTimersToNextTimerAsync();
    FakeSocket.last.close();
    await vi.advanceTimersByTimeAsync(0);
    answering = 'no answer';
    await vi.advanceTimersToNextTimerAsync();
    expect(link.state()).toBe('down');
  });
});
