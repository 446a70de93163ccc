import { LIMITS } from '../../main/voice/limits.ts';
import { VOICE_PATH } from '../../shared/protocol.ts';
import type { SeededRandom } from '../../testing/seeded-random.ts';
import { METRICS_TOKEN, ORIGIN, TOKEN } from '../host.ts';
import type { Attack, Ending, Kind, RequestDraft, Step } from './attempt.ts';

/** A generated attack; default: one peer that answers close frames. */
export type GeneratedAttack = Pick<Attack, 'script' | 'expect'> & Partial<Pick<Attack, 'peers' | 'apartMs' | 'rude'>>;

const VOICE = `${VOICE_PATH}?user_id=hostile`;
const otherLetter = TOKEN.startsWith('A') ? 'B' : 'A';

const TOKENS: readonly (readonly string[])[] = [
  [],
  [''],
  [TOKEN.slice(0, -1)],
  [`${TOKEN}A`],
  [`${otherLetter}${TOKEN.slice(1)}`],
  [TOKEN.toUpperCase()],
  [TOKEN, TOKEN],
  ['l'.repeat(TOKEN.length)],
];
const ORIGINS: readonly (readonly string[])[] = [
  [],
  ['null'],
  ['file://'],
  ['http://localhost:{port}'],
  ['http://127.0.0.1.evil.example'],
  ['http://127.0.0.1:{port}'],
  [`${ORIGIN}/`],
  [`${ORIGIN}.`],
  [ORIGIN.toUpperCase()],
  [ORIGIN, ORIGIN],
];
const HOSTS: readonly (readonly string[])[] = [
  ['evil.example'],
  ['localhost:{port}'],
  ['127.0.0.1'],
  ['127.0.0.1:1'],
  ['[::1]:{port}'],
  ['127.1:{port}'],
  ['127.0.0.1:{port}', '127.0.0.1:{port}'],
];
const PATHS: readonly string[] = [
  `${VOICE_PATH}/?user_id=hostile`,
  `/${VOICE}`,
  `${VOICE_PATH}%2f?user_id=hostile`,
  `/ws/..${VOICE}`,
  '/ws/bridge',
  '/',
  `${VOICE_PATH.toUpperCase()}?user_id=hostile`,
];
const QUERIES: readonly string[] = [
  '',
  '?',
  '?user_id=',
  '?user_id=a&user_id=b',
  '?user_id=a&__proto__=b',
  '?__proto__=a',
  '?user_id=%0d%0aSet-Cookie:a',
  '?user_id=a%00b',
  '?user_id=%e2%80%ae',
  `?user_id=${'a'.repeat(65)}`,
  `?user_id=a&session_id=${'s'.repeat(2_000)}`,
  '?user_id=a&session_id=../b',
];
const METHODS: readonly string[] = ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'];
const NOT_HTTP: readonly Uint8Array[] = [
  Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'latin1'),
  Buffer.from('\r\nhello\r\n\r\n'),
  Buffer.from(`GET ${VOICE} HTTP/1.1\r\nHo st: a\r\n\r\n`),
  Buffer.from(`GET ${VOICE} HTTP/9.9\r\n\r\n`),
  Buffer.from(`GET ${VOICE} HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
  Buffer.from(`GET ${VOICE} HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n`),
];
const METRICS: readonly RequestDraft[] = [
  {},
  { more: ['Authorization: Bearer wrong'] },
  { more: [`Authorization: Bearer ${TOKEN}`] },
  { more: [`Authorization: Basic ${METRICS_TOKEN}`] },
  { more: [`Authorization: Bearer ${METRICS_TOKEN}`, `Authorization: Bearer ${METRICS_TOKEN}`] },
];

function request(draft: RequestDraft, ...expect: Ending[]): GeneratedAttack {
  return { script: [{ do: 'connect' }, { do: 'request', request: draft }], expect };
}

/** Incomplete requests. */
const UNFINISHED: readonly Step[] = [
  { do: 'wait', ms: 0 },
  { do: 'send', bytes: Buffer.from('G'), times: 1 },
  { do: 'send', bytes: Buffer.from(`GET ${VOICE} HTTP/1.1\r\nHost: 127.0.0.1\r\n`), times: 1 },
  { do: 'trickle', bytes: Buffer.from(`GET ${VOICE} HTTP/1.1\r\n${'X: y\r\n'.repeat(1_000)}`) },
];

/** Attacks that the server refuses before the WebSocket opens. */
export const HANDSHAKE_ATTACKS = {
  token: (rng) => request({ tokens: rng.pick(TOKENS) }, 'refused 401'),
  origin: (rng) => request({ origin: rng.pick(ORIGINS) }, 'refused 403'),
  host: (rng) => request({ host: rng.pick(HOSTS) }, 'refused 403'),
  path: (rng) => request({ target: rng.pick(PATHS) }, 'refused 404'),
  query: (rng) => request({ target: `${VOICE_PATH}${rng.pick(QUERIES)}` }, 'refused 400'),
  method: (rng) => request({ method: rng.pick(METHODS) }, 'refused 405'),
  'not http': (rng) => {
    const bytes = rng.pick(NOT_HTTP);
    return {
      script: [{ do: 'connect' }, { do: 'send', bytes, times: 1 }],
      // RFC 6585 section 5: 431 for request headers that are too large.
      expect: [bytes.length > LIMITS.headerBytes ? 'refused 431' : 'refused 400'],
    };
  },
  metrics: (rng) => ({
    ...request({ target: '/metrics', plain: true, origin: [], ...rng.pick(METRICS) }, 'refused 401'),
    peers: rng.int(1, 24),
  }),
  'slow upgrade': (rng) => ({ script: [{ do: 'connect' }, rng.pick(UNFINISHED)], expect: ['refused 408', 'cut'] }),
} as const satisfies Partial<Record<Kind, (rng: SeededRandom) => GeneratedAttack>>;
