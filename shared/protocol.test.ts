import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClientMessage,
  type Parsed,
  parseClientMessage,
  parseRetryAfter,
  parseServerMessage,
  retryAfterReason,
  type ServerMessage,
} from './protocol.ts';

const AUDIO = { encoding: 'pcm_s16le', sample_rate: 16_000, channels: 1, frame_ms: 20 } as const;
const SERVER_MESSAGES: Record<ServerMessage['event'], ServerMessage> = {
  connected: {
    event: 'connected',
    session_id: 's-1',
    user_id: 'ada',
    protocol: 'voice.v1',
    proof: 'p'.repeat(43),
    challenge: 'c'.repeat(22),
    attempt: 1,
    resumed: false,
    resume_token: 'r',
    received_through: -1,
    heartbeat_ms: 15_000,
    resume_window_ms: 0,
    audio: AUDIO,
  },
  voice_state: { event: 'voice_state', session_id: 's-1', state: 'listening' },
  audio_ack: { event: 'audio_ack', session_id: 's-1', through: -1 },
  pong: { event: 'pong', id: 'p', client_time: 1.5, server_time: 2 },
  error: { event: 'error', session_id: 's-1', code: 'bad_audio', message: 'No.', retryable: false },
};
const CLIENT_MESSAGES: Record<ClientMessage['event'], ClientMessage> = {
  ready: { event: 'ready', session_id: 's-1', proof: 'p'.repeat(43) },
  start: { event: 'start' },
  stop: { event: 'stop' },
  microphone: { event: 'microphone', seq: 7, label: 'Desk', status: 'muted', instead_of: null },
  pause: { event: 'pause', seq: 7, seconds: 2.5 },
  ping: { event: 'ping', id: 0, client_time: 1 },
};

/** @param sessionId as it appears in JSON */
const readyWith = (sessionId: string, proof = 'p'.repeat(43)) =>
  `{"event":"ready","session_id":"${sessionId}","proof":"${proof}"}`;

type Parser = (text: string) => Parsed<ServerMessage | ClientMessage>;
/** Every kind of message, with its parser. */
const ALL: Array<[string, Parser, Record<string, unknown>]> = [
  ...Object.values(SERVER_MESSAGES).map((m): [string, Parser, typeof m] => [m.event, parseServerMessage, m]),
  ...Object.values(CLIENT_MESSAGES).map((m): [string, Parser, typeof m] => [m.event, parseClientMessage, m]),
];

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const int = (min: number): fc.Arbitrary<number> => fc.integer({ min, max: Number.MAX_SAFE_INTEGER });
const time = fc.double({ min: 0, max: 8.64e15, noNaN: true }).map((t) => t + 0);
const pingId = fc.oneof(fc.string({ maxLength: 64 }), int(0));
const anyServerMessage: fc.Arbitrary<ServerMessage> = fc.oneof(
  fc.record({
    event: fc.constant('connected' as const),
    session_id: id,
    user_id: id,
    protocol: fc.constant('voice.v1' as const),
    proof: fc.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    challenge: fc.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    attempt: fc.integer({ min: 1, max: 3 }),
    resumed: fc.boolean(),
    resume_token: fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/),
    received_through: int(-1),
    heartbeat_ms: int(1),
    resume_window_ms: int(0),
    audio: fc.constant(AUDIO),
  }),
  fc.record({
    event: fc.constant('voice_state' as const),
    session_id: id,
    state: fc.constantFrom('idle' as const, 'listening' as const),
  }),
  fc.record({ event: fc.constant('audio_ack' as const), session_id: id, through: int(-1) }),
  fc.record({ event: fc.constant('pong' as const), id: pingId, client_time: time, server_time: time }),
  fc.record({
    event: fc.constant('error' as const),
    session_id: id,
    code: fc.string({ maxLength: 64 }),
    message: fc.string({ maxLength: 300, unit: 'binary' }),
    retryable: fc.boolean(),
  }),
);
const anyClientMessage: fc.Arbitrary<ClientMessage> = fc.oneof(
  fc.record({ event: fc.constant('ready' as const), session_id: id, proof: fc.stringMatching(/^[A-Za-z0-9_-]{43}$/) }),
  fc.record({ event: fc.constantFrom('start' as const, 'stop' as const) }),
  fc.record({ event: fc.constant('ping' as const), id: pingId, client_time: time }),
);

describe('messages between both sides', () => {
  test.each(ALL)('%s is parsed unchanged', (_event, parse, message) => {
    expect(parse(JSON.stringify(message))).toEqual({ kind: 'message', message });
  });

  test('any message of the server is parsed unchanged', () => {
    fc.assert(
      fc.property(anyServerMessage, (message) => {
        // Serialise once, because -0 becomes 0 in JSON.
        const sent: unknown = JSON.parse(JSON.stringify(message));
        expect(parseServerMessage(JSON.stringify(message))).toEqual({ kind: 'message', message: sent });
      }),
    );
  });

  test('any message of a client is parsed unchanged', () => {
    fc.assert(
      fc.property(anyClientMessage, (message) => {
        const sent: unknown = JSON.parse(JSON.stringify(message));
        expect(parseClientMessage(JSON.stringify(message))).toEqual({ kind: 'message', message: sent });
      }),
    );
  });
});

describe('H38 malformed messages', () => {
  test.each(ALL)('%s: each field is required and typed, and the error names it', (event, parse, message) => {
    for (const field of Object.keys(message).filter((key) => key !== 'event')) {
      const { [field]: _left, ...without } = message;
      // `instead_of` may be null: the chosen microphone is used. `seconds` too: the turn is still paused.
      const empty = field === 'instead_of' || field === 'seconds' ? [] : [{ ...message, [field]: null }];
      for (const wrong of [without, ...empty, { ...message, [field]: [{}] }]) {
        const parsed = parse(JSON.stringify(wrong));
        expect(parsed).toMatchObject({ kind: 'malformed', event });
        expect(parsed.kind === 'malformed' && parsed.reason).toMatch(new RegExp(`^${field}\\b`));
      }
    }
  });

  test.each([
    ['an attempt 0', { ...SERVER_MESSAGES.connected, attempt: 0 }],
    ['an attempt 4', { ...SERVER_MESSAGES.connected, attempt: 4 }],
    ['half an attempt', { ...SERVER_MESSAGES.connected, attempt: 1.5 }],
    ['another protocol', { ...SERVER_MESSAGES.connected, protocol: 'voice.v2' }],
    ['another sample rate', { ...SERVER_MESSAGES.connected, audio: { ...AUDIO, sample_rate: 48_000 } }],
    ['two channels', { ...SERVER_MESSAGES.connected, audio: { ...AUDIO, channels: 2 } }],
    ['another encoding', { ...SERVER_MESSAGES.connected, audio: { ...AUDIO, encoding: 'opus' } }],
    ['frames of 10 ms', { ...SERVER_MESSAGES.connected, audio: { ...AUDIO, frame_ms: 10 } }],
    ['received_through -2', { ...SERVER_MESSAGES.connected, received_through: -2 }],
    ['a heartbeat of 0 ms', { ...SERVER_MESSAGES.connected, heartbeat_ms: 0 }],
    ['a negative resume window', { ...SERVER_MESSAGES.connected, resume_window_ms: -1 }],
    ['a user_id with a line break', { ...SERVER_MESSAGES.connected, user_id: 'a\nb' }],
    ['a session_id of 65 characters', { ...SERVER_MESSAGES.connected, session_id: 'a'.repeat(65) }],
    ['an empty session_id', { ...SERVER_MESSAGES.connected, session_id: '' }],
    ['a third voice state', { ...SERVER_MESSAGES.voice_state, state: 'starting' }],
    ['an acknowledgement below -1', { ...SERVER_MESSAGES.audio_ack, through: -2 }],
    ['an acknowledgement between two frames', { ...SERVER_MESSAGES.audio_ack, through: 0.5 }],
    ['an acknowledgement over 2^53', { ...SERVER_MESSAGES.audio_ack, through: 2 ** 53 }],
    ['an error text over 300 characters', { ...SERVER_MESSAGES.error, message: 'x'.repeat(301) }],
  ])('%s from the server', (_title, message) => {
    expect(parseServerMessage(JSON.stringify(message)).kind).toBe('malformed');
  });

  test.each([
    ['ready with a session_id that breaks the line', readyWith('a\\r\\nb')],
    ['ready with a session_id with a NUL', readyWith('a\\u0000')],
    ['ready without a proof', '{"event":"ready","session_id":"s-1"}'],
    ['ready with a proof that is cut short', readyWith('s-1', 'p'.repeat(42))],
    ['a ping with a negative id', '{"event":"ping","id":-1,"client_time":1}'],
    ['a ping with an id of 65 characters', `{"event":"ping","id":"${'p'.repeat(65)}","client_time":1}`],
    ['a ping before 1970', '{"event":"ping","id":1,"client_time":-1}'],
    ['a ping at a time that no date holds', '{"event":"ping","id":1,"client_time":8.65e15}'],
    ['a ping at a time beyond all numbers', '{"event":"ping","id":1,"client_time":1e999}'],
    ['a ping with an id beyond all numbers', '{"event":"ping","id":1e999,"client_time":1}'],
  ])('%s', (_title, text) => {
    expect(parseClientMessage(text).kind).toBe('malformed');
  });

  test.each([
    ['nothing', ''],
    ['half an object', '{"event":"start"'],
    ['two objects', '{"event":"start"}{"event":"stop"}'],
    ['words', 'start'],
    ['a NUL', '\0'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"start"'],
    ['a list', '[{"event":"start"}]'],
    ['an empty object', '{}'],
    ['an event that is a number', '{"event":1}'],
    ['an event that is null', '{"event":null}'],
    ['an event that is a list', '{"event":["start"]}'],
    ['an event that is inherited', '{"__proto__":{"event":"start"}}'],
  ])('%s is malformed, without an event name', (_title, text) => {
    for (const parse of [parseClientMessage, parseServerMessage]) {
      expect(parse(text)).toMatchObject({ kind: 'malformed', event: null, reason: expect.stringMatching(/./) });
    }
  });

  test.each(['[', '{"a":', '{"event":'])('30,000 times %j is malformed, without a crash', (open) => {
    expect(parseClientMessage(open.repeat(30_000)).kind).toBe('malformed');
    const closed = `${open.repeat(30_000)}1${(open === '[' ? ']' : '}').repeat(30_000)}`;
    expect(parseServerMessage(closed).kind).toBe('malformed');
  });
});

describe('unknown events', () => {
  test.each([
    'constructor',
    'toString',
    'hasOwnProperty',
    '__proto__',
    'prototype',
    '',
    'START',
    'start ',
    'start\0',
    'x'.repeat(60_000),
  ])('%j is unknown on both sides, not malformed', (event) => {
    const text = JSON.stringify({ event });
    expect(parseClientMessage(text)).toEqual({ kind: 'unknown', event });
    expect(parseServerMessage(text)).toEqual({ kind: 'unknown', event });
  });

  test('neither side accepts the other’s messages', () => {
    for (const message of Object.values(SERVER_MESSAGES)) {
      expect(parseClientMessage(JSON.stringify(message))).toEqual({ kind: 'unknown', event: message.event });
    }
    for (const message of Object.values(CLIENT_MESSAGES)) {
      expect(parseServerMessage(JSON.stringify(message))).toEqual({ kind: 'unknown', event: message.event });
    }
  });
});

describe('H38 prototype keys', () => {
  test.each(ALL)('%s with prototype keys is parsed without them', (_event, parse, message) => {
    const polluting = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"extra":[],${JSON.stringify(message).slice(1)}`;
    const parsed = parse(polluting);
    expect(parsed).toEqual({ kind: 'message', message });
    expect(parsed.kind === 'message' && Object.keys(parsed.message).sort()).toEqual(Object.keys(message).sort());
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test('H38 any text is classified without throwing, and accepted messages are valid', () => {
  const names = fc.constantFrom(...ALL.map(([event]) => event), '__proto__', 'constructor', 'other');
  const nearMiss = fc
    .tuple(names, fc.dictionary(fc.constantFrom('session_id', 'id', 'client_time', 'state', 'x'), fc.jsonValue()))
    .map(([event, rest]) => JSON.stringify({ ...rest, event }));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), nearMiss), (text) => {
      for (const parse of [parseClientMessage, parseServerMessage] as Parser[]) {
        const parsed = parse(text);
        if (parsed.kind === 'message') {
          expect(parse(JSON.stringify(parsed.message))).toEqual(parsed);
        } else if (parsed.kind === 'malformed') {
          expect(parsed.reason).not.toBe('');
        } else {
          expect(ALL.filter(([, known]) => known === parse).map(([event]) => event)).not.toContain(parsed.event);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

describe('the delay in a 1013 close reason', () => {
  test('is written and read back, at most 60 s of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (ms) => {
        const reason = retryAfterReason(ms);
        // RFC 6455 section 5.5: a close frame's reason has at most 123 bytes.
        expect(reason).toMatch(/^[\x20-\x7e]{1,123}$/);
        expect(parseRetryAfter(reason)).toBe(Math.min(ms, 60_000));
      }),
    );
    expect(retryAfterReason(1_999.6)).toBe('retry_after_ms=2000');
  });

  test('property: for any reason it is null or an integer of ms up to 60 s', () => {
    const near = fc
      .tuple(fc.constantFrom('retry_after_ms=', 'retry_after_ms'), fc.string())
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (reason) => {
        const ms = parseRetryAfter(reason);
        if (ms === null) return;
        expect(Number.isInteger(ms) && ms >= 0 && ms <= 60_000).toBe(true);
        expect(parseRetryAfter(retryAfterReason(ms))).toBe(ms);
      }),
    );
  });

  test.each([
    '',
    'retry_after_ms=',
    'retry_after_ms=-1',
    'retry_after_ms=1.5',
    'retry_after_ms=1e3',
    'retry_after_ms=1\n',
    ' retry_after_ms=1',
    'RETRY_AFTER_MS=1',
    'retry_after_ms=1 please',
    'retry_after_ms=１',
    `retry_after_ms=${'9'.repeat(100)}`,
    '__proto__',
  ])('%j contains no delay', (reason) => {
    expect(parseRetryAfter(reason)).toBeNull();
  });
});
