import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PASS_COOKIE, RESET_PATH, type ResetAnswer } from '../../shared/entrance.ts';
import { matchesSecret } from '../guard/compare-secret.ts';
import { headerValues } from '../guard/headers.ts';
import type { LaunchProofs } from '../guard/launch-proofs.ts';
import { checkRequest, pathOf, requestInfo } from '../guard/request-checks.ts';
import { nonceOf } from './host-proof.ts';
import type { PageAddress } from './page-address.ts';
import { forbidden, type PageFacts, type PageRefusal, refusePage } from './page-guard.ts';
import { isForeignUser, peerUser } from './peer-user.ts';
import type { Serve } from './static.ts';

/** The file served at the link's origin instead of the page. */
const ENTRANCE_PAGE = '/entrance.html';

interface EntranceOptions {
  address: PageAddress & { entrance: NonNullable<PageAddress['entrance']> };
  proofs: Pick<LaunchProofs, 'forConnection'>;
  /** Serves the files of the renderer. */
  serve: Serve;
  /** Called when a browser was told to clear the site data of the page's origin. */
  onReset: () => void;
  /** User id of this process; undefined on systems without user ids. */
  user?: number | undefined;
  /** User id of the program that made a request; null: unknown. */
  userOf?: (request: IncomingMessage) => number | null;
}

export interface Entrance {
  /** Whether the entrance handles a request. */
  handles(request: IncomingMessage): boolean;
  /** Answers a request. @returns why it is refused; null: it has been answered */
  answer(request: IncomingMessage, response: ServerResponse): PageRefusal | null;
  /** Call after another program may have had the port: every browser then clears its site data again. */
  renew(): void;
}

/**
 * Serves the page of the printed link, which clears the site data of the page's origin (shared/entrance.ts). Another
 * program may have left a service worker at the page's origin while it had this port. Requests from the link's origin
 * bypass it, because a service worker handles only requests of pages of its own origin.
 */
export function createEntrance(options: EntranceOptions): Entrance {
  const { address, proofs, serve, user = process.getuid?.(), userOf = ({ socket }) => peerUser(socket) } = options;
  const { page, entrance } = address;
  let pass = randomBytes(32).toString('base64url');

  /**
   * Whether another user's program forwarded the request, e.g. over a connection that the browser has kept open to it.
   */
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
    const answer: ResetAnswer = { proof: proofs.forConnection(connection).prove(), pass };
    options.onReset();
    response
      .writeHead(200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        // Clear Site Data, section 3.1. Without "cookies", which would also reset the ids of microphones.
        'Clear-Site-Data': '"cache", "storage"',
        'Access-Control-Allow-Origin': entrance.origin,
        'Access-Control-Allow-Credentials': 'true',
      })
      .end(JSON.stringify(answer));
    return null;
  }

  return {
    handles: ({ rawHeaders, url }) => {
      const [host = '', ...more] = headerValues(rawHeaders, ['host']).host;
      if (more.length > 0) return false;
      return host.endsWith(`.${page.host}`) || (host === page.host && pathOf(url) === RESET_PATH);
    },
    answer(request, response) {
      const facts = requestInfo(request);
      const { host, cookie } = headerValues(facts.rawHeaders, ['host', 'cookie']);
      if (host[0] === page.host) return reset(request, response);
      // A link of a previous launch redirects to the page, which reports that its token is invalid.
      const isOutdated = host[0] !== entrance.host;
      const at = isOutdated ? { host: host[0] ?? '', origin: `http://${host[0]}` } : entrance;
      const refusal = refusePage(facts, at, address);
      if (refusal !== null) return refusal;
      if (isOutdated || (isPage(request.url) && hasPass(cookie, pass))) {
        // RFC 9110 section 10.2.2: the browser keeps the fragment.
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

/** Accepts only a POST from the link's page, which is sent without a CORS preflight. Pure. */
function refuseReset(facts: PageFacts, { page, entrance }: EntranceOptions['address']): PageRefusal | null {
  const why = checkRequest(facts, { hosts: [page.host], origin: entrance.origin, page: 'required' });
  if (why !== null) return forbidden(why);
  if (facts.method !== 'POST') return { status: 405, why: 'method', headers: { Allow: 'POST' }, body: 'POST only.' };
  if (nonceOf(facts.url) === null) return { status: 400, why: 'nonce', headers: {}, body: 'Bad request.' };
  return null;
}

function isPage(url: string | undefined): boolean {
  return ['/', '/index.html'].includes(pathOf(url));
}

/**
 * RFC 6265 section 5.4. Checks every cookie of this name: pages of other programs on subdomains may have added some.
 */
function hasPass(cookies: readonly string[], pass: string): boolean {
  return cookies
    .flatMap((header) => header.split('; '))
    .some((pair) => pair.startsWith(`${PASS_COOKIE}=`) && matchesSecret(pair.slice(PASS_COOKIE.length + 1), pass));
}
