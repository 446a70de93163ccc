import { AUTH_PREFIX, type ConnectionInfo, Proof, RESUME_PREFIX, RETIRED_TOKEN_PREFIX } from '../../shared/proof.ts';
import { SessionId, UserId } from '../../shared/protocol.ts';
import { headerValues } from './headers.ts';
import type { LaunchProofs } from './launch-proofs.ts';
import { checkRequest, type RequestInfo } from './request-checks.ts';

/** What an upgrade request must satisfy. */
export interface GuardPolicy {
  running: boolean;
  /** `full`: another connection would exceed a limit. */
  capacity: { full: boolean };
  /** Exact path, e.g. `/ws/voice`. */
  path: string;
  /** The required `Host`, as a browser writes it (`ownHost`). */
  host: string;
  /** The origin of the only page that may connect, e.g. `earshot://app`. */
  origin: string;
  /** Verifies the client's proof that it knows the launch secret. */
  proofs: Pick<LaunchProofs, 'verifyClient'>;
  /** The subprotocol that the server will select. */
  protocol: string;
  userId: 'required' | 'none';
  queryBytes?: number;
}

/** Headers that are read after `checkRequest`. */
const HANDSHAKE_HEADERS = [
  'sec-websocket-protocol',
  'sec-websocket-version',
  'content-length',
  'transfer-encoding',
] as const;
/** RFC 6455 section 4.1. ws also supports older drafts such as 8, which do not use the `Origin` header. */
const WEBSOCKET_VERSION = '13';

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 426 | 431 | 503;
export type GuardResult =
  | {
      ok: true;
      userId: string | null;
      sessionId: string | null;
      /** The client's proof that it has a resume token. */
      resume: string | null;
      /** What the host's own proof signs. */
      connection: ConnectionInfo;
    }
  | { ok: false; status: RefusalStatus; reason: string };

function deny(status: RefusalStatus, reason: string): GuardResult {
  return { ok: false, status, reason };
}

/**
 * Parses a query with known names, each at most once. Values are not decoded: no valid value needs percent-encoding.
 * @returns null if the query contains anything else
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

/** Parses `Sec-WebSocket-Protocol` (RFC 6455 section 11.3.4): subprotocols, and the proofs sent as subprotocols. */
function parseSubprotocols(values: readonly string[]): Record<'protocols' | 'auths' | 'resumes' | 'tokens', string[]> {
  const offered = {
    protocols: [] as string[],
    auths: [] as string[],
    resumes: [] as string[],
    tokens: [] as string[],
  };
  for (const value of values) {
    for (const entry of value.split(',')) {
      const name = entry.trim();
      if (name.startsWith(AUTH_PREFIX)) offered.auths.push(name.slice(AUTH_PREFIX.length));
      else if (name.startsWith(RESUME_PREFIX)) offered.resumes.push(name.slice(RESUME_PREFIX.length));
      else if (name.startsWith(RETIRED_TOKEN_PREFIX)) offered.tokens.push(name);
      else offered.protocols.push(name);
    }
  }
  return offered;
}

/**
 * Decides on an upgrade request before anything is sent. Synchronous, cheapest check first, and pure except that it
 * uses up the nonce. The reason is only logged; the peer receives the bare status.
 * `checkRequest` comes first, then the proof that the client knows the launch secret. A page can fake neither; a
 * program can fake the headers but does not know the secret.
 */
export function guardUpgrade(request: RequestInfo, policy: GuardPolicy): GuardResult {
  if (!policy.running) return deny(503, 'not running');
  if (policy.capacity.full) return deny(503, 'full');
  if (request.method !== 'GET') return deny(405, 'method');
  // RFC 6455 section 4.2.1 requires 1.1 or higher; this server does not support any higher version.
  if (request.httpVersion !== '1.1') return deny(400, 'http version');

  const url = request.url ?? '';
  if (!url.startsWith('/')) return deny(400, 'request target');
  const queryStart = url.indexOf('?');
  const path = queryStart < 0 ? url : url.slice(0, queryStart);
  const query = queryStart < 0 ? '' : url.slice(queryStart + 1);
  if (path !== policy.path) return deny(404, 'path');
  if (query.length > (policy.queryBytes ?? 1024)) return deny(400, 'query too long');

  const violation = checkRequest(request, { hosts: [policy.host], origin: policy.origin, page: 'required' });
  if (violation !== null) return deny(403, violation);

  const headers = headerValues(request.rawHeaders, HANDSHAKE_HEADERS);
  const { protocols, auths, resumes, tokens } = parseSubprotocols(headers['sec-websocket-protocol']);
  // An older client sends its token; report this separately from a wrong proof.
  if (tokens.length > 0) return deny(400, 'retired token');
  if (auths.length !== 1) return deny(401, 'proof');
  const connection = policy.proofs.verifyClient(auths[0] ?? '', {
    path,
    host: policy.host,
    origin: policy.origin,
  });
  if (typeof connection === 'string') return deny(401, connection);
  const versions = headers['sec-websocket-version'];
  if (versions.length !== 1 || versions[0] !== WEBSOCKET_VERSION) return deny(426, 'websocket version');
  // Node would pass the body on as the first WebSocket frames.
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
