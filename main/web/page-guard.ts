import type { IncomingMessage, ServerResponse } from 'node:http';
import { BRIDGE_PATH, RECORDINGS_PATH } from '../../shared/bridge.ts';
import { headerValues } from '../guard/headers.ts';
import type { RefusalWords } from '../guard/refuse.ts';
import { checkRequest, type RequestOrigin } from '../guard/request-checks.ts';
import type { RequestStart } from '../guard/request-start.ts';
import { cookieRefusal, hasTooManyCookies } from './cookie-refusal.ts';
import { isHostProofRequest } from './host-proof.ts';
import type { PageAddress, ServedOrigin } from './page-address.ts';

/** Why a request for the page is turned away, or null where it may go on. */
export interface PageRefusal {
  status: 400 | 403 | 405 | 410 | 426 | 431;
  /** For our own log. */
  why: string;
  /** Beside those of every answer, or in their place. */
  headers: Record<string, string>;
  /** Plain text, unless the headers say otherwise. */
  words: string;
}

export interface PageFacts extends RequestOrigin {
  method?: string | undefined;
  url?: string | undefined;
}

/**
 * Decides on a plain HTTP request: pure. The same door as for a socket; the secret comes later, with the bridge, because
 * the page that knows it is what is asked for here.
 * @param at the origin that answers, one of the address
 */
export function refusePage(facts: PageFacts, at: ServedOrigin, address: PageAddress): PageRefusal | null {
  const why = checkRequest(facts, { hosts: [at.host], origin: at.origin, page: 'optional' });
  if (why === 'host') return refuseHost(facts, address);
  if (why !== null) return forbidden(why);
  if (hasTooManyCookies(facts.rawHeaders)) return cookieRefusal(facts.rawHeaders);
  const url = facts.url ?? '';
  if (!url.startsWith('/')) return { status: 400, why: 'request target', headers: {}, words: 'Bad request.' };
  if (url.split('?', 1)[0] === BRIDGE_PATH) {
    // RFC 9110 section 15.5.22: a 426 names the protocol.
    return { status: 426, why: 'no upgrade', headers: { Upgrade: 'websocket' }, words: 'This is a WebSocket.' };
  }
  if (facts.method !== 'GET' && facts.method !== 'HEAD') {
    return { status: 405, why: 'method', headers: { Allow: 'GET, HEAD' }, words: 'GET and HEAD only.' };
  }
  // Service Workers, section 4.1: a browser says so of the script of one. Earshot has none, and nobody may install one here.
  if (headerValues(facts.rawHeaders, ['service-worker'])['service-worker'].length > 0)
    return forbidden('service worker');
  // The page itself may be reached by a link from anywhere; what people have said, and the proof of this launch, may not.
  if ((isRecordingPath(url) || isHostProofRequest(url)) && isFromForeignPage(facts.rawHeaders)) {
    return forbidden('foreign page');
  }
  return null;
}

/**
 * What is told to the sender of a request whose headers are too large to be read. Only to who would get the page: to any other
 * name, page or machine the status alone. Cookies are what makes a browser's headers large.
 * @param start null: nothing is known of it
 * @param common headers of every answer
 */
export function oversizedWords(
  start: RequestStart | null,
  remoteAddress: string | undefined,
  { page, entrance }: PageAddress,
  common: Readonly<Record<string, string>>,
): RefusalWords | null {
  if (start === null) return null;
  const { rawHeaders } = start;
  const hosts = entrance === null ? [page.host] : [page.host, entrance.host];
  if (checkRequest({ rawHeaders, remoteAddress }, { hosts, origin: page.origin, page: 'optional' }) !== null)
    return null;
  const { headers, words } = cookieRefusal(rawHeaders);
  return { headers: { ...common, ...TEXT, ...headers }, body: start.method === 'HEAD' ? '' : `${words}\n` };
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };

export function forbidden(why: string): PageRefusal {
  return { status: 403, why, headers: {}, words: 'Forbidden.' };
}

/** A person is told the way, whatever they typed or kept as a bookmark; the page's name is told to nobody who does not know it. */
function refuseHost({ rawHeaders }: PageFacts, { page, numeric }: PageAddress): PageRefusal {
  if (page.host === numeric.host) return { ...forbidden('host'), words: `Earshot answers at ${page.origin}/ only.` };
  const isNumeric = headerValues(rawHeaders, ['host']).host.join() === numeric.host;
  return {
    ...forbidden(isNumeric ? 'numeric address' : 'host'),
    words:
      'This is not the address of Earshot’s page. Open the whole link that Earshot printed in the terminal when it started. ' +
      'If the browser can’t find that address, start Earshot with --numeric-address.',
  };
}

/** Whether a request's target is where recordings are. */
export function isRecordingPath(url: string | undefined): boolean {
  return url?.startsWith(RECORDINGS_PATH) ?? false;
}

/**
 * Fetch Metadata, section 2.1: a browser says where a request comes from, also where it sends no `Origin`, as for an `<audio>`
 * or a link. `none` is the person's own doing; a program that is no browser says nothing.
 */
function isFromForeignPage(rawHeaders: readonly string[]): boolean {
  const { 'sec-fetch-site': sites } = headerValues(rawHeaders, ['sec-fetch-site']);
  return sites.some((site) => site !== 'same-origin' && site !== 'none');
}

/** Sends a refusal and ends the connection, so that a body which comes with it is not read. */
export function sendRefusal(response: ServerResponse<IncomingMessage>, { status, headers, words }: PageRefusal): void {
  response
    .writeHead(status, { 'Cache-Control': 'no-store', ...TEXT, ...headers, Connection: 'close' })
    .end(`${words}\n`);
}
