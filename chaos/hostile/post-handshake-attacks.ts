import type { SeededRandom } from '../../testing/seeded-random.ts';
import { binary, frame, OP, pong, text } from '../../testing/websocket-frames.ts';
import type { Ending, Kind, Step } from './attack.ts';
import type { GeneratedAttack } from './handshake-attacks.ts';
import { AUDIO_BYTES, BAD_AUDIO, BAD_FRAMES, MALFORMED, UNKNOWN } from './malformed-input.ts';

/** Enough messages to exceed every rate limit, even with the tokens that the bucket gains while they arrive. */
const FLOOD_MESSAGES = 12_000;
/** Enough messages of 60 KiB to exceed the rate limit. */
const LARGE_MESSAGES = 200;

const CONNECTED: readonly Step[] = [
  { do: 'connect' },
  { do: 'request', request: {} },
  { do: 'wait for', event: 'connected' },
];
const READY: readonly Step[] = [...CONNECTED, { do: 'ready' }];
const LISTENING: readonly Step[] = [
  ...READY,
  { do: 'send', bytes: text('{"event":"start"}'), times: 1 },
  { do: 'wait for', event: 'voice_state' },
];
const PING = text('{"event":"ping","id":1,"client_time":1}');
/** A ping whose pong shows that the server has processed all earlier messages. */
const PROCESSED: readonly Step[] = [
  { do: 'send', bytes: PING, times: 1 },
  { do: 'wait for', event: 'pong' },
];

function bytes(...all: Uint8Array[]): Step {
  return { do: 'send', bytes: Buffer.concat(all), times: 1 };
}
function repeated(one: Uint8Array, times: number): Step {
  return { do: 'send', bytes: one, times };
}

function badMessages(rng: SeededRandom): GeneratedAttack {
  const violations = [0, 0, 0].map(() => rng.pick(MALFORMED));
  const ignored = Array.from({ length: rng.int(0, 8) }, () => rng.pick(UNKNOWN));
  const script: Step[] = [...CONNECTED];
  for (const message of [...ignored, ...violations]) script.push(bytes(text(message)));
  return { script, expect: ['closed 1008'] };
}

function badAudio(rng: SeededRandom): GeneratedAttack {
  const audio = binary(Buffer.alloc(AUDIO_BYTES));
  // Even valid frames are violations before `ready` and before `start`.
  const early = rng.pick([null, CONNECTED, READY]);
  if (early !== null) return { script: [...early, repeated(audio, 3)], expect: ['closed 1008'] };
  const violations = [0, 0, 0].map(() => bytes(binary(rng.pick(BAD_AUDIO))));
  // Send audio with a gap, then repeat frames that the server already has.
  const speak: Step[] = [500, 2_000, 0].map((from) => ({ do: 'send audio', from, count: rng.int(1, 50) }));
  return { script: [...LISTENING, ...speak, ...violations], expect: ['closed 1008'] };
}

function flood(rng: SeededRandom): GeneratedAttack {
  const large = text(`{"event":"${'x.'.repeat(30_000)}"}`);
  const messages: readonly Step[] = rng.pick([
    [...CONNECTED, repeated(PING, FLOOD_MESSAGES)],
    [...READY, repeated(PING, FLOOD_MESSAGES)],
    [...LISTENING, { do: 'send audio', from: 0, count: FLOOD_MESSAGES }],
    [...LISTENING, repeated(binary(Buffer.alloc(10)), FLOOD_MESSAGES)],
    [...READY, repeated(text('{"event":"stop"}'), FLOOD_MESSAGES)],
    [...READY, repeated(large, LARGE_MESSAGES)],
    [...READY, repeated(pong(), FLOOD_MESSAGES)],
  ]);
  return { script: messages, expect: ['closed 1008'], ignoresClose: rng.chance(0.3) };
}

function leaves(rng: SeededRandom): GeneratedAttack {
  const half = binary(Buffer.alloc(AUDIO_BYTES)).subarray(0, rng.int(1, 300));
  const until = rng.pick<readonly Step[]>([
    [{ do: 'connect' }],
    [{ do: 'connect' }, { do: 'request', request: {} }],
    CONNECTED,
    READY,
    [...LISTENING, { do: 'send audio', from: 0, count: rng.int(1, 100) }],
    [...LISTENING, bytes(half)],
  ]);
  return { script: [...until, { do: 'leave', how: rng.pick(['reset', 'fin']) }], expect: ['left'] };
}

function resume(rng: SeededRandom): GeneratedAttack {
  const again = (session: 'own' | 'other' | 'unknown', token: 'first' | 'last' | 'forged'): Step[] => [
    { do: 'connect' },
    { do: 'request', request: { resume: { session, token } } },
  ];
  const lost: Step[] = [...READY, ...PROCESSED, { do: 'leave', how: 'reset' }];
  const used: Step[] = [
    ...lost,
    ...again('own', 'first'),
    { do: 'wait for', event: 'connected' },
    { do: 'ready' },
    ...PROCESSED,
    { do: 'leave', how: 'reset' },
    ...again('own', 'first'),
  ];
  const script = rng.pick([
    used,
    [...lost, ...again('own', 'forged')],
    [...lost, ...again('unknown', 'last')],
    // The peer's own token with the session of another user.
    [...lost, ...again('other', 'last')],
    again('other', 'forged'),
    again('unknown', 'forged'),
  ]);
  return { script, expect: ['closed 4410'] };
}

/** Exceeds the limit of connections that wait for `ready`, or the limit of all connections. */
function crowd(rng: SeededRandom): GeneratedAttack {
  const full: Ending = 'refused 503';
  if (rng.chance(0.5)) return { script: CONNECTED, expect: ['closed 4408', full], peers: 12 };
  const wait: Step = { do: 'wait', ms: rng.int(400, 800) };
  // Each peer is ready before the next one starts, so only the limit of all connections applies.
  const script: Step[] = [...READY, ...PROCESSED, wait, { do: 'leave', how: 'fin' }];
  return { script, expect: ['left', full], peers: 24, staggerMs: 10 };
}

/** Attacks by a peer that has the token and has completed the handshake. */
export const POST_HANDSHAKE_ATTACKS = {
  'bad frame': (rng) => {
    const [badFrame, code] = rng.pick(BAD_FRAMES);
    return {
      script: [...rng.pick([CONNECTED, READY, LISTENING]), bytes(badFrame)],
      expect: [`closed ${code}`],
      ignoresClose: rng.chance(0.3),
    };
  },
  fragments: (rng) => ({
    script: [
      ...rng.pick([CONNECTED, READY]),
      bytes(frame({ opcode: OP.text, payload: Buffer.from('{'), fin: false })),
      repeated(frame({ opcode: OP.continuation, payload: Buffer.from(' '), fin: false }), FLOOD_MESSAGES),
    ],
    expect: ['closed 1008'],
  }),
  'bad message': badMessages,
  'bad audio': badAudio,
  flood,
  'ping flood': (rng) => ({
    // The server destroys a connection with 60 unread pongs. If the peer reads them, it exceeds the rate limit instead.
    script: [...READY, repeated(frame({ opcode: OP.ping, payload: Buffer.alloc(rng.int(0, 125)) }), FLOOD_MESSAGES)],
    expect: ['closed 1008', 'cut'],
  }),
  'stalled reader': (rng) => ({
    script: [...READY, { do: 'pause reading' }, repeated(PING, FLOOD_MESSAGES), { do: 'resume reading' }],
    expect: ['closed 1008', 'closed 1013', 'cut'],
    ignoresClose: rng.chance(0.5),
  }),
  'no ready': (rng) => ({ script: CONNECTED, expect: ['closed 4408'], ignoresClose: rng.chance(0.3) }),
  leaves,
  resume,
  crowd,
} as const satisfies Partial<Record<Kind, (rng: SeededRandom) => GeneratedAttack>>;
