import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { VoiceAddress } from '../../shared/bridge.ts';
import { createClientProof } from '../../shared/client-proof.ts';
import { CLOSE, type ConnectedMessage, type ServerMessage } from '../../shared/protocol.ts';
import { FakeVoiceSocket, ORIGIN, TOKEN } from '../testing/fake-voice-socket.ts';
import type { EndpointStore } from './endpoint.ts';
import { type Credentials, fieldsOf, openVoiceLink } from './voice-link.ts';

const RESUME_TOKEN = 'resume-secret-of-s1';
const ADDRESS: VoiceAddress = { url: 'ws://127.0.0.1:4001/ws/voice', token: TOKEN, accepting: true };
const NEW_ADDRESS: VoiceAddress = { ...ADDRESS, url: 'ws://127.0.0.1:4002/ws/voice' };
const NO_ADDRESS: VoiceAddress = { ...ADDRESS, url: null, accepting: false };

const lines: Array<[string, Record<string, unknown>]> = [];
const received: string[] = [];
const sockets: FakeVoiceSocket[] = [];

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeVoiceSocket);
  lines.length = received.length = sockets.length = 0;
});
afterEach(() => {
  const written = JSON.stringify([lines, sockets.map(({ url }) => url)]);
  expect(written).not.toContain(TOKEN);
  expect(written).not.toContain(RESUME_TOKEN);
  vi.unstubAllGlobals();
});

/** An endpoint store whose answers are controlled by the test. */
class FakeEndpointStore implements EndpointStore {
  requests = 0;
  #answers: Array<(address: VoiceAddress | null) => void> = [];
  constructor(public latest: VoiceAddress | null) {}
  refresh(): Promise<VoiceAddress | null> {
    this.requests += 1;
    return new Promise((resolve) => {
      this.#answers.push(resolve);
    });
  }
  /** Answers all pending requests. */
  async answer(address: VoiceAddress | null): Promise<void> {
    this.latest = address;
    for (const resolve of this.#answers.splice(0)) resolve(address);
    await settle();
  }
  dispose(): void {}
}

/** Whether the browser sends too many cookies. */
let cookies = false;
afterEach(() => {
  cookies = false;
});

/** Waits for pending microtasks. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function open(latest: VoiceAddress | null, resume: Credentials | null = null, makes = true) {
  const endpoints = new FakeEndpointStore(latest);
  const link = openVoiceLink({
    address: endpoints,
    origin: ORIGIN,
    userId: 'ada',
    resume,
    createSocket(url, protocols) {
      if (!makes) throw new DOMException(`The subprotocol 'token.${TOKEN}' is invalid.`, 'SyntaxError');
      const socket = new FakeVoiceSocket(url, protocols);
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    hasTooManyCookies: async () => cookies,
    log: (event, fields = {}) => lines.push([event, fields]),
    events: {
      onMessage: ({ event }) => received.push(event),
      onUnproven: () => received.push('unproven'),
      onClose: (code, reason) => received.push(`close ${code} ${reason}`.trim()),
      onFull: () => received.push('full'),
      onTooManyCookies: () => received.push('too many cookies'),
    },
  });
  return { endpoints, link };
}

function socket(): FakeVoiceSocket {
  const found = sockets.at(-1);
  if (found === undefined) throw new Error('no socket');
  return found;
}

describe('a known address', () => {
  test('is connected to in the same tick, without asking the host', () => {
    const { endpoints, link } = open(ADDRESS);
    expect(socket().url).toBe(`${ADDRESS.url}?user_id=ada`);
    expect(socket().protocols).toEqual(socket().offerOf(TOKEN));
    expect([link.socket === null, endpoints.requests]).toEqual([false, 0]);
    expect(lines).toEqual([['WS_CONNECTING', { url: `${ADDRESS.url}?user_id=ada` }]]);
  });

  test('with a session to resume: its id in the URL, the proof of its token as third subprotocol and nowhere else', () => {
    open(ADDRESS, { sessionId: 's1', token: RESUME_TOKEN });
    expect(socket().url).toBe(`${ADDRESS.url}?user_id=ada&session_id=s1`);
    expect(socket().protocols).toEqual(socket().offerOf(TOKEN, RESUME_TOKEN));
  });

  test('H66 the answer to the welcome’s challenge is available with the welcome, and not before', () => {
    const { link } = open(ADDRESS);
    socket().open();
    expect(link.answer).toBe('');
    socket().welcome('s1').welcome('s1', 2);
    expect(link.answer).toBe(socket().answerOf(TOKEN));
  });

  test('messages are delivered, and the end once', () => {
    const { link } = open(ADDRESS);
    socket().open().welcome('s1').answer('listening').end(1011, 'oops').end(1006);
    expect(received).toEqual(['connected', 'voice_state', 'close 1011 oops']);
    expect(link.socket).toBeNull();
  });
});

describe('an unknown address', () => {
  test.each([
    ['at all', null],
    ['because the server is down', NO_ADDRESS],
  ])('%s: requested from the host, and used as soon as the host has answered', async (_title, latest) => {
    const { endpoints, link } = open(latest, { sessionId: 's1', token: RESUME_TOKEN });
    expect([endpoints.requests, sockets.length, link.socket]).toEqual([1, 0, null]);
    await endpoints.answer(ADDRESS);
    expect(socket().url).toBe(`${ADDRESS.url}?user_id=ada&session_id=s1`);
    expect(socket().protocols).toEqual(socket().offerOf(TOKEN, RESUME_TOKEN));
    socket().open().welcome('s1');
    expect(received).toEqual(['connected']);
  });

  test.each([
    ['the host does not answer', null],
    ['the server is still down', NO_ADDRESS],
  ])('%s: the connection is lost, and the log says why', async (_title, answer) => {
    const { endpoints } = open(null);
    await endpoints.answer(answer);
    expect(received).toEqual(['close 1006']);
    expect(lines).toEqual([['WARNING', { type: 'no_voice_server' }]]);
  });

  test('abandoned while it is requested: no socket is created, and no event follows', async () => {
    const { endpoints, link } = open(null);
    link.abandon(CLOSE.welcomeUnacknowledged);
    await endpoints.answer(ADDRESS);
    expect([sockets, received, lines]).toEqual([[], [], []]);
  });

  test('closed while it is requested: done, asynchronously and once, and no socket is created', async () => {
    const { endpoints, link } = open(null);
    link.close(CLOSE.done);
    expect(received).toEqual([]);
    await settle();
    expect(received).toEqual(['close 1000']);
    await endpoints.answer(ADDRESS);
    link.close(CLOSE.done);
    await settle();
    expect([sockets, received]).toEqual([[], ['close 1000']]);
  });

  test('closed and then abandoned: no event follows', async () => {
    const { endpoints, link } = open(null);
    link.close(CLOSE.done);
    link.abandon(CLOSE.done);
    await endpoints.answer(ADDRESS);
    expect([sockets, received]).toEqual([[], []]);
  });

  test('closed while the answer is in flight: no orphaned socket is created', async () => {
    const { endpoints, link } = open(null);
    const answered = endpoints.answer(ADDRESS);
    link.close(CLOSE.done);
    await answered;
    expect([sockets, received]).toEqual([[], ['close 1000']]);
  });
});

describe('a requested end', () => {
  test('close: the handshake, during which events are delivered', () => {
    const { link } = open(ADDRESS);
    socket().open().welcome('s1');
    link.close(CLOSE.done);
    expect([socket().closes, received]).toEqual([[1000], ['connected']]);
    socket().end(1000);
    expect(received).toEqual(['connected', 'close 1000']);
  });

  test('abandon: closed with its code, and its events are ignored', async () => {
    const { endpoints, link } = open(ADDRESS);
    const { onclose, onmessage } = socket();
    expect([onclose, onmessage]).not.toContain(null);
    link.abandon(CLOSE.protocolError);
    expect([socket().closes, link.socket]).toEqual([[4400], null]);
    expect([socket().onclose, socket().onmessage]).toEqual([null, null]);
    // An end that was already in the browser's queue.
    onclose?.({ code: 1006, reason: '' });
    await endpoints.answer({ ...ADDRESS, accepting: false });
    expect(received).not.toContain('close 1006');
  });
});

describe('H66 the peer must prove that it is Earshot', () => {
  /** Messages of a peer that knows everything except the secret. */
  const impostor = (secret = 'another secret') => {
    socket().secret = secret;
    return socket().open();
  };

  test.each<[string, () => void]>([
    ['a welcome under another secret', () => impostor().welcome('s1')],
    [
      'a welcome whose proof is of another session',
      () => impostor().receive(welcomeWith(socket().proofOf(TOKEN, 's2'))),
    ],
    [
      'a welcome with the client’s own proof',
      () => impostor().receive(welcomeWith(socket().protocols[1]?.split('.')[2] ?? '')),
    ],
    ['a welcome without a proof', () => impostor().receive({ ...welcomeWith(''), proof: undefined } as never)],
    ['a valid proof of an earlier connection', () => impostor().receive(welcomeWith(earlierProof()))],
    ['another message first', () => impostor().answer('listening')],
    ['an acknowledgement first', () => impostor().acknowledge(99)],
    ['an invalid message', () => void impostor().onmessage?.({ data: 'hello' })],
    ['a binary frame', () => void impostor().onmessage?.({ data: new ArrayBuffer(4) })],
  ])('%s: closed, reported once, and none of its messages is passed on', (_title, answers) => {
    const { link } = open(ADDRESS, { sessionId: 's1', token: RESUME_TOKEN });
    const { onmessage, onclose } = socket();
    answers();
    expect([received, socket().closes, link.socket]).toEqual([['unproven'], [CLOSE.protocolError], null]);
    // Further messages that were already in flight.
    onmessage?.({ data: JSON.stringify(welcomeWith(socket().proofOf(TOKEN, 's1'))) });
    onclose?.({ code: 1006, reason: '' });
    expect([received, socket().sent]).toEqual([['unproven'], []]);
  });

  test('each connection has its own nonce, and reveals neither secret', () => {
    for (let i = 0; i < 50; i++) open(ADDRESS, { sessionId: 's1', token: RESUME_TOKEN });
    const offers = sockets.map(({ protocols }) => protocols.join());
    expect(new Set(sockets.map(({ protocols }) => protocols[1]?.split('.')[1])).size).toBe(50);
    for (const secret of [TOKEN, RESUME_TOKEN]) expect(offers.join()).not.toContain(secret);
  });

  test.each([1000, 1001, 1008, 1009, 1013, 4408, 4409, 4410])(
    '%i before a proof counts as a lost connection',
    (code) => {
      open(ADDRESS, { sessionId: 's1', token: RESUME_TOKEN });
      socket().open().end(code, 'retry_after_ms=60000');
      expect([received, lines.at(-1)]).toEqual([['close 1006'], ['WS_DISCONNECT', { code }]]);
    },
  );

  test('4410 is trusted only with its proof', () => {
    open(ADDRESS, { sessionId: 's1', token: RESUME_TOKEN });
    socket().open().end(CLOSE.nothingToResume);
    expect(received).toEqual(['close 4410 nothing to resume']);
    received.length = 0;
    open(ADDRESS, { sessionId: 's1', token: RESUME_TOKEN });
    socket().secret = 'another secret';
    socket().open().end(CLOSE.nothingToResume);
    expect(received).toEqual(['close 1006']);
  });
});

/** A welcome to s1 with this proof. */
function welcomeWith(proof: string): ConnectedMessage {
  return {
    event: 'connected',
    session_id: 's1',
    user_id: 'ada',
    protocol: 'voice.v1',
    proof,
    challenge: 'c'.repeat(22),
    attempt: 1,
    resumed: true,
    resume_token: 'r',
    received_through: -1,
    heartbeat_ms: 15_000,
    resume_window_ms: 30_000,
    audio: { encoding: 'pcm_s16le', sample_rate: 16_000, channels: 1, frame_ms: 20 },
  };
}

/** The host's proof of an earlier connection. */
function earlierProof(): string {
  const url = socket().url;
  const { protocols } = createClientProof({ secret: TOKEN, url, origin: ORIGIN, protocol: 'voice.v1' });
  return new FakeVoiceSocket(url, protocols).proofOf(TOKEN, 's1');
}

describe('H27 a refused upgrade', () => {
  test.each<[string, VoiceAddress | null, string[]]>([
    ['is full', { ...ADDRESS, accepting: false }, ['full']],
    ['is full, at another address', { ...NEW_ADDRESS, accepting: false }, ['full']],
    ['has room', ADDRESS, []],
    ['has moved during the attempt', NEW_ADDRESS, []],
    ['is down', NO_ADDRESS, []],
    ['does not answer', null, []],
  ])('is reported as lost immediately; then the host is asked, and it %s', async (_title, answer, more) => {
    const { endpoints } = open(ADDRESS);
    socket().refuse();
    expect([received, endpoints.requests]).toEqual([['close 1006'], 1]);
    await endpoints.answer(answer);
    expect(received).toEqual(['close 1006', ...more]);
    expect(lines.slice(1)).toEqual([
      ['WS_ERROR', {}],
      ['WS_DISCONNECT', { code: 1006 }],
    ]);
  });

  test.each([
    ['has room', ADDRESS, ['too many cookies']],
    ['is full', { ...ADDRESS, accepting: false }, ['full']],
  ])('H69 of a browser that sends too many cookies, while the host %s', async (_title, answer, more) => {
    cookies = true;
    const { endpoints } = open(ADDRESS);
    socket().refuse();
    await endpoints.answer(answer);
    expect(received).toEqual(['close 1006', ...more]);
  });

  test('no reason is requested for an established connection', () => {
    const { endpoints } = open(ADDRESS);
    socket().open().end(1006);
    expect([received, endpoints.requests]).toEqual([['close 1006'], 0]);
  });

  test('a socket that the browser did not create: reported as lost asynchronously, without the browser’s message', async () => {
    const { endpoints, link } = open(ADDRESS, null, false);
    expect(received).toEqual([]);
    await settle();
    expect([received, endpoints.requests, link.socket]).toEqual([['close 1006'], 1, null]);
  });
});

describe('the log', () => {
  test('records the life of a socket, with the reason if there is one', () => {
    open(ADDRESS);
    socket().open().welcome('s1');
    socket().onmessage?.({ data: 'hello' });
    socket().end(1001, 'server going away');
    expect(lines.slice(1)).toEqual([
      ['WS_OPEN', {}],
      ['WARNING', { type: 'unreadable_message', detail: 'not JSON' }],
      ['WS_DISCONNECT', { code: 1001, reason: 'server going away' }],
    ]);
  });

  test.each<[ServerMessage, Record<string, unknown>]>([
    [
      { event: 'voice_state', session_id: 's1', state: 'idle' },
      { event: 'voice_state', session: 's1', state: 'idle' },
    ],
    [
      { event: 'audio_ack', session_id: 's1', through: 3 },
      { event: 'audio_ack', session: 's1' },
    ],
    [{ event: 'pong', id: 1, client_time: 0, server_time: 0 }, { event: 'pong' }],
  ])('of a message: what it is, and of which session', (message, fields) => {
    expect(fieldsOf(message)).toEqual(fields);
  });

  test('records a welcome with its attempt and what it resumes, but never its secret', () => {
    open(ADDRESS);
    let welcomed: ServerMessage | undefined;
    socket().onmessage = ({ data }) => {
      welcomed = JSON.parse(String(data)) as ServerMessage;
    };
    socket().open().welcome('s1', 2);
    expect(welcomed && fieldsOf(welcomed)).toEqual({ event: 'connected', session: 's1', attempt: 2 });
    socket().resume('s1', 41);
    expect(welcomed && fieldsOf(welcomed)).toEqual({
      event: 'connected',
      session: 's1',
      attempt: 1,
      resumed: true,
      received_through: 41,
    });
  });
});
