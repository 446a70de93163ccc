import {
  BAD_HANDSHAKES,
  FOREIGN_HOSTS,
  FOREIGN_ORIGINS,
  type HandshakeAttack,
  MALFORMED_REQUESTS,
  MISSING_PROOFS,
  NO_ORIGIN,
  NOT_HTTP,
  WRONG_PATHS,
  WRONG_VOICE_QUERIES,
} from '../../main/testing/handshake-attacks.ts';
import { validHandshake, withHeader } from '../../main/testing/raw-handshake.ts';
import { VOICE_PATH } from '../../shared/protocol.ts';
import type { SeededRandom } from '../../testing/seeded-random.ts';
import { METRICS_TOKEN, TOKEN } from '../host.ts';
import type { Attack, Kind, Step } from './attack.ts';

/** A generated attack. Default: one peer, which answers close frames. */
export type GeneratedAttack = Pick<Attack, 'script' | 'expect'> &
  Partial<Pick<Attack, 'peers' | 'staggerMs' | 'ignoresClose'>>;

const ORIGINS: readonly HandshakeAttack[] = [
  NO_ORIGIN,
  ...FOREIGN_ORIGINS,
  [
    'the server’s own address',
    403,
    'origin',
    (at) => withHeader(validHandshake(at), 'Origin', `http://127.0.0.1:${at.port}`),
  ],
];

/** Upgrades with a bad handshake. Without an upgrade, a request is plain HTTP, which the refused connections don't count. */
const BAD_UPGRADES = BAD_HANDSHAKES.filter(([, , why]) => why !== 'no upgrade');

/** Requests for the metrics with these headers. */
function metricsRequest(title: string, ...authorization: string[]): HandshakeAttack {
  return [
    title,
    401,
    'token',
    ({ port }) => ({
      method: 'GET',
      target: '/metrics',
      version: 'HTTP/1.1',
      headers: [['Host', `127.0.0.1:${port}`], ...authorization.map((value) => ['Authorization', value] as const)],
      tail: '',
    }),
  ];
}
const METRICS: readonly HandshakeAttack[] = [
  metricsRequest('no token'),
  metricsRequest('a wrong token', 'Bearer wrong'),
  metricsRequest('the launch token', `Bearer ${TOKEN}`),
  metricsRequest('another scheme', `Basic ${METRICS_TOKEN}`),
  metricsRequest('the token twice', `Bearer ${METRICS_TOKEN}`, `Bearer ${METRICS_TOKEN}`),
];

function refused(attack: HandshakeAttack): GeneratedAttack {
  return { script: [{ do: 'connect' }, { do: 'request', request: { attack } }], expect: [`refused ${attack[1]}`] };
}

const PARTIAL_REQUEST = `GET ${VOICE_PATH}?user_id=hostile HTTP/1.1\r\n`;
/** Incomplete requests. */
const UNFINISHED: readonly Step[] = [
  { do: 'wait', ms: 0 },
  { do: 'send', bytes: Buffer.from('G'), times: 1 },
  { do: 'send', bytes: Buffer.from(`${PARTIAL_REQUEST}Host: 127.0.0.1\r\n`), times: 1 },
  { do: 'trickle', bytes: Buffer.from(`${PARTIAL_REQUEST}${'X: y\r\n'.repeat(1_000)}`) },
];

/** Attacks that the server refuses before the WebSocket opens. */
export const HANDSHAKE_ATTACKS = {
  token: (rng) => refused(rng.pick(MISSING_PROOFS)),
  origin: (rng) => refused(rng.pick(ORIGINS)),
  host: (rng) => refused(rng.pick(FOREIGN_HOSTS)),
  path: (rng) => refused(rng.pick(WRONG_PATHS)),
  query: (rng) => refused(rng.pick(WRONG_VOICE_QUERIES)),
  handshake: (rng) => refused(rng.pick(BAD_UPGRADES)),
  malformed: (rng) => {
    if (rng.chance(0.5)) return refused(rng.pick(MALFORMED_REQUESTS));
    const [, status, , bytes] = rng.pick(NOT_HTTP);
    return { script: [{ do: 'connect' }, { do: 'send', bytes, times: 1 }], expect: [`refused ${status}`] };
  },
  metrics: (rng) => ({ ...refused(rng.pick(METRICS)), peers: rng.int(1, 24) }),
  'slow upgrade': (rng) => ({ script: [{ do: 'connect' }, rng.pick(UNFINISHED)], expect: ['refused 408', 'cut'] }),
} as const satisfies Partial<Record<Kind, (rng: SeededRandom) => GeneratedAttack>>;
