import type { SeededRandom } from '../../testing/seeded-random.ts';
import type { Ending, Kind, Step } from './attempt.ts';
import { frameBytes, textBytes } from './bytes.ts';
import type { GeneratedAttack } from './handshake-attacks.ts';
import { AUDIO_BYTES, BAD_AUDIO, BAD_FRAMES, MALFORMED, UNKNOWN } from './malformed-input.ts';

/** Exceeds the rate limit: more tokens than any bucket holds or gains while these messages arrive. */
const FLOOD_MESSAGES = 12_000;
/** This many messages of 60 KiB exceed the rate limit as well. */
const LARGE_MESSAGES = 200;

const IN: readonly Step[] = [{ do: 'dial' }, { do: 'request', request: {} }, { do: 'hear', event: 'connected' }];
const READY: readonly Step[] = [...IN, { do: 'ready' }];
const LISTENING: readonly Step[] = [
  ...READY,
  { do: 'send', bytes: textBytes('{"event":"start"}'), times: 1 },
  { do: 'hear', event: 'voice_state' },
];
const PING = textBytes('{"event":"ping","id":1,"client_time":1}');
/** A ping whose pong shows that the server has processed all earlier messages. */
const HEARD: readonly Step[] = [
  { do: 'send', bytes: PING, times: 1 },
  { do: 'hear', event: 'pong' },
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
  const script: Step[] = [...IN];
  for (const text of [...ignored, ...violations]) script.push(bytes(textBytes(text)));
  return { script, expect: ['closed 1008'] };
}

function badAudio(rng: SeededRandom): GeneratedAttack {
  const audio = frameBytes({ opcode: 2, payload: Buffer.alloc(AUDIO_BYTES) });
  // Before `ready` and before `start` even valid frames are violations.
  const early = rng.pick([null, IN, READY]);
  if (early !== null) return { script: [...early, repeated(audio, 3)], expect: ['closed 1008'] };
  const violations = [0, 0, 0].map(() => bytes(frameBytes({ opcode: 2, payload: rng.pick(BAD_AUDIO) })));
  // A gap, the audio after it, and frames that the server already has.
  const speak: Step[] = [500, 2_000, 0].map((from) => ({ do: 'speak', from, count: rng.int(1, 50) }));
  return { script: [...LISTENING, ...speak, ...violations], expect: ['closed 1008'] };
}

function flood(rng: SeededRandom): GeneratedAttack {
  const large = textBytes(`{"event":"${'x.'.repeat(30_000)}"}`);
  const messages: readonly Step[] = rng.pick([
    [...IN, repeated(PING, FLOOD_MESSAGES)],
    [...READY, repeated(PING, FLOOD_MESSAGES)],
    [...LISTENING, { do: 'speak', from: 0, count: FLOOD_MESSAGES }],
    [...LISTENING, repeated(frameBytes({ opcode: 2, payload: Buffer.alloc(10) }), FLOOD_MESSAGES)],
    [...READY, repeated(textBytes('{"event":"stop"}'), FLOOD_MESSAGES)],
    [...READY, repeated(large, LARGE_MESSAGES)],
    [...READY, repeated(frameBytes({ opcode: 10 }), FLOOD_MESSAGES)],
  ]);
  return { script: messages, expect: ['closed 1008'], rude: rng.chance(0.3) };
}

function leaves(rng: SeededRandom): GeneratedAttack {
  const half = frameBytes({ opcode: 2, payload: Buffer.alloc(AUDIO_BYTES) }).subarray(0, rng.int(1, 300));
  const until = rng.pick<readonly Step[]>([
    [{ do: 'dial' }],
    [{ do: 'dial' }, { do: 'request', request: {} }],
    IN,
    READY,
    [...LISTENING, { do: 'speak', from: 0, count: rng.int(1, 100) }],
    [...LISTENING, bytes(half)],
  ]);
  return { script: [...until, { do: 'leave', how: rng.pick(['reset', 'fin']) }], expect: ['left'] };
}

function resume(rng: SeededRandom): GeneratedAttack {
  const again = (session: 'own' | 'honest' | 'unknown', token: 'first' | 'last' | 'forged'): Step[] => [
    { do: 'dial' },
    { do: 'request', request: { resume: { session, token } } },
  ];
  const lost: Step[] = [...READY, ...HEARD, { do: 'leave', how: 'reset' }];
  const used: Step[] = [
    ...lost,
    ...again('own', 'first'),
    { do: 'hear', event: 'connected' },
    { do: 'ready' },
    ...HEARD,
    { do: 'leave', how: 'reset' },
    ...again('own', 'first'),
  ];
  const script = rng.pick([
    used,
    [...lost, ...again('own', 'forged')],
    [...lost, ...again('unknown', 'last')],
    // Its own token with the session of another user.
    [...lost, ...again('honest', 'last')],
    again('honest', 'forged'),
    again('unknown', 'forged'),
  ]);
  return { script, expect: ['closed 4410'] };
}

/** More connected peers than the limit of connections awaiting `ready`, or than the limit of all connections. */
function crowd(rng: SeededRandom): GeneratedAttack {
  const full: Ending = 'refused 503';
  if (rng.chance(0.5)) return { script: IN, expect: ['closed 4408', full], peers: 12 };
  const stay: Step = { do: 'stay', ms: rng.int(400, 800) };
  // The peers start some milliseconds apart: each is ready before the next, which tests the limit of all connections.
  const script: Step[] = [...READY, ...HEARD, stay, { do: 'leave', how: 'fin' }];
  return { script, expect: ['left', full], peers: 24, apartMs: 10 };
}

/** Attacks by a peer that has the token and has completed the handshake. */
export const POST_HANDSHAKE_ATTACKS = {
  'bad frame': (rng) => {
    const [frame, code] = rng.pick(BAD_FRAMES);
    return {
      script: [...rng.pick([IN, READY, LISTENING]), bytes(frame)],
      expect: [`closed ${code}`],
      rude: rng.chance(0.3),
    };
  },
  fragments: (rng) => ({
    script: [
      ...rng.pick([IN, READY]),
      bytes(frameBytes({ opcode: 1, payload: Buffer.from('{'), fin: false })),
      repeated(frameBytes({ opcode: 0, payload: Buffer.from(' '), fin: false }), FLOOD_MESSAGES),
    ],
    expect: ['closed 1008'],
  }),
  'bad message': badMessages,
  'bad audio': badAudio,
  flood,
  'ping flood': (rng) => ({
    // The server destroys a connection with 60 unread pongs; a peer that reads them exceeds the rate limit.
    script: [...READY, repeated(frameBytes({ opcode: 9, payload: Buffer.alloc(rng.int(0, 125)) }), FLOOD_MESSAGES)],
    expect: ['closed 1008', 'cut'],
  }),
  'deaf reader': (rng) => ({
    script: [...READY, { do: 'deafen' }, repeated(PING, FLOOD_MESSAGES), { do: 'listen' }],
    expect: ['closed 1008', 'closed 1013', 'cut'],
    rude: rng.chance(0.5),
  }),
  'no ready': (rng) => ({ script: IN, expect: ['closed 4408'], rude: rng.chance(0.3) }),
  leaves,
  resume,
  crowd,
} as const satisfies Partial<Record<Kind, (rng: SeededRandom) => GeneratedAttack>>;
