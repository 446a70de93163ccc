import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PASS_COOKIE, RESET_PATH, type ResetAnswer } from '../../shared/link-page.ts';
import { matchesSecret } from '../guard/compare-secret.ts';
import { headerValues } from '../guard/headers.ts';
import type { LaunchProofs } from '../guard/launch-proofs.ts';
import { checkRequest, pathOf, requestInfo } from '../guard/request-checks.ts';
import { nonceOf } from './host-proof.ts';
import type { PageAddress } from './page-address.ts';
import { forbidden, type PageRefusal, type PageRequest, refusePage } from './page-guard.ts';
import { isForeignUser, peerUser } from './peer-user.ts';
import type { Serve } from './static.ts';

/** Path of the link page's file in the renderer. */
const LINK_PAGE_PATH = '/link-page.html';

interface LinkPageOptions {
  address: PageAddress & { linkPage: NonNullable<PageAddress['linkPage']> };
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

export interface LinkPage {
  /** Whether a request is for the link page: for its origin, or `POST /reset`. */
  handles(request: IncomingMessage): boolean;
  /** Answers a request. @returns why it is refused; null: it has been answered */
  answer(request: IncomingMessage, response: ServerResponse): PageRefusal | null;
  /** Makes every browser clear its site data again. Call it after another program may have had the port. */
  renew(): void;
}

/**
 * Serves the link page: the page that the printed link opens. It clears the site data of the page's origin before it
 * redirects there (shared/link-page.ts), because another program that had this port may have left a service worker at
 * that origin. The worker does not see the link page's requests: it handles only those of pages of its own origin.
 */
export function createLinkPage(options: LinkPageOptions): LinkPage {
  const { address, proofs, serve, user = process.getuid?.(), userOf = ({ socket }) => peerUser(socket) } = options;
  const { page, linkPage } = address;
  let pass = randomBytes(32).toString('base64url');

  /** Whether another user's program sent the request, e.g. to forward one from a connection that a browser kept open. */
  const isFromOtherUser = (request: IncomingMessage) => isForeignUser(userOf(request), user);

  function reset(request: IncomingMessage, response: ServerResponse): PageRefusal | null {
    const refusal = refuseReset(requestInfo(request), address);
    if (refusal !== null) return refusal;
    if (isFromOtherUser(request)) return forbidden('another user');
    const connection = {
      path: RESET_PATH,
      host: page.host,
      origin: linkPage.origin,
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
        'Access-Control-Allow-Origin': linkPage.origin,
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
      const info = requestInfo(request);
      const { host, cookie } = headerValues(info.rawHeaders, ['host', 'cookie']);
      if (host[0] === page.host) return reset(request, response);
      // A link of a previous launch redirects to the page, which reports that its token is invalid.
      const isOutdated = host[0] !== linkPage.host;
      const requestedOrigin = isOutdated ? { host: host[0] ?? '', origin: `http://${host[0]}` } : linkPage;
      const refusal = refusePage(info, requestedOrigin, address);
      if (refusal !== null) return refusal;
      if (isOutdated || (isPage(request.url) && hasPass(cookie, pass))) {
        // RFC 9110 section 10.2.2: the browser keeps the fragment.
        response.writeHead(303, { Location: `${page.origin}/`, 'Cache-Control': 'no-store' }).end();
        return null;
      }
      if (isPage(request.url)) request.url = LINK_PAGE_PATH;
      serve(request, response);
      return null;
    },
    renew() {
      pass = randomBytes(32).toString('base64url');
    },
  };
}

/** Refuses all but a POST from the link page, which browsers send without a CORS preflight. Pure. */
function refuseReset(request: PageRequest, { page, linkPage }: LinkPageOptions['address']): PageRefusal | null {
  const why = checkRequest(request, { hosts: [page.host], origin: linkPage.origin, page: 'required' });
  if (why !== null) return forbidden(why);
  if (request.method !== 'POST') return { status: 405, why: 'method', headers: { Allow: 'POST' }, body: 'POST only.' };
  if (nonceOf(request.url) === null) return { status: 400, why: 'nonce', headers: {}, body: 'Bad request.' };
  return null;
}

function isPage(url: string | undefined): boolean {
  return ['/', '/index.html'].includes(pathOf(url));
}

/**
 * Whether a `Cookie` header (RFC 6265 section 5.4) has the pass. Checks every cookie of this name, because pages of other
 * programs may have set some for a parent domain.
 */
function hasPass(cookies: readonly string[], pass: string): boolean {
  return cookies
    .flatMap((header) => header.split('; '))
    .some((pair) => pair.startsWith(`${PASS_COOKIE}=`) && matchesSecret(pair.slice(PASS_COOKIE.length + 1), pass));
}
