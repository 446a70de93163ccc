import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { BridgeHandlers } from '../../shared/bridge.ts';
import { MAX_PENDING_CALLS } from '../../shared/call-limits.ts';
import { type ClientProof, createClientProof } from '../../shared/client-proof.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { Hello } from '../../shared/proof.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { createLaunchProofs } from '../guard/launch-proofs.ts';
import { createVoiceMetrics } from '../health/metrics.ts';
import { CALLS_BURST, MAX_REFUSED_CALLS } from '../host/call-budget.ts';
import { NO_RECORDINGS } from '../testing/no-recordings.ts';
import {
  ANSWER_TIMEOUT_MS,
  type BridgeSocket,
  createBridgeSocket,
  MAX_BRIDGES,
  MAX_BUFFERED_BYTES,
  MAX_FRAME_BYTES,
  MAX_UNREAD_BYTES,
  PING_EVERY_MS,
} from './bridge-socket.ts';
import { openWebServer, type WebServer } from './server.ts';

const token = 'a-secret_of-32-bytes';
let web: WebServer;
let bridge: BridgeSocket;
let origin: string;
const log = vi.fn<Log>();
const clients: WebSocket[] = [];

const handlers: BridgeHandlers = {
  getAppInfo: () => ({ version: '1', shell: 'tab', platform: 'test', data_dir: '/data', system: null }),
  getVoiceAddress: () => ({ url: null, token, accepting: true }),
  getSettings: () => DEFAULT_SETTINGS,
  changeSettings: ({ theme = 'system' }) => ({ ...DEFAULT_SETTINGS, theme }),
  takeSettingsProblem: () => ({ problem: null }),
  appendLog: () => undefined,
  getLogHistory: () => [],
  listRecordings: () => {
    throw new EarshotError('recordings_unreadable', 'Check its rights.');
  },
  ...NO_RECORDINGS,
  getRecordingUrl: () => ({ url: `recordings/${'s'.repeat(43)}/a.wav` }),
  beginImport: () => ({ id: 'i'.repeat(43), url: `imports/${'i'.repeat(43)}` }),
  finishImport: () => {
    throw new EarshotError('no_such_import', 'It has ended.');
  },
  cancelImport: () => undefined,
  endInterruptedTurn: () => ({ state: 'ended', recordings: [], failure: null }),
  reportTurn: () => undefined,
  reportTalk: () => undefined,
  reportLevel: () => undefined,
  reportStatus: () => undefined,
  getHealth: () => createVoiceMetrics().health(),
  watchHealth: () => createVoiceMetrics().health(),
  openWindow: () => {
    throw new TypeError('a mistake');
  },
  getDesktop: () => ({ shortcut: 'off', login: 'off', update: { state: 'none' }, why_no_updates: null }),
  getDefaultMicrophone: () => ({ label: '' }),
  restartAudio: () => false,
  openMicrophoneSettings: () => false,
  stepUpdate: () => undefined,
};

beforeEach(async () => {
  log.mockClear();
  web = await openWebServer(0);
  origin = `http://127.0.0.1:${web.port}`;
  bridge = createBridgeSocket({ host: new URL(origin).host, origin, proofs: createLaunchProofs(token), handlers, log });
  web.serve({ request: (_request, response) => response.end(), upgrade: bridge.upgrade });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await bridge.close();
  await web.close();
});

interface ConnectOptions {
  protocols?: string[];
  path?: string;
  origin?: string | undefined;
  headers?: Record<string, string>;
}

function proofFor(secret = token, url = `ws://127.0.0.1:${web.port}/ws/bridge`): ClientProof {
  return createClientProof({ secret, url, origin, protocol: 'earshot-bridge.v1' });
}

function connect(options: ConnectOptions = {}): WebSocket {
  const { protocols = proofFor().protocols, path = '/ws/bridge', headers = {} } = options;
  const from = 'origin' in options ? options.origin : origin;
  const client = new WebSocket(`ws://127.0.0.1:${web.port}${path}`, protocols, {
    ...(from === undefined ? {} : { origin: from }),
    headers,
  });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** The HTTP status of a refused client. */
async function refusal(options: ConnectOptions): Promise<number> {
  const [, response] = await once(connect(options), 'unexpected-response');
  return response.statusCode;
}

/** Connects a window, which has received the host's proof and sent its own. */
async function connectWindow(): Promise<WebSocket> {
  const proof = proofFor();
  const client = connect({ protocols: proof.protocols });
  const hello = Hello.parse(await next(client));
  expect(proof.accepts(hello.proof)).toBe(true);
  client.send(JSON.stringify({ event: 'answer', proof: proof.answer(hello.challenge) }));
  return client;
}

/** Connects a window whose proof the host has checked, so that it receives events. */
async function openWindow(): Promise<WebSocket> {
  const client = await connectWindow();
  call(client, 0, 'getDefaultMicrophone');
  await next(client);
  return client;
}

/** Returns the next frame, parsed. Rejects if the socket closes first. */
function next(client: WebSocket): Promise<{ id?: number; answer?: unknown; event?: string; payload?: unknown }> {
  return new Promise((resolve, reject) => {
    client.once('message', (data) => resolve(JSON.parse(String(data))));
    client.once('close', (code) => reject(new Error(`closed with ${code}`)));
  });
}

async function closeCode(client: WebSocket): Promise<number> {
  const [code] = await once(client, 'close');
  return code;
}

function call(client: WebSocket, id: number, name: string, args?: unknown): void {
  client.send(JSON.stringify({ id, call: name, args }));
}

describe('a connection', () => {
  test('of a window with the token is accepted, and no secret is echoed', async () => {
    const client = await openWindow();
    expect(client.protocol).toBe('earshot-bridge.v1');
    expect(bridge.size).toBe(1);
  });

  describe('H66 with a request that another program recorded while it had the port', () => {
    const secrets = 'getVoiceAddress';
    /** Has received the hello but does not know the secret. */
    async function impostor() {
      const { protocols } = proofFor();
      const client = connect({ protocols });
      const hello = Hello.parse(await next(client));
      return { client, hello, shown: protocols[1]?.split('.')[2] };
    }
    const ANSWERS: [string, (peer: Awaited<ReturnType<typeof impostor>>) => object | string][] = [
      ['a call', () => ({ id: 1, call: secrets })],
      ['the proof of its request', ({ shown }) => ({ event: 'answer', proof: shown })],
      ['the host’s own proof', ({ hello }) => ({ event: 'answer', proof: hello.proof })],
      ['no proof', () => ({ event: 'answer' })],
      ['the answer for another connection', () => ({ event: 'answer', proof: proofFor().answer('c'.repeat(22)) })],
      ['no JSON', () => '{'],
    ];

    test.each(ANSWERS)('that answers the challenge with %s is closed without events or answers', async (_, forge) => {
      const called = vi.spyOn(handlers, secrets);
      const peer = await impostor();
      const onMessage = vi.fn();
      peer.client.on('message', onMessage);
      bridge.notify('onSettings', DEFAULT_SETTINGS);
      const answer = forge(peer);
      peer.client.send(typeof answer === 'string' ? answer : JSON.stringify(answer));
      call(peer.client, 2, secrets);
      expect(await closeCode(peer.client)).toBe(1008);
      expect([onMessage.mock.calls, called.mock.calls]).toEqual([[], []]);
      expect(log.mock.calls.map(([event]) => event)).not.toContain('WINDOW_OPENED');
    });

    test('that sends nothing is closed after five seconds', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { client } = await impostor();
      vi.advanceTimersByTime(ANSWER_TIMEOUT_MS - 1);
      expect(client.readyState).toBe(WebSocket.OPEN);
      const closed = closeCode(client);
      vi.advanceTimersByTime(1);
      expect(await closed).toBe(1008);
      vi.useRealTimers();
    });
  });

  test('H30 without the token, or with an almost correct one, is refused', async () => {
    expect(await refusal({ protocols: ['earshot-bridge.v1'] })).toBe(401);
    for (const wrong of [`${token}x`, token.slice(0, -1), token.toUpperCase()]) {
      expect(await refusal({ protocols: proofFor(wrong).protocols })).toBe(401);
    }
    const voice = proofFor(token, `ws://127.0.0.1:${web.port}/ws/voice`);
    expect(await refusal({ protocols: voice.protocols })).toBe(401);
    expect(JSON.stringify(log.mock.calls)).not.toContain(token.slice(0, -1));
  });

  test('H28 of a page of another origin is refused', async () => {
    for (const other of [
      undefined,
      'null',
      'http://evil.com',
      origin.replace('127.0.0.1', 'localhost'),
      `${origin}1`,
    ]) {
      expect(await refusal({ origin: other })).toBe(403);
    }
  });

  test('H29 with another Host is refused', async () => {
    expect(await refusal({ headers: { Host: 'evil.com' } })).toBe(403);
    expect(await refusal({ headers: { Host: `localhost:${web.port}` } })).toBe(403);
  });

  test('H31 to another path is refused', async () => {
    for (const path of ['/ws/bridge/', '/ws/voice', '/']) expect(await refusal({ path })).toBe(404);
  });

  test('of one window over the limit is refused', async () => {
    await Promise.all(Array.from({ length: MAX_BRIDGES }, openWindow));
    const refused = await connectWindow();
    expect(await closeCode(refused)).toBe(1013);
    const leaving = clients[0] as WebSocket;
    leaving.close();
    await closeCode(leaving);
    await vi.waitFor(() => expect(bridge.size).toBe(MAX_BRIDGES - 1));
    await openWindow();
  });
});

describe('a call', () => {
  test('is answered under its ID', async () => {
    const client = await openWindow();
    call(client, 7, 'changeSettings', { theme: 'dark' });
    expect(await next(client)).toEqual({
      id: 7,
      answer: { ok: true, value: { ...DEFAULT_SETTINGS, theme: 'dark' } },
    });
  });

  test.each([
    ['with arguments it does not take', 'changeSettings', { theme: 'loud' }, 'bad_arguments'],
    ['that does not exist', 'formatDisk', undefined, 'bad_call'],
    ['named like an inherited member', 'constructor', undefined, 'bad_call'],
    ['that fails for a reason', 'listRecordings', { limit: 1 }, 'recordings_unreadable'],
    ['that fails by a mistake', 'openWindow', undefined, 'internal'],
  ])('%s is answered with a code and a sentence, and the socket stays open', async (_what, name, args, code) => {
    const client = await openWindow();
    call(client, 1, name, args);
    expect(await next(client)).toEqual({
      id: 1,
      answer: { ok: false, error: { code, message: expect.stringMatching(/\.$|theme/) } },
    });
    call(client, 2, 'getSettings');
    expect(await next(client)).toMatchObject({ id: 2, answer: { ok: true } });
  });

  test('that fails because of a bug is logged, and answered with an internal error', async () => {
    const client = await openWindow();
    call(client, 1, 'openWindow');
    await next(client);
    expect(log).toHaveBeenCalledWith('ERROR', { type: 'bridge_call_failed', call: 'openWindow', detail: 'a mistake' });
  });

  test.each([
    ['text that is no JSON', '{'],
    ['JSON that is no call', '[1]'],
    ['an id that is none', '{"id":-1,"call":"getSettings"}'],
    ['bytes', Buffer.from([1, 2, 3])],
  ])('that is %s closes the socket with 1008', async (_what, data) => {
    const client = await openWindow();
    client.send(data);
    expect(await closeCode(client)).toBe(1008);
  });

  test('that exceeds the maximum frame size closes the socket with 1009', async () => {
    const client = await openWindow();
    client.send('x'.repeat(MAX_FRAME_BYTES + 1));
    expect(await closeCode(client)).toBe(1009);
  });

  test('waits if many arrive at the same time; all are answered in order', async () => {
    const release: (() => void)[] = [];
    let max = 0;
    let running = 0;
    vi.spyOn(handlers, 'getRecordingUrl').mockImplementation(async () => {
      max = Math.max(max, ++running);
      await new Promise<void>((resolve) => release.push(resolve));
      running--;
      return { url: `recordings/${'s'.repeat(43)}/a.wav` };
    });
    const client = await openWindow();
    const ids: (number | undefined)[] = [];
    const count = MAX_PENDING_CALLS * 3;
    const all = new Promise<void>((resolve) => {
      client.on('message', (data) => {
        ids.push(JSON.parse(String(data)).id);
        if (ids.length === count) resolve();
      });
    });
    for (let id = 0; id < count; id++) call(client, id, 'getRecordingUrl', { id: 'a' });
    for (let i = 0; i < count; i++) {
      await vi.waitFor(() => expect(release.length).toBeGreaterThan(0));
      release.shift()?.();
    }
    await all;
    expect(ids).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(max).toBe(MAX_PENDING_CALLS);
  });
});

test('H66 the address of the voice server is sent to a tab without the secret, in answers and events', async () => {
  const client = await openWindow();
  const address = { url: 'ws://127.0.0.1:1/ws/voice', token, accepting: true };
  bridge.notify('onVoiceAddress', address);
  expect(await next(client)).toEqual({ event: 'onVoiceAddress', payload: { ...address, token: '' } });
  call(client, 1, 'getVoiceAddress');
  expect(await next(client)).toEqual({ id: 1, answer: { ok: true, value: { url: null, token: '', accepting: true } } });
});

/** A log record with a field of this many characters. */
const lineOf = (size: number) =>
  ({ seq: 1, time: 1, side: 'app', level: 'info', event: 'PRESS', fields: { doing: 'x'.repeat(size) } }) as const;

describe('an event', () => {
  test('is sent to every window', async () => {
    const [one, two] = await Promise.all([openWindow(), openWindow()]);
    const frames = Promise.all([next(one), next(two)]);
    bridge.notify('onSettings', DEFAULT_SETTINGS);
    for (const frame of await frames) expect(frame).toEqual({ event: 'onSettings', payload: DEFAULT_SETTINGS });
  });

  test('H40 a window that stopped reading is closed with 1013, and other windows are not affected', async () => {
    const [slow, other] = await Promise.all([openWindow(), openWindow()]);
    slow.pause();
    const record = lineOf(1_000_000);
    let received = 0;
    other.on('message', () => received++);
    // The system's socket buffers take some megabytes before ours grow.
    for (let i = 1; bridge.size === 2; i++) {
      bridge.notify('onLogRecords', [record]);
      await vi.waitFor(() => expect(received).toBe(i));
      if (i > 64 + MAX_BUFFERED_BYTES / 1_000_000) throw new Error('a window that does not read is still held');
    }
    expect(bridge.size).toBe(1);
    expect(other.readyState).toBe(WebSocket.OPEN);
  });
});

test('the unread large answers of all windows together are limited, and a window that reads gets its answer', async () => {
  const size = 15_000_000;
  const record = lineOf(size);
  vi.spyOn(handlers, 'getLogHistory').mockReturnValue([record]);
  const stalled = await Promise.all(Array.from({ length: 12 }, openWindow));
  for (const client of stalled) {
    client.pause();
    // The system's buffers take one. Two are within the limit of one window.
    call(client, 1, 'getLogHistory');
    call(client, 2, 'getLogHistory');
  }
  // Each open window has at least the second one buffered.
  const max = MAX_UNREAD_BYTES / size;
  await vi.waitFor(() => expect(bridge.size).toBeLessThanOrEqual(max), 10_000);
  expect(log).toHaveBeenCalledWith('WARNING', { type: 'window_not_reading', unread_mb: expect.any(Number) });
  const reader = await openWindow();
  call(reader, 3, 'getLogHistory');
  expect(await next(reader)).toMatchObject({ id: 3, answer: { ok: true } });
});

describe('H72 a compromised page', () => {
  test.each([
    ['a shortcut of 200 KB', 'changeSettings', { shortcut: 'x'.repeat(200_000) }],
    ['an id of 100 KB', 'getRecordingUrl', { id: 'x'.repeat(100_000) }],
    ['200 KB to a call without arguments', 'getSettings', 'x'.repeat(200_000)],
  ] as const)('that sends %s gets an answer without an effect', async (_title, name, args) => {
    const handler = vi.spyOn(handlers, name);
    const client = await openWindow();
    call(client, 1, name, args);
    expect(await next(client)).toMatchObject({ id: 1, answer: { ok: false, error: { code: 'bad_arguments' } } });
    expect(handler).not.toHaveBeenCalled();
  });

  test.each([
    ['20,000 values', `[${'1,'.repeat(20_000)}1]`],
    ['a thousand names', JSON.stringify(Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`n${n}`, n])))],
    ['60,000 levels of lists', '['.repeat(60_000) + ']'.repeat(60_000)],
    ['20,000 levels of objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['levels that never close', '['.repeat(60_000)],
  ])('that sends %s is closed with 1008, and other windows are answered', async (_title, args) => {
    const [client, other] = await Promise.all([openWindow(), openWindow()]);
    const code = closeCode(client);
    client.send(`{"id":1,"call":"appendLog","args":${args}}`);
    expect(await code).toBe(1008);
    call(other, 2, 'getSettings');
    expect(await next(other)).toMatchObject({ id: 2, answer: { ok: true } });
  });

  test('that requests 39 histories at the same time gets them one by one, each after it has read the one before', async () => {
    const record = lineOf(8_000_000);
    const getHistory = vi.spyOn(handlers, 'getLogHistory').mockReturnValue([record]);
    const client = await openWindow();
    client.pause();
    for (let id = 0; id < 39; id++) call(client, id, 'getLogHistory');
    call(client, 40, 'getSettings');
    // The system's buffers take one, and a part of the next.
    await vi.waitFor(() => expect(getHistory.mock.calls.length).toBeGreaterThan(0));
    const other = await openWindow();
    call(other, 1, 'getSettings');
    await next(other);
    expect(getHistory.mock.calls.length).toBeLessThan(4);
    const answered: number[] = [];
    const all = new Promise<void>((resolve) => {
      client.on('message', (data) => {
        answered.push(JSON.parse(String(data)).id);
        if (answered.length === 40) resolve();
      });
    });
    client.resume();
    await all;
    // The settings did not wait for all of them; calls above the rate limit are refused.
    expect(answered.at(-1)).not.toBe(40);
  }, 20_000);

  test('with many queued calls that each close the socket is closed once', async () => {
    let release = (): void => undefined;
    vi.spyOn(handlers, 'getRecordingUrl').mockImplementation(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { url: `recordings/${'s'.repeat(43)}/a.wav` };
    });
    const client = await openWindow();
    const code = closeCode(client);
    const names = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`n${n}`, 1]));
    for (let id = 0; id < MAX_PENDING_CALLS; id++) call(client, id, 'getRecordingUrl', { id: 'a' });
    for (let id = 100; id < 120; id++) call(client, id, 'changeSettings', names);
    await vi.waitFor(() => expect(handlers.getRecordingUrl).toHaveBeenCalledTimes(MAX_PENDING_CALLS));
    release();
    expect(await code).toBe(1008);
    expect(log.mock.calls.filter(([, fields]) => fields?.type === 'window_ended')).toHaveLength(1);
  });

  test('that exceeds the rate limit is refused, then closed with 1008', async () => {
    const settings = vi.spyOn(handlers, 'getSettings');
    const client = await openWindow();
    const code = closeCode(client);
    const codes = new Set<string>();
    client.on('message', (data) => codes.add(JSON.parse(String(data)).answer.error?.code ?? 'answered'));
    for (let id = 0; id < CALLS_BURST + 2 * MAX_REFUSED_CALLS; id++) call(client, id, 'getSettings');
    expect(await code).toBe(1008);
    expect([...codes]).toEqual(['answered', 'bridge_busy']);
    // Logged once, although more calls were queued.
    expect(log.mock.calls.filter(([, fields]) => fields?.type === 'window_ended')).toHaveLength(1);
    expect(settings.mock.calls.length).toBeLessThan(CALLS_BURST + MAX_REFUSED_CALLS);
  });
});

describe('closing', () => {
  test('the host closes every window with 1001 and refuses new ones', async () => {
    const client = await openWindow();
    const code = closeCode(client);
    await bridge.close();
    expect(await code).toBe(1001);
    expect(await refusal({})).toBe(503);
  });

  test('the host does not wait for a window that does not answer', async () => {
    const client = await openWindow();
    client.pause();
    await bridge.close();
    expect(bridge.size).toBe(0);
  });

  test('a window that does not answer a ping is closed at the next one; a window that answers stays', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const own = createBridgeSocket({
      host: new URL(origin).host,
      origin,
      proofs: createLaunchProofs(token),
      handlers,
      log,
    });
    web.serve({ request: (_request, response) => response.end(), upgrade: own.upgrade });
    const [gone, here] = await Promise.all([openWindow(), openWindow()]);
    gone.pause();
    const pinged = once(here, 'ping');
    vi.advanceTimersByTime(PING_EVERY_MS);
    await pinged;
    // The pong was sent before this call, so its answer shows that the pong has arrived.
    call(here, 1, 'getSettings');
    await next(here);
    vi.advanceTimersByTime(PING_EVERY_MS);
    await vi.waitFor(() => expect(own.size).toBe(1));
    expect(here.readyState).toBe(WebSocket.OPEN);
    vi.useRealTimers();
    await own.close();
  });
});

test('H38 property: any input of a window is answered under its ID or closes only its socket, with 1008', async () => {
  const other = await openWindow();
  const names = fc.constantFrom(
    'getSettings',
    'changeSettings',
    'appendLog',
    'getRecordingUrl',
    '__proto__',
    'constructor',
    '',
  );
  const near = fc
    .record(
      { id: fc.oneof(fc.nat(), fc.jsonValue()), call: fc.oneof(names, fc.jsonValue()), args: fc.jsonValue() },
      { requiredKeys: [] },
    )
    .map((frame) => JSON.stringify(frame));
  let client = await openWindow();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 4, arbitrary: near }, fc.json(), fc.string({ unit: 'binary' })),
      async (text) => {
        const done = new AbortController();
        const { signal } = done;
        const ended = Promise.race([once(client, 'message', { signal }), once(client, 'close', { signal })]);
        client.send(text);
        const [what] = await ended;
        done.abort();
        if (typeof what === 'number') {
          expect(what).toBe(1008);
          client = await openWindow();
        } else {
          const { id, answer } = JSON.parse(String(what));
          expect(id).toBe(JSON.parse(text).id);
          expect(answer).toMatchObject({ ok: expect.any(Boolean) });
        }
      },
    ),
    { numRuns: 100 },
  );
  call(other, 1, 'getSettings');
  expect(await next(other)).toMatchObject({ id: 1, answer: { ok: true } });
  expect(log.mock.calls.filter(([event]) => event === 'ERROR')).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
