import { AUTH_PREFIX, type ConnectionFacts, Proof, RESUME_PREFIX, RETIRED_TOKEN_PREFIX } from '../../shared/proof.ts';
import { SessionId, UserId } from '../../shared/protocol.ts';
import { headerValues } from './headers.ts';
import type { LaunchProofs } from './launch-proofs.ts';
import { checkRequest, type RequestInfo } from './request-checks.ts';

/** What an upgrade must be like to be let in. */
export interface GuardPolicy {
  running: boolean;
  /** Full: one more would be over a cap. */
  capacity: { full: boolean };
  /** Exact path, e.g. `/ws/voice`. */
  path: string;
  /** What `Host` must be, as a browser writes it (`ownHost`). */
  host: string;
  /** The one page that may connect, e.g. `earshot://app`. */
  origin: string;
  /** Who knows this launch's secret. */
  proofs: Pick<LaunchProofs, 'admit'>;
  /** The subprotocol that the server will select. */
  protocol: string;
  userId: 'required' | 'none';
  queryBytes?: number;
}

/** Read once the door has been passed. */
const HANDSHAKE = ['sec-websocket-protocol', 'sec-websocket-version', 'content-length', 'transfer-encoding'] as const;
/** RFC 6455 section 4.1. Drafts that ws still speaks, such as 8, name the page in another header than `Origin`. */
const WEBSOCKET_VERSION = '13';

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 426 | 431 | 503;
export type GuardResult =
  | {
      ok: true;
      userId: string | null;
      sessionId: string | null;
      /** The proof of a resume token. */
      resume: string | null;
      /** What the host's own proof is about. */
      connection: ConnectionFacts;
    }
  | { ok: false; status: RefusalStatus; reason: string };

function deny(status: RefusalStatus, reason: string): GuardResult {
  return { ok: false, status, reason };
}

/**
 * Parses a query of known names, each at most once, as they stand: no value that is allowed needs percent-encoding.
 * @returns null where anything else is in it
 */
function parseQuery(query: string, names: readonly string[]): Map<string, string> | null {
  const values = new Map<string, string>();
  if (query === '') return values;
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    if (equals < 0 || !names.includes(name) || values.has(name)) return null;
    values.set(name, pair.slice(equals + 1));
  }
  return values;
}

/** What a client offers (RFC 6455 section 11.3.4): names, and the proofs that travel as such. */
function readOffer(values: readonly string[]): Record<'protocols' | 'auths' | 'resumes' | 'tokens', string[]> {
  const offer = {
    protocols: [] as string[],
    auths: [] as string[],
    resumes: [] as string[],
    tokens: [] as string[],
  };
  for (const value of values) {
    for (const item of value.split(',')) {
      const name = item.trim();
      if (name.startsWith(AUTH_PREFIX)) offer.auths.push(name.slice(AUTH_PREFIX.length));
      else if (name.startsWith(RESUME_PREFIX)) offer.resumes.push(name.slice(RESUME_PREFIX.length));
      else if (name.startsWith(RETIRED_TOKEN_PREFIX)) offer.tokens.push(name);
      else offer.protocols.push(name);
    }
  }
  return offer;
}

/**
 * Decides on an upgrade before anything is answered: synchronous, cheapest check first, and pure but for the nonce, which is
 * used up. The reason is for our own log; the peer learns the status and nothing else.
 * After the door, which every request passes, comes the proof that the client knows the secret: a page may fake neither, and
 * a program that fakes the headers does not know it.
 */
export function guardUpgrade(facts: RequestInfo, policy: GuardPolicy): GuardResult {
  if (!policy.running) return deny(503, 'not running');
  if (policy.capacity.full) return deny(503, 'full');
  if (facts.method !== 'GET') return deny(405, 'method');
  // RFC 6455 section 4.2.1 asks for 1.1 or higher, and this server speaks nothing higher.
  if (facts.httpVersion !== '1.1') return deny(400, 'http version');

  const url = facts.url ?? '';
  if (!url.startsWith('/')) return deny(400, 'request target');
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  if (path !== policy.path) return deny(404, 'path');
  if (query.length > (policy.queryBytes ?? 1024)) return deny(400, 'query too long');

  const why = checkRequest(facts, { hosts: [policy.host], origin: policy.origin, page: 'required' });
  if (why !== null) return deny(403, why);

  const headers = headerValues(facts.rawHeaders, HANDSHAKE);
  const { protocols, auths, resumes, tokens } = readOffer(headers['sec-websocket-protocol']);
  // Of an older client: it is told apart from a wrong proof, whatever it sent.
  if (tokens.length > 0) return deny(400, 'retired token');
  if (auths.length !== 1) return deny(401, 'proof');
  const connection = policy.proofs.admit(auths[0] ?? '', {
    path,
    host: policy.host,
    origin: policy.origin,
  });
  if (typeof connection === 'string') return deny(401, connection);
  const versions = headers['sec-websocket-version'];
  if (versions.length !== 1 || versions[0] !== WEBSOCKET_VERSION) return deny(426, 'websocket version');
  // Node would hand the bytes of a body on as the first frames.
  if (headers['content-length'].length + headers['transfer-encoding'].length > 0) return deny(400, 'body');
  if (!protocols.includes(policy.protocol)) return deny(400, 'subprotocol');
  if (resumes.length > 1 || resumes.some((r) => !Proof.safeParse(r).success)) return deny(400, 'resume');

  const values = parseQuery(query, policy.userId === 'required' ? ['user_id', 'session_id'] : []);
  if (values === null) return deny(400, 'query');
  const userId = values.get('user_id') ?? null;
  const sessionId = values.get('session_id') ?? null;
  if (policy.userId === 'required' && !UserId.safeParse(userId).success) return deny(400, 'user_id');
  if (sessionId !== null && !SessionId.safeParse(sessionId).success) return deny(400, 'session_id');
  return { ok: true, userId, sessionId, resume: resumes[0] ?? null, connection };
}
