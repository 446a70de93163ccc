import { setImmediate as nextLoopIteration } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { binary, close, fragments, frame, OP, ping, pong, text } from '../../testing/websocket-frames.ts';
import { audio, RawPeer, voicePing } from '../testing/raw-peer.ts';
import { type Rig, startRig } from '../testing/voice-rig.ts';
import { LIMITS } from './limits.ts';

/**
 * Tests RFC 6455 section by section against the real server, with raw frames. The server answers a `ping` message with
 * `pong`, any other text with `error`, an audio frame with `audio_ack`, and any other binary message with `error`.
 */
let rig: Rig;
const unhandled = vi.fn();

beforeAll(async () => {
  process.on('unhandledRejection', unhandled);
  // Acknowledge every frame and effectively disable strikes.
  rig = await startRig({ limits: { ackFrames: 1, strikes: 1_000 } });
});
afterEach(() => {
  expect(rig.logged.filter(({ fields }) => fields.type === 'internal_error')).toEqual([]);
});
afterAll(async () => {
  await rig.stop();
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

/** The received frames as text: `pong 1`, `ack 0`, `error bad_audio`, `ws-pong <hex>`, `close 1000 <reason>`. */
function describeFrames(peer: RawPeer): string[] {
  return peer.received.map(({ opcode, payload }) => {
    if (opcode === OP.pong) return wsPong(payload);
    if (opcode === OP.close)
      return describeClose(payload.length < 2 ? 1005 : payload.readUInt16BE(0), payload.subarray(2));
    if (opcode !== OP.text) return `opcode ${opcode}`;
    const message = JSON.parse(payload.toString('utf8')) as Record<string, unknown>;
    if (message.event === 'pong') return `pong ${message.id}`;
    if (message.event === 'audio_ack') return `ack ${message.through}`;
    return `${message.event} ${message.code ?? message.state}`;
  });
}

function describeClose(code: number, reason: Uint8Array | string = ''): string {
  return reason.length === 0 ? `close ${code}` : `close ${code} ${reason}`;
}

const wsPong = (payload: Uint8Array | string) => `ws-pong ${Buffer.from(payload).toString('hex')}`;

type Delivery = 'in one write' | 'octet by octet';
const SENTINEL = Buffer.from('still here');
const ALIVE = wsPong(SENTINEL);

/**
 * Writes the bytes and returns all answers. If no close is expected, a final ping must be answered last. If a close is
 * expected, nothing may follow it and the server must end the TCP connection.
 */
async function answersTo(bytes: Uint8Array, expected: readonly string[], delivery: Delivery): Promise<string[]> {
  const peer = await RawPeer.connect(rig.port);
  try {
    if (delivery === 'in one write') peer.write(bytes);
    else await peer.writeOctets(bytes);
    if (expected.at(-1)?.startsWith('close')) {
      await peer.untilEnded();
      return describeFrames(peer);
    }
    await peer.until(() => peer.ended || peer.received.length >= expected.length);
    // Give a superfluous answer the time to arrive before the last one.
    await nextLoopIteration();
    peer.write(ping(SENTINEL));
    await peer.until(() => describeFrames(peer).at(-1) === ALIVE);
    return describeFrames(peer).slice(0, -1);
  } finally {
    peer.socket.destroy();
  }
}

type Case = [title: string, bytes: Uint8Array | readonly Uint8Array[], expected: readonly string[]];

/** Defines one test per case and delivery. */
function cases(table: readonly Case[], deliveries: readonly Delivery[] = ['in one write', 'octet by octet']): void {
  for (const [title, bytes, expected] of table) {
    const whole = bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes);
    test.each(deliveries)(`${title}, %s`, async (delivery) => {
      expect(await answersTo(whole, expected, delivery)).toEqual(expected);
    });
  }
}

const PROTOCOL_ERROR = ['close 1002'];
const NOT_UTF8 = ['close 1007'];
const TOO_LARGE = ['close 1009'];
const TOO_MANY = ['close 1008'];
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
/** An audio frame of `bytes` bytes. */
const sound = (bytes: number) => Buffer.from(encodeAudioFrame(0, 0, new Int16Array((bytes - 8) / 2)));
/** A voice ping with these bytes as its id. */
const pingWith = (bytes: Uint8Array) => {
  const [head = '', tail = ''] = voicePing('#').split('#');
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail)]);
};

describe('framing (RFC 6455 section 5.2)', () => {
  cases([
    ['a text of 0 bytes is an invalid message', text(''), ['error bad_message']],
    ['a text of 1 byte is an invalid message', text('x'), ['error bad_message']],
    ...[125, 126, 127, 128].map((n): Case => [`a text of ${n} bytes`, text(voicePing(1, n)), ['pong 1']]),
    ...[10, 126, 128, 648].map((n): Case => [`an audio frame of ${n} bytes`, binary(sound(n)), ['ack 0']]),
    ...[0, 1, 125, 127, 650].map(
      (n): Case => [
        `a binary message of ${n} bytes is not an audio frame`,
        binary(Buffer.alloc(n)),
        ['error bad_audio'],
      ],
    ),
    ...([16, 64] as const).map(
      (lengthBits): Case => [
        `a length encoded in ${lengthBits} bits that fits into 7 is accepted`,
        frame({ opcode: OP.text, payload: voicePing(1, 100), lengthBits }),
        ['pong 1'],
      ],
    ),
    [
      'a length encoded in 64 bits that fits into 16 is accepted',
      frame({ opcode: OP.binary, payload: sound(648), lengthBits: 64 }),
      ['ack 0'],
    ],
    ['a text without a mask', frame({ opcode: OP.text, payload: voicePing(), masked: false }), PROTOCOL_ERROR],
    ['a control frame without a mask', frame({ opcode: OP.ping, masked: false }), PROTOCOL_ERROR],
    [
      'several messages in a row',
      [voicePing(1), voicePing(2), 'x'].map(text),
      ['pong 1', 'pong 2', 'error bad_message'],
    ],
  ]);
});

describe('limits', () => {
  cases([
    ['a text of 65,537 bytes', text(voicePing(1, 65_537)), TOO_LARGE],
    ['a binary message of 65,537 bytes', binary(Buffer.alloc(65_537)), TOO_LARGE],
    ['a length of 2^53', frame({ opcode: OP.text, claimedLength: 2n ** 53n }), TOO_LARGE],
    ['a length whose highest bit is set', frame({ opcode: OP.binary, claimedLength: 2n ** 63n }), TOO_LARGE],
  ]);
  cases(
    [
      ['a text of 65,535 bytes', text(voicePing(1, 65_535)), ['pong 1']],
      ['a text of 65,536 bytes, the maximum', text(voicePing(1, LIMITS.payloadBytes)), ['pong 1']],
      ['a binary message of 65,535 bytes', binary(Buffer.alloc(65_535)), ['error bad_audio']],
      ['a binary message of 65,536 bytes', binary(Buffer.alloc(65_536)), ['error bad_audio']],
      ['65,536 bytes in fragments', fragments(OP.text, [voicePing(1, 40_000), ' '.repeat(25_536)]), ['pong 1']],
      ['65,537 bytes in fragments', fragments(OP.text, [voicePing(1, 40_000), ' '.repeat(25_537)]), TOO_LARGE],
      ['1,024 fragments, the maximum', fragments(OP.text, [...voicePing(1, LIMITS.fragments)]), ['pong 1']],
      ['1,025 fragments', fragments(OP.text, [...voicePing(1, LIMITS.fragments + 1)]), TOO_MANY],
    ],
    ['in one write'],
  );
  cases(
    [
      ['one frame in 1,024 reads, the maximum', text(voicePing(1, LIMITS.fragments)), ['pong 1']],
      ['one frame in 3,000 reads', text(voicePing(1, 3_000)), TOO_MANY],
    ],
    ['octet by octet'],
  );
});

describe('pings and pongs (sections 5.5.2 and 5.5.3)', () => {
  const payloads: Array<[string, Uint8Array]> = [
    ['no payload', Buffer.alloc(0)],
    ['1 byte', Buffer.from('a')],
    ['text', Buffer.from('Are you there?')],
    ['bytes that are not UTF-8', hex('00 ff fe fd fc fb 00 ff')],
    ['124 bytes', Buffer.alloc(124, 0xfe)],
    ['125 bytes, the maximum', Buffer.alloc(125, 0xfe)],
  ];
  const ten = Array.from({ length: 10 }, (_, i) => `ping ${i}`);
  cases([
    ...payloads.map(([title, payload]): Case => [`a ping with ${title}`, ping(payload), [wsPong(payload)]]),
    ['a ping of 126 bytes', ping(Buffer.alloc(126, 0xfe)), PROTOCOL_ERROR],
    ['a pong of 126 bytes', pong(Buffer.alloc(126, 0xfe)), PROTOCOL_ERROR],
    ['an unsolicited pong is not answered', pong(), []],
    ['an unsolicited pong with a payload is not answered', pong('so there'), []],
    ['an unsolicited pong, then a ping', [pong('x'), ping('y')], [wsPong('y')]],
    ['ten pings are answered in order', ten.map(ping), ten.map(wsPong)],
    ['pings between messages', [ping('a'), text(voicePing(1)), ping('b')], [wsPong('a'), 'pong 1', wsPong('b')]],
  ]);
});

describe('reserved bits (section 5.2)', () => {
  const bits = [1, 2, 3, 4, 5, 6, 7];
  cases([
    ...bits.map(
      (rsv): Case => [`${rsv} on a text`, frame({ opcode: OP.text, rsv, payload: voicePing() }), PROTOCOL_ERROR],
    ),
    ...bits.map(
      (rsv): Case => [`${rsv} on audio`, frame({ opcode: OP.binary, rsv, payload: sound(648) }), PROTOCOL_ERROR],
    ),
    ...bits.map(
      (rsv): Case => [
        `${rsv} on a continuation`,
        [frame({ opcode: OP.text, fin: false, payload: '{' }), frame({ opcode: OP.continuation, rsv, payload: '}' })],
        PROTOCOL_ERROR,
      ],
    ),
    ...[OP.ping, OP.pong, OP.close].flatMap((opcode) =>
      bits.map((rsv): Case => [`${rsv} on opcode ${opcode}`, frame({ opcode, rsv }), PROTOCOL_ERROR]),
    ),
    [
      'after a message, which is answered; what follows is not',
      [text(voicePing(1)), frame({ opcode: OP.text, rsv: 4, payload: voicePing(2) }), text(voicePing(3))],
      ['pong 1', ...PROTOCOL_ERROR],
    ],
  ]);
});

describe('opcodes (section 5.2)', () => {
  cases([
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode): Case[] => [
      [`${opcode}, empty`, frame({ opcode }), PROTOCOL_ERROR],
      [`${opcode} with a payload`, frame({ opcode, payload: voicePing() }), PROTOCOL_ERROR],
    ]),
    [
      'one that is reserved after a message, which is answered; what follows is not',
      [text(voicePing(1)), frame({ opcode: 5 }), ping()],
      ['pong 1', ...PROTOCOL_ERROR],
    ],
  ]);
});

describe('fragmentation (section 5.4)', () => {
  const [head, tail] = [voicePing(1).slice(0, 9), voicePing(1).slice(9)];
  const begin = frame({ opcode: OP.text, fin: false, payload: head });
  const end = frame({ opcode: OP.continuation, payload: tail });
  cases([
    ['a text in two fragments', [begin, end], ['pong 1']],
    ['a text with one fragment per byte', fragments(OP.text, [...voicePing(1)]), ['pong 1']],
    ['a text in three fragments, the first and last empty', fragments(OP.text, ['', voicePing(1), '']), ['pong 1']],
    ['a text in three empty fragments', fragments(OP.text, ['', '', '']), ['error bad_message']],
    ['audio in two fragments', fragments(OP.binary, [sound(648).subarray(0, 3), sound(648).subarray(3)]), ['ack 0']],
    ['a ping in between is answered immediately', [begin, ping('now'), end], [wsPong('now'), 'pong 1']],
    ['a pong in between', [begin, pong('now'), end], ['pong 1']],
    ['ten pings in between', [begin, ...Array(10).fill(ping('p')), end], [...Array(10).fill(wsPong('p')), 'pong 1']],
    ['a close in between', [begin, close(1000), end], ['close 1000']],
    ['a ping in two fragments', [frame({ opcode: OP.ping, fin: false, payload: 'a' }), end], PROTOCOL_ERROR],
    ['a pong in two fragments', [frame({ opcode: OP.pong, fin: false, payload: 'a' }), end], PROTOCOL_ERROR],
    ['a close in two fragments', [frame({ opcode: OP.close, fin: false, payload: hex('03 e8') }), end], PROTOCOL_ERROR],
    ['a continuation without a first fragment', end, PROTOCOL_ERROR],
    [
      'a continuation without a first fragment or an end',
      frame({ opcode: OP.continuation, fin: false }),
      PROTOCOL_ERROR,
    ],
    ['a continuation after the final fragment', [begin, end, end], ['pong 1', ...PROTOCOL_ERROR]],
    ['another text in the middle of one', [begin, text(voicePing(2))], PROTOCOL_ERROR],
    ['audio in the middle of a text', [begin, binary(sound(648))], PROTOCOL_ERROR],
    ['two texts, each in two fragments', [begin, end, begin, end], ['pong 1', 'pong 1']],
  ]);
});

describe('UTF-8 (section 8.1, RFC 3629)', () => {
  const boundaries = [
    0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1_0000, 0x1_fffe, 0x10_ffff,
  ];
  const invalid: Array<[string, string]> = [
    ['a continuation alone, the first', '80'],
    ['a continuation alone, the last', 'bf'],
    ['two continuations', '80 bf'],
    ['the first byte of a 2-byte sequence alone', 'c3'],
    ['a 3-byte sequence without its last byte', 'e2 82'],
    ['a 4-byte sequence without its last byte', 'f0 9f 98'],
    ['a first byte followed by a first byte', 'c3 c3 a9'],
    ['"/" in two bytes', 'c0 af'],
    ['"/" in three bytes', 'e0 80 af'],
    ['"/" in four bytes', 'f0 80 80 af'],
    ['NUL in two bytes', 'c0 80'],
    ['U+007F in two bytes', 'c1 bf'],
    ['U+07FF in three bytes', 'e0 9f bf'],
    ['U+FFFF in four bytes', 'f0 8f bf bf'],
    ['the first surrogate', 'ed a0 80'],
    ['the last surrogate', 'ed bf bf'],
    ['a pair of surrogates', 'ed a0 80 ed b0 80'],
    ['U+110000', 'f4 90 80 80'],
    ['the first byte of a sequence beyond U+10FFFF', 'f5 80 80 80'],
    ['five bytes', 'f8 88 80 80 80'],
    ['six bytes', 'fc 84 80 80 80 80'],
    ['FE', 'fe'],
    ['FF', 'ff'],
  ];
  cases([
    ...boundaries.map((point): Case => {
      const character = String.fromCodePoint(point);
      const title = `U+${point.toString(16).toUpperCase()}`;
      return [title, text(pingWith(Buffer.from(character))), [`pong ${character}`]];
    }),
    ...invalid.map(([title, bytes]): Case => [title, text(pingWith(hex(bytes))), NOT_UTF8]),
    [
      'invalid in the first of two fragments: detected when the message is complete',
      [...fragments(OP.text, [hex('ff'), 'x'])],
      NOT_UTF8,
    ],
    ['a message that ends within a character', text(Buffer.concat([Buffer.from('{}'), hex('e2 82')])), NOT_UTF8],
    ['bytes that are not UTF-8 in a binary message', binary(Buffer.alloc(10, 0xff)), ['error bad_audio']],
  ]);

  test('a text fragmented anywhere, even within a character, is read as a whole', async () => {
    const peer = await RawPeer.connect(rig.port);
    const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((name) => name.length <= 64);
    await fc.assert(
      fc.asyncProperty(id, fc.array(fc.nat(150), { maxLength: 5 }), async (name, cuts) => {
        const bytes = Buffer.from(voicePing(name));
        const at = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
        peer.received.length = 0;
        peer.write(
          Buffer.concat(
            fragments(
              OP.text,
              at.slice(1).map((to, i) => bytes.subarray(at[i], to)),
            ),
          ),
        );
        await peer.until(() => peer.received.length === 1);
        expect(peer.messages('pong')[0]?.id).toBe(name);
      }),
    );
    peer.socket.destroy();
  });
});

describe('closing (sections 5.5.1 and 7.4)', () => {
  const valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
  const invalid = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];
  const long = 'r'.repeat(123);
  cases([
    ['without a code: answered without one', close(null), ['close 1005']],
    ...valid.map((code): Case => [`${code} is answered by itself`, close(code), [`close ${code}`]]),
    ...invalid.map((code): Case => [`${code} can't be said`, close(code), PROTOCOL_ERROR]),
    ['a payload of one byte', frame({ opcode: OP.close, payload: hex('03') }), PROTOCOL_ERROR],
    ['a reason is answered with the code', close(1000, 'that is all'), ['close 1000 that is all']],
    ['a reason of 123 bytes, the maximum', close(1000, long), [`close 1000 ${long}`]],
    ['a reason of 124 bytes', close(1000, `${long}r`), PROTOCOL_ERROR],
    ['a reason in several scripts', close(4000, 'Ñandú 鸟 🐦'), ['close 4000 Ñandú 鸟 🐦']],
    ['a reason that is not UTF-8', close(1000, hex('62 79 65 ff')), NOT_UTF8],
    ['a code without a mask', frame({ opcode: OP.close, payload: hex('03 e8'), masked: false }), PROTOCOL_ERROR],
    ['twice: answered once', [close(1000), close(1000)], ['close 1000']],
    ['then a ping: not answered', [close(1000), ping('late')], ['close 1000']],
    ['then messages: not answered', [close(1000), text(voicePing(1)), audio(0)], ['close 1000']],
    ['then invalid bytes: no further answer', [close(1000), hex('ff ff ff ff')], ['close 1000']],
    [
      'after messages, which are answered',
      [text(voicePing(1)), ping('a'), close(1000)],
      ['pong 1', wsPong('a'), 'close 1000'],
    ],
  ]);
});
