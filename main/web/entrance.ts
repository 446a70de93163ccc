import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PASS_COOKIE, RESET_PATH, type ResetAnswer } from '../../shared/entrance.ts';
import { matchesSecret } from '../guard/compare-secret.ts';
import { headerValues } from '../guard/headers.ts';
import type { LaunchProofs } from '../guard/launch-proofs.ts';
import { checkRequest, requestInfo } from '../guard/request-checks.ts';
import { nonceOf } from './host-proof.ts';
import type { PageAddress } from './page-address.ts';
import { forbidden, type PageFacts, type PageRefusal, refusePage } from './page-guard.ts';
import { isForeignUser, peerUser } from './peer-user.ts';
import type { Serve } from './static.ts';

/** What is served of the window at the link's origin, in the place of the page. */
const ENTRANCE_PAGE = '/entrance.html';

interface EntranceOptions {
  address: PageAddress & { entrance: NonNullable<PageAddress['entrance']> };
  proofs: Pick<LaunchProofs, 'of'>;
  /** Serves the files of the window. */
  serve: Serve;
  /** A browser was asked to remove what it kept of the page's origin. */
  onReset: () => void;
  /** This process's user; undefined where a system has no numbers for them. */
  user?: number | undefined;
  /** Whose program made a request; null: the system does not tell. */
  userOf?: (request: IncomingMessage) => number | null;
}

export interface Entrance {
  /** Whether a request is the entrance's to answer. */
  isAsked(request: IncomingMessage): boolean;
  /** @returns why it is refused, or null: it has been answered */
  answer(request: IncomingMessage, response: ServerResponse): PageRefusal | null;
  /** Another program may have had the port in the meantime: every browser removes what it kept once more. */
  renew(): void;
}

/**
 * The way in by the printed link (shared/entrance.ts). A request from the link's origin reaches the host past every worker that
 * another program left at the page's origin while it had this port: a browser asks a worker about its own pages only.
 */
export function createEntrance(options: EntranceOptions): Entrance {
  const { address, proofs, serve, user = process.getuid?.(), userOf = ({ socket }) => peerUser(socket) } = options;
  const { page, entrance } = address;
  let pass = randomBytes(32).toString('base64url');

  /** Another user's program that hands the request on, over a connection that the browser keeps with it. */
  const isForeign = (request: IncomingMessage) => isForeignUser(userOf(request), user);

  function reset(request: IncomingMessage, response: ServerResponse): PageRefusal | null {
    const refusal = refuseReset(requestInfo(request), address);
    if (refusal !== null) return refusal;
    if (isForeign(request)) return forbidden('another user');
    const connection = {
      path: RESET_PATH,
      host: page.host,
      origin: entrance.origin,
      nonce: nonceOf(request.url) ?? '',
    };
    const answer: ResetAnswer = { proof: proofs.of(connection).prove(), pass };
    options.onReset();
    response
      .writeHead(200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        // The Clear Site Data standard, section 3.1. Not "cookies": the ids of microphones would go with them.
        'Clear-Site-Data': '"cache", "storage"',
        'Access-Control-Allow-Origin': entrance.origin,
        'Access-Control-Allow-Credentials': 'true',
      })
      .end(JSON.stringify(answer));
    return null;
  }

  return {
    isAsked: ({ rawHeaders, url }) => {
      const [host = '', ...more] = headerValues(rawHeaders, ['host']).host;
      if (more.length > 0) return false;
      return host.endsWith(`.${page.host}`) || (host === page.host && pathOf(url) === RESET_PATH);
    },
    answer(request, response) {
      const facts = requestInfo(request);
      const { host, cookie } = headerValues(facts.rawHeaders, ['host', 'cookie']);
      if (host[0] === page.host) return reset(request, response);
      // A link of a former launch: the page finds out and says so. What it holds is worth nothing any more.
      const isFormer = host[0] !== entrance.host;
      const at = isFormer ? { host: host[0] ?? '', origin: `http://${host[0]}` } : entrance;
      const refusal = refusePage(facts, at, address);
      if (refusal !== null) return refusal;
      if (isFormer || (isPage(request.url) && hasPass(cookie, pass))) {
        // RFC 9110 section 10.2.2: the fragment goes along.
        response.writeHead(303, { Location: `${page.origin}/`, 'Cache-Control': 'no-store' }).end();
        return null;
      }
      if (isPage(request.url)) request.url = ENTRANCE_PAGE;
      serve(request, response);
      return null;
    },
    renew() {
      pass = randomBytes(32).toString('base64url');
    },
  };
}

/** Only the page of the link may ask, by the one way that a browser does not ask about before: pure. */
function refuseReset(facts: PageFacts, { page, entrance }: EntranceOptions['address']): PageRefusal | null {
  const why = checkRequest(facts, { hosts: [page.host], origin: entrance.origin, page: 'required' });
  if (why !== null) return forbidden(why);
  if (facts.method !== 'POST') return { status: 405, why: 'method', headers: { Allow: 'POST' }, words: 'POST only.' };
  if (nonceOf(facts.url) === null) return { status: 400, why: 'nonce', headers: {}, words: 'Bad request.' };
  return null;
}

function pathOf(url: string | undefined): string {
  return url?.split('?', 1)[0] ?? '';
}

function isPage(url: string | undefined): boolean {
  return ['/', '/index.html'].includes(pathOf(url));
}

/** RFC 6265 section 5.4. Another program's page below the same name may have added cookies: each of this name is looked at. */
function hasPass(cookies: readonly string[], pass: string): boolean {
  return cookies
    .flatMap((header) => header.split('; '))
    .some((pair) => pair.startsWith(`${PASS_COOKIE}=`) && matchesSecret(pair.slice(PASS_COOKIE.length + 1), pass));
}
