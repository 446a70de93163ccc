import type { IncomingMessage, ServerResponse } from 'node:http';
import { BRIDGE_PATH, RECORDINGS_PATH } from '../../shared/bridge.ts';
import { type DoorFacts, refusedAtDoor } from '../guard/door.ts';
import { headerValues } from '../guard/headers.ts';
import { ownOrigin } from '../guard/own-address.ts';
import { asksForHostProof } from './host-proof.ts';

/** Why a request for the page is turned away, or null where it may go on. */
export interface PageRefusal {
  status: 400 | 403 | 405 | 410 | 426;
  /** For our own log. */
  why: string;
  headers: Record<string, string>;
  words: string;
}

export interface PageFacts extends DoorFacts {
  method?: string | undefined;
  url?: string | undefined;
}

/**
 * Decides on a plain HTTP request: pure. The same door as for a socket; the secret comes later, with the bridge, because
 * the page that knows it is what is asked for here.
 * @param port the one the server is bound to
 */
export function refusePage(facts: PageFacts, port: number): PageRefusal | null {
  const origin = ownOrigin(port);
  const why = refusedAtDoor(facts, { port, origin, page: 'optional' });
  // Whoever typed `localhost` is told the way; it is no secret. Everyone else gets the bare status.
  if (why !== null)
    return {
      status: 403,
      why,
      headers: {},
      words: why === 'host' ? `Earshot answers at ${origin}/ only.` : 'Forbidden.',
    };
  const url = facts.url ?? '';
  if (!url.startsWith('/')) return { status: 400, why: 'request target', headers: {}, words: 'Bad request.' };
  if (url.split('?', 1)[0] === BRIDGE_PATH) {
    // RFC 9110 section 15.5.22: a 426 names the protocol.
    return { status: 426, why: 'no upgrade', headers: { Upgrade: 'websocket' }, words: 'This is a WebSocket.' };
  }
  if (facts.method !== 'GET' && facts.method !== 'HEAD') {
    return { status: 405, why: 'method', headers: { Allow: 'GET, HEAD' }, words: 'GET and HEAD only.' };
  }
  // The page itself may be reached by a link from anywhere; what people have said, and the proof of this launch, may not.
  if ((isRecordingPath(url) || asksForHostProof(url)) && isFromForeignPage(facts.rawHeaders)) {
    return { status: 403, why: 'foreign page', headers: {}, words: 'Forbidden.' };
  }
  return null;
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
    .writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
    .end(`${words}\n`);
}
