import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeAudioFrame, FULL_FRAME_BYTES } from '../../shared/audio-frame.ts';
import { composeText } from '../../shared/log-line.ts';
import { CLOSE } from '../../shared/protocol.ts';
import { MAX_TEXT } from '../../shared/sanitise.ts';
import { type Rig, reconnect, samplesOf, startRig, TestClient, watchRejections } from '../testing/voice-rig.ts';
import { LIMITS } from './limits.ts';

let rig: Rig;
watchRejections();

afterEach(async () => {
  await rig.stop();
  // No message of a peer causes an internal error or pollutes a prototype.
  expect(logged('ERROR')).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(rig.manager.sessions).toBe(0);
});

const logged = (event: string) => rig.logged.filter((entry) => entry.event === event).map(({ fields }) => fields);
const warned = () => logged('WARNING').map(({ type }) => type);
const isMark = (id: string | number) => typeof id === 'string' && id.startsWith('mark ');

/** The server's answers: error codes, states and pongs, except those of `untilHandled`. */
const answers = (client: TestClient) =>
  client.received.flatMap((m) => {
    if (m.event === 'error') return [m.code];
    if (m.event === 'voice_state') return [m.state];
    return m.event === 'pong' && !isMark(m.id) ? ['pong'] : [];
  });

/** The text as received: a lone surrogate becomes U+FFFD in UTF-8. */
const asSent = (text: string) => Buffer.from(text).toString();

let marks = 0;
/** Resolves when the server has handled everything that the client has sent so far. */
async function untilHandled(client: TestClient): Promise<void> {
  const id = `mark ${++marks}`;
  client.send({ event: 'ping', id, client_time: 0 });
  while (!client.received.some((m) => m.event === 'pong' && m.id === id)) await once(client.socket, 'message');
}

/** No limits, so one connection can send thousands of inputs. */
const UNLIMITED = { strikes: 1e9, inboundPerSecond: 1e9, inboundBurst: 1e9 };
const deep = (levels: number, open = '[', close = ']') => `${open.repeat(levels)}1${close.repeat(levels)}`;
const eventOf = (bytes: number) => `{"event":"${'x'.repeat(bytes - '{"event":""}'.length)}"}`;

describe('H38 a text frame', () => {
  /** A text and its answer; null for an unknown event. */
  const texts: ReadonlyArray<[what: string, text: string, answer: string | null]> = [
    ['nothing', '', 'bad_message'],
    ['a NUL', '\0', 'bad_message'],
    ['a byte order mark in front', '\ufeff{"event":"start"}', 'bad_message'],
    ['half an object', '{"event":"start"', 'bad_message'],
    ['an empty list', '[]', 'bad_message'],
    ['a list of messages', '[{"event":"start"}]', 'bad_message'],
    ['an empty object', '{}', 'bad_message'],
    ['null', 'null', 'bad_message'],
    ['a number out of range', '1e999', 'bad_message'],
    ['60,000 digits', '9'.repeat(60_000), 'bad_message'],
    ['an event of the wrong type', '{"event":{"toString":"start"}}', 'bad_message'],
    ['10,000 levels of lists', deep(10_000), 'bad_message'],
    ['5,000 levels of objects', deep(5_000, '{"event":', '}'), 'bad_message'],
    ['10,000 levels that never close', '['.repeat(10_000), 'bad_message'],
    ['10,000 levels in an unknown field', `{"event":"start","x":${deep(10_000)}}`, 'bad_message'],
    ['nine levels in an unknown field', `{"event":"start","x":${deep(8)}}`, 'bad_message'],
    ['eight levels in an unknown field', `{"event":"start","x":${deep(7)}}`, 'listening'],
    ['10,000 levels as an id', `{"event":"ping","id":${deep(10_000)},"client_time":1}`, 'bad_message'],
    ['an id out of range', '{"event":"ping","id":1e999,"client_time":1}', 'bad_message'],
    ['an id over 2^53', '{"event":"ping","id":9007199254740993,"client_time":1}', 'bad_message'],
    ['an id of 60,000 characters', `{"event":"ping","id":"${'x'.repeat(60_000)}","client_time":1}`, 'bad_message'],
    ['a time out of range', '{"event":"ping","id":1,"client_time":1e308}', 'bad_message'],
    [
      'a ready for another session',
      `{"event":"ready","session_id":"other","proof":"${'p'.repeat(43)}"}`,
      'bad_message',
    ],
    [
      'a ready with a line break',
      `{"event":"ready","session_id":"a\\r\\nb","proof":"${'p'.repeat(43)}"}`,
      'bad_message',
    ],
    ['a ready without a proof', '{"event":"ready","session_id":"a"}', 'bad_message'],
    [
      'a duplicate key, of which the last one counts',
      '{"event":"other","event":"ping","id":1,"client_time":1}',
      'pong',
    ],
    ['a lone surrogate as an id', '{"event":"ping","id":"\\ud800","client_time":1}', 'pong'],
    ['unknown fields', '{"event":"stop","__proto__":{"x":1},"constructor":[],"length":-1}', 'idle'],
    ['an inherited event', '{"__proto__":{"event":"start"}}', 'bad_message'],
    ['an event called __proto__', '{"event":"__proto__","__proto__":{"polluted":1}}', null],
    ['an event called constructor', '{"event":"constructor","prototype":{"polluted":1}}', null],
    ['an event in capitals', '{"event":"START"}', null],
    ['an event without a name', '{"event":""}', null],
    ['an event that is a lone surrogate', '{"event":"\\udc00"}', null],
    ['an event of the maximum message length', eventOf(LIMITS.payloadBytes), null],
  ];

  test.each(texts)('H38 of %s is answered or ignored, and the session continues', async (_, text, answer) => {
    rig = await startRig({ limits: UNLIMITED });
    const client = new TestClient(rig.url());
    await client.until('connected');
    client.send(text);
    await untilHandled(client);
    expect(answers(client)).toEqual(answer === null ? [] : [answer]);
    expect(warned()).toEqual(answer === null ? ['unknown_event'] : answer === 'bad_message' ? [answer] : []);
    client.send({ event: 'start' });
    await untilHandled(client);
    expect(answers(client).at(-1)).toBe('listening');
    client.socket.close(1000);
    await client.closed;
  });

  const names = fc.constantFrom('ready', 'start', 'stop', 'ping', 'connected', '__proto__', 'constructor', 'other');
  const fields = fc.constantFrom('session_id', 'id', 'client_time', 'state', '__proto__', 'constructor', 'event ');
  const nearMiss = fc
    .tuple(names, fc.dictionary(fields, fc.jsonValue()))
    .map(([event, rest]) => JSON.stringify({ ...rest, event }));
  const truncated = fc.tuple(nearMiss, fc.nat()).map(([text, at]) => text.slice(0, at % text.length));
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), nearMiss, truncated);

  /** How many answers a text may have, derived from the JSON alone, independent of the schemas. */
  function mayAnswer(text: string): [least: number, most: number] {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [1, 1];
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [1, 1];
    const event = Object.hasOwn(value, 'event') ? (value as { event: unknown }).event : null;
    if (typeof event !== 'string') return [1, 1];
    // A valid `ready` is the only message without an answer.
    if (event === 'ready') return [0, 1];
    return ['start', 'stop', 'ping'].includes(event) ? [1, 1] : [0, 0];
  }

  test('H38 property: of any text has one answer or is ignored; another session is not affected', async () => {
    rig = await startRig({ limits: UNLIMITED });
    const [hostile, honest] = [new TestClient(rig.url('hostile')), new TestClient(rig.url('honest'))];
    const [, id] = await Promise.all([hostile.until('connected'), honest.startTurn()]);
    let framesSent = 0;
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const before = answers(hostile).length;
        hostile.send(text);
        honest.sendFrame(framesSent++);
        await untilHandled(hostile);
        const [least, most] = mayAnswer(asSent(text));
        const count = answers(hostile).length - before;
        expect(count).toBeGreaterThanOrEqual(least);
        expect(count).toBeLessThanOrEqual(most);
      }),
      { numRuns: 1_000 },
    );
    await untilHandled(honest);
    expect(rig.turns.find((turn) => turn.sessionId === id)?.pcm).toEqual(samplesOf(0, framesSent - 1));
    expect(answers(honest)).toEqual(['listening']);
    // Unknown events are logged five times per session.
    expect(warned().filter((type) => type === 'unknown_event').length).toBeLessThanOrEqual(5);
    for (const client of [hostile, honest]) client.socket.close(1000);
    await Promise.all([hostile.closed, honest.closed]);
  });

  test('H38 property: three malformed ones close with 1008, whatever is in between; a fourth is ignored', async () => {
    rig = await startRig();
    const harmless = fc.array(fc.constantFrom('{"event":"other"}', '{"event":"stop"}', '{"event":"__proto__"}'), {
      maxLength: 5,
    });
    const malformed = anyText.filter((text) => {
      const [least] = mayAnswer(asSent(text));
      return least === 1 && !/"event":"(start|stop|ping)/.test(text);
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(harmless, malformed), { minLength: 4, maxLength: 4 }), async (parts) => {
        const client = new TestClient(rig.url());
        await client.until('connected');
        for (const [between, text] of parts) for (const one of [...between, text]) client.send(one);
        expect(await client.closed).toEqual({ code: CLOSE.policy, reason: 'too many malformed messages' });
        expect(answers(client).filter((answer) => answer !== 'idle')).toEqual(Array(3).fill('bad_message'));
      }),
      { numRuns: 50 },
    );
  });

  test('H38 strikes belong to the session: reconnecting does not reset them', async () => {
    rig = await startRig();
    const first = new TestClient(rig.url());
    const welcome = await first.until('connected');
    for (const text of ['[', ']']) first.send(text);
    await first.until('error', 2);
    first.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    const second = reconnect(rig, welcome);
    await second.until('connected');
    second.send('{');
    expect((await second.closed).code).toBe(CLOSE.policy);
  });
});

describe('H48 hostile text', () => {
  const unsafe =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must not be in the output
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\u{e0000}-\u{e007f}]/u;
  const piece = fc.oneof(
    fc.integer({ min: 0, max: 0x10_ffff }).map((point) => String.fromCodePoint(point)),
    fc.constantFrom('\r\n', '\0', '\u001b[2J', '\u202e', '\u2066', '\u2028', '\u{e0041}', '\ufeff', '\ud83d', '🔌'),
  );
  const hostileText = (maxLength: number) => fc.array(piece, { maxLength }).map((parts) => parts.join(''));
  /** The part of a text that fits into a close frame (RFC 6455 section 5.5). */
  function reasonOf(text: string): string {
    let reason = '';
    for (const char of asSent(text)) if (Buffer.byteLength(reason + char) <= 123) reason += char;
    return reason;
  }

  test('H48 property: in any message or close reason becomes one safe line in the log and in answers', async () => {
    rig = await startRig({ limits: UNLIMITED });
    await fc.assert(
      fc.asyncProperty(hostileText(400), async (text) => {
        const client = new TestClient(rig.url());
        await client.until('connected');
        for (const field of ['event', 'session_id', 'id', 'client_time', text]) {
          for (const event of [text, 'ready', 'ping', 'start'])
            client.send({ event, id: 1, client_time: 1, [field]: text });
        }
        client.send(text);
        await untilHandled(client);
        client.socket.close(1000, reasonOf(text));
        await client.closed;
        for (const message of client.received) {
          if (message.event !== 'error') continue;
          expect(message.message).not.toMatch(unsafe);
          expect(message.message.length).toBeLessThanOrEqual(MAX_TEXT);
        }
      }),
      { numRuns: 100 },
    );
    await vi.waitFor(() => expect(logged('WS_DISCONNECT')).toHaveLength(100));
    expect(new Set(warned())).toEqual(new Set(['unknown_event', 'bad_message']));
    for (const { event, fields } of rig.logged) {
      const line = composeText(event, fields);
      expect(line).not.toMatch(unsafe);
      expect(line.length).toBeLessThanOrEqual(MAX_TEXT);
    }
  });

  test('H48 in the error of a recording reaches the client as one safe line of at most 300 characters', async () => {
    const message = `/data/\u202efolder\r\n\u001b[2J${'x'.repeat(279)}🔌🔌🔌`;
    const failing = {
      write: () => true,
      gap: () => true,
      microphone: () => undefined,
      pause: () => undefined,
      finish: () => Promise.reject(new Error(message)),
    };
    rig = await startRig({ sink: { begin: () => failing } });
    const client = new TestClient(rig.url());
    await client.startTurn();
    client.send({ event: 'stop' });
    const error = await client.until('error');
    expect(error).toMatchObject({
      code: 'recording_failed',
      message: expect.stringMatching(/^\/data\/·folder···\[2Jx+…$/),
    });
    expect(error.message).not.toMatch(unsafe);
    expect(error.message.length).toBeLessThanOrEqual(MAX_TEXT);
  });
});

describe('H39 a binary frame', () => {
  const frame = encodeAudioFrame(0, 0, new Int16Array(320).fill(7));
  test.each([
    ['nothing', new Uint8Array()],
    ['a byte', frame.subarray(0, 1)],
    ['a header alone', frame.subarray(0, 8)],
    ['half a sample', frame.subarray(0, 9)],
    ['an odd length', frame.subarray(0, FULL_FRAME_BYTES - 1)],
    ['20 ms plus one sample', new Uint8Array(FULL_FRAME_BYTES + 2)],
    ['the maximum message length', new Uint8Array(LIMITS.payloadBytes)],
    ['a seq that skips more than a minute', encodeAudioFrame(3_010, 0, new Int16Array(320))],
    ['the highest possible seq', encodeAudioFrame(0xffff_ffff, 0, new Int16Array(320))],
  ])('H39 of %s is bad_audio and dropped, the turn continues, and the third closes with 1008', async (_, bytes) => {
    rig = await startRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    for (let i = 0; i < 2; i++) client.socket.send(bytes);
    client.socket.send(frame);
    await untilHandled(client);
    expect(answers(client)).toEqual(['listening', 'bad_audio', 'bad_audio']);
    expect(rig.turns).toMatchObject([{ pcm: Array(320).fill(7), gaps: [] }]);
    client.socket.send(bytes);
    expect((await client.closed).code).toBe(CLOSE.policy);
    await vi.waitFor(() => expect(rig.turns[0]?.finished).toBe(true));
    expect(rig.turns[0]?.pcm).toHaveLength(320);
  });

  test.each([
    ['before ready', false, 'not_ready'],
    ['while idle', true, 'not_listening'],
  ])('a pause %s is a strike, and the third closes with 1008', async (_, autoReady, code) => {
    rig = await startRig();
    const client = new TestClient(rig.url(), { autoReady });
    await client.until('connected');
    for (let i = 0; i < 3; i++) client.send({ event: 'pause', seq: 5, seconds: null });
    expect((await client.closed).code).toBe(CLOSE.policy);
    expect(answers(client)).toEqual([code, code, code]);
    expect(rig.turns).toEqual([]);
  });

  test.each([
    ['before ready', false, 'not_ready'],
    ['while idle', true, 'not_listening'],
  ])('H39 %s is dropped, and the third closes with 1008', async (_, autoReady, code) => {
    rig = await startRig();
    const client = new TestClient(rig.url(), { autoReady });
    await client.until('connected');
    for (let i = 0; i < 3; i++) client.socket.send(frame);
    expect((await client.closed).code).toBe(CLOSE.policy);
    expect(answers(client)).toEqual([code, code, code]);
    expect(rig.turns).toEqual([]);
  });

  test('H39 that skips a minute causes a gap; an older one is dropped, even at the highest seqs', async () => {
    rig = await startRig({ limits: { gapFrames: 0xffff_ffff, gapFirst: 0xffff_ffff } });
    const client = new TestClient(rig.url());
    await client.startTurn();
    for (const seq of [3_000, 5, 3_000, 3_001, 0xffff_fffe, 0xffff_ffff, 0, 1, 0xffff_ffff]) {
      client.sendFrame(seq, Int16Array.of(seq % 1_000));
    }
    await untilHandled(client);
    expect(answers(client)).toEqual(['listening']);
    expect(rig.turns[0]?.pcm).toEqual([0, 1, 0xffff_fffe % 1_000, 0xffff_ffff % 1_000]);
    expect(rig.turns[0]?.gaps).toEqual([3_000 * 320, (0xffff_fffe - 3_002) * 320]);
    expect(rig.measured.filter(([metric]) => metric === 'duplicates')).toHaveLength(5);
    client.send({ event: 'stop' });
    await untilHandled(client);
    expect(client.received.findLast((m) => m.event === 'audio_ack')).toMatchObject({ through: 0xffff_ffff });
    client.socket.close(1000);
    await client.closed;
  });

  test('H39 that skips a minute, repeatedly: no recording grows faster than three times real time', async () => {
    rig = await startRig({ monotonicNow: () => 0, limits: { gapFirst: 3_000 } });
    const client = new TestClient(rig.url());
    await client.startTurn();
    for (const seq of [3_000, 6_001, 3_001, 6_002, 3_002, 6_003]) client.sendFrame(seq, Int16Array.of(seq));
    expect((await client.closed).code).toBe(CLOSE.policy);
    expect(answers(client)).toEqual(['listening', 'bad_audio', 'bad_audio', 'bad_audio']);
    expect(rig.turns).toMatchObject([{ pcm: [3_000, 3_001, 3_002], gaps: [3_000 * 320] }]);
  });

  test('H39 that skips a minute in many new sessions: each records at most a second of silence', async () => {
    rig = await startRig();
    for (let i = 0; i < 5; i++) {
      const client = new TestClient(rig.url());
      await client.startTurn();
      client.sendFrame(3_000);
      await untilHandled(client);
      expect(answers(client)).toEqual(['listening', 'bad_audio']);
      client.socket.close(1000);
      await client.closed;
    }
    expect(rig.turns.map(({ gaps, pcm }) => [gaps, pcm])).toEqual(Array(5).fill([[], []]));
  });

  test('H39 property: captured_ms has no effect on recording, answers and log, even if it goes back', async () => {
    rig = await startRig({ limits: UNLIMITED });
    const resultOf = async (times: number[]) => {
      const client = new TestClient(rig.url());
      const id = await client.startTurn();
      for (const [seq, ms] of times.entries()) {
        client.socket.send(encodeAudioFrame(seq, ms, new Int16Array(320).fill(seq)));
      }
      client.send({ event: 'stop' });
      await untilHandled(client);
      client.socket.close(1000);
      await client.closed;
      const { pcm, gaps } = rig.turns.at(-1) ?? { pcm: [], gaps: [] };
      const lines = rig.logged.filter(({ event, fields }) => event.startsWith('AUDIO') && fields.session === id);
      return { pcm, gaps, answers: answers(client), lines: lines.map(({ fields: { session: _, ...rest } }) => rest) };
    };
    const ms = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 20, 0x7fff_ffff, 0xffff_ffff));
    await fc.assert(
      fc.asyncProperty(fc.array(ms, { minLength: 1, maxLength: 30 }), async (times) => {
        expect(await resultOf(times)).toEqual(await resultOf(times.map((_, seq) => seq * 20)));
      }),
      { numRuns: 20 },
    );
  });
});

describe('H39 faster than real time', () => {
  /** A rig with a manual clock, which counts the audio of turns without storing it. */
  async function timedRig(): Promise<{ clock: { ms: number }; taken: { frames: number; bytes: number } }> {
    const clock = { ms: 0 };
    const taken = { frames: 0, bytes: 0 };
    const count = {
      write: (pcm: Uint8Array) => {
        taken.frames += 1;
        taken.bytes += pcm.byteLength;
        return true;
      },
      gap: () => true,
      microphone: () => undefined,
      pause: () => undefined,
      finish: async () => null,
    };
    rig = await startRig({ monotonicNow: () => clock.ms, sink: { begin: () => count } });
    return { clock, taken };
  }
  const floods = () => logged('WARNING').filter(({ type }) => type === 'flood').length;
  const FLOODED = { code: CLOSE.policy, reason: 'too much at once' };

  test('H39 three times real time is never refused, however long it lasts', async () => {
    const { clock, taken } = await timedRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    let seq = 0;
    // Use up the burst first, so only the rate is tested: for two minutes.
    client.sendFrames(0, LIMITS.inboundBurst - 101);
    seq += LIMITS.inboundBurst - 100;
    await untilHandled(client);
    for (let second = 0; second < 120; second++) {
      clock.ms += 1_000;
      // The ping of `untilHandled` counts as well.
      client.sendFrames(seq, seq + LIMITS.inboundPerSecond - 2);
      seq += LIMITS.inboundPerSecond - 1;
      await untilHandled(client);
    }
    expect([taken.frames, taken.bytes]).toEqual([seq, seq * 640]);
    expect(floods()).toBe(0);
    client.socket.close(1000);
    await client.closed;
  });

  test('H39 ten times real time is closed with 1008 after a bounded number of frames, with one log line', async () => {
    const { clock, taken } = await timedRig();
    const client = new TestClient(rig.url());
    await client.startTurn();
    let seconds = 0;
    for (let seq = 0; client.socket.readyState === client.socket.OPEN && seconds < 60; seq += 500) {
      client.sendFrames(seq, seq + 499);
      client.send({ event: 'ping', id: 'mark', client_time: 0 });
      await Promise.race([client.until('pong', seconds + 1), client.closed]);
      clock.ms += 1_000;
      seconds += 1;
    }
    expect(await client.closed).toEqual(FLOODED);
    expect(floods()).toBe(1);
    expect(taken.frames).toBeGreaterThan(LIMITS.inboundBurst);
    expect(taken.frames).toBeLessThanOrEqual(LIMITS.inboundBurst + LIMITS.inboundPerSecond * seconds);
    expect(seconds).toBeLessThanOrEqual(LIMITS.inboundBurst / (500 - LIMITS.inboundPerSecond) + 1);
  });

  test('H39 large messages and pings count as several frames, so they cannot bypass the limit', async () => {
    await timedRig();
    const texts = new TestClient(rig.url());
    await texts.until('connected');
    // 64 KiB count as 102 frames: 19 messages fit, the 20th does not.
    for (let i = 0; i < 20; i++) texts.send(eventOf(LIMITS.payloadBytes));
    expect(await texts.closed).toEqual(FLOODED);
    const pings = new TestClient(rig.url());
    await pings.until('connected');
    for (let i = 0; i < LIMITS.inboundBurst; i++) pings.send({ event: 'ping', id: i, client_time: 0 });
    expect(await pings.closed).toEqual(FLOODED);
    expect(floods()).toBe(2);
  });

  test('H39 30 s of buffered audio are accepted in one burst after each reconnect', async () => {
    const { clock, taken } = await timedRig();
    let client = new TestClient(rig.url());
    let welcome = await client.until('connected');
    await client.startTurn();
    let seq = 0;
    for (let outage = 1; outage <= 5; outage++) {
      client.sendFrames(seq, seq + 49);
      seq += 50;
      clock.ms += 1_000;
      await untilHandled(client);
      client.socket.terminate();
      await vi.waitFor(() => expect(logged('SESSION_LOST')).toHaveLength(outage));
      clock.ms += 29_900;
      client = reconnect(rig, welcome);
      welcome = await client.until('connected');
      expect(welcome).toMatchObject({ resumed: true, received_through: seq - 1 });
      client.sendFrames(seq, seq + 1_499);
      seq += 1_500;
      await untilHandled(client);
    }
    expect(taken.frames).toBe(seq);
    expect(floods()).toBe(0);
    client.socket.close(1000);
    await client.closed;
  });

  test('H39 reconnecting does not reset the rate limit', async () => {
    const { taken } = await timedRig();
    const first = new TestClient(rig.url());
    const welcome = await first.until('connected');
    await first.startTurn();
    first.sendFrames(0, LIMITS.inboundBurst - 101);
    await untilHandled(first);
    first.socket.terminate();
    await rig.untilLogged('SESSION_LOST');
    const second = reconnect(rig, welcome);
    await second.until('connected');
    second.sendFrames(LIMITS.inboundBurst - 100, LIMITS.inboundBurst + 99);
    expect(await second.closed).toEqual(FLOODED);
    expect(taken.frames).toBeGreaterThan(LIMITS.inboundBurst - 100);
    expect(taken.frames).toBeLessThanOrEqual(LIMITS.inboundBurst);
  });
});
