import type { IncomingMessage, ServerResponse } from 'node:http';
import { BRIDGE_PATH, RECORDINGS_PATH } from '../../shared/bridge.ts';
import { IMPORTS_PATH } from '../../shared/recording-import.ts';
import { headerValues } from '../guard/headers.ts';
import { type RefusalResponse, respondAndClose } from '../guard/refuse.ts';
import { checkRequest, pathOf, type RequestOrigin } from '../guard/request-checks.ts';
import type { RequestStart } from '../guard/request-start.ts';
import { text } from '../text/text.ts';
import { cookieRefusal, hasTooManyCookies } from './cookie-refusal.ts';
import { isHostProofRequest } from './host-proof.ts';
import type { PageAddress, ServedOrigin } from './page-address.ts';

/** The answer to a refused request for the page. */
export interface PageRefusal {
  status: 400 | 403 | 405 | 410 | 426 | 431;
  /** The reason, for the log. */
  why: string;
  /** Added to the common headers; replaces those of the same name. */
  headers: Record<string, string>;
  /** The body. Plain text, unless the headers have another content type. */
  body: string;
}

export interface PageRequest extends RequestOrigin {
  method?: string | undefined;
  url?: string | undefined;
}

/**
 * Checks an HTTP request. Pure. Makes the same checks as for a WebSocket, except for the secret: the page is public,
 * and the bridge checks the secret later.
 * @param at the origin that the request must be for, one of `address`
 * @returns why the request is refused, or null
 */
export function refusePage(request: PageRequest, at: ServedOrigin, address: PageAddress): PageRefusal | null {
  const isUpload = isImportUpload(request);
  // Browsers send `Origin` with every PUT (Fetch standard, section 3.2).
  const page = isUpload ? 'required' : 'optional';
  const why = checkRequest(request, { hosts: [at.host], origin: at.origin, page });
  if (why === 'host') return refuseHost(request, address);
  if (why !== null) return forbidden(why);
  if (hasTooManyCookies(request.rawHeaders)) return cookieRefusal(request.rawHeaders);
  const url = request.url ?? '';
  if (!url.startsWith('/')) return { status: 400, why: 'request target', headers: {}, body: text.refusal.badRequest };
  if (pathOf(url) === BRIDGE_PATH) {
    // RFC 9110 section 15.5.22: a 426 names the protocol.
    return { status: 426, why: 'no upgrade', headers: { Upgrade: 'websocket' }, body: text.refusal.webSocket };
  }
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isUpload) {
    return { status: 405, why: 'method', headers: { Allow: 'GET, HEAD' }, body: text.refusal.method };
  }
  // Service Workers, section 4.1: browsers send this header when they fetch a worker's script. Earshot has no service
  // worker.
  if (headerValues(request.rawHeaders, ['service-worker'])['service-worker'].length > 0)
    return forbidden('service worker');
  // Other sites may link to the page itself, but not to recordings or the proof of this launch.
  if ((isUpload || isRecordingPath(url) || isHostProofRequest(url)) && isFromForeignPage(request.rawHeaders)) {
    return forbidden('foreign page');
  }
  return null;
}

/**
 * The answer to a request whose headers are too large to parse. In a browser, cookies cause that. Requests with a
 * foreign `Host`, origin or remote address get only the status.
 * @param start start of the request; null: unknown
 * @param common headers of every response
 * @returns null: answer with the status only
 */
export function oversizedResponse(
  start: RequestStart | null,
  remoteAddress: string | undefined,
  { page, linkPage }: PageAddress,
  common: Readonly<Record<string, string>>,
): RefusalResponse | null {
  if (start === null) return null;
  const { rawHeaders } = start;
  const hosts = linkPage === null ? [page.host] : [page.host, linkPage.host];
  if (checkRequest({ rawHeaders, remoteAddress }, { hosts, origin: page.origin, page: 'optional' }) !== null)
    return null;
  const { headers, body } = cookieRefusal(rawHeaders);
  return { headers: { ...common, ...TEXT, ...headers }, body: start.method === 'HEAD' ? '' : `${body}\n` };
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };

export function forbidden(why: string): PageRefusal {
  return { status: 403, why, headers: {}, body: text.refusal.forbidden };
}

/**
 * Explains a wrong address to the user, without the page's name: a program that does not know the name must not learn
 * it.
 */
function refuseHost({ rawHeaders }: PageRequest, { page, numeric }: PageAddress): PageRefusal {
  if (page.host === numeric.host) return { ...forbidden('host'), body: text.refusal.otherHost(page) };
  const isNumeric = headerValues(rawHeaders, ['host']).host.join() === numeric.host;
  return {
    ...forbidden(isNumeric ? 'numeric address' : 'host'),
    body: text.refusal.notThePage,
  };
}

/** Whether a request uploads a piece of an imported file. */
export function isImportUpload({ method, url }: Pick<PageRequest, 'method' | 'url'>): boolean {
  return method === 'PUT' && (url?.startsWith(IMPORTS_PATH) ?? false);
}

/** Whether a request is for a recording. */
export function isRecordingPath(url: string | undefined): boolean {
  return url?.startsWith(RECORDINGS_PATH) ?? false;
}

/**
 * Whether a page of another origin caused the request (Fetch Metadata, section 2.1). Browsers send this header even
 * where they send no `Origin`, as for `<audio>` and links. `none` means a user action, such as a bookmark. Programs
 * other than browsers do not send it.
 */
function isFromForeignPage(rawHeaders: readonly string[]): boolean {
  const { 'sec-fetch-site': sites } = headerValues(rawHeaders, ['sec-fetch-site']);
  return sites.some((site) => site !== 'same-origin' && site !== 'none');
}

/** Sends a refusal and closes the connection. */
export function sendRefusal(response: ServerResponse<IncomingMessage>, { status, headers, body }: PageRefusal): void {
  respondAndClose(response, status, { ...TEXT, ...headers }, `${body}\n`);
}
