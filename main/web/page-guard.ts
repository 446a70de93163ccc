import type { IncomingMessage, ServerResponse } from 'node:http';
import { BRIDGE_PATH } from '../../shared/bridge.ts';

/** Why a request for the page is turned away, or null where it may go on. */
export interface PageRefusal {
  status: 400 | 403 | 405 | 426;
  headers: Record<string, string>;
  words: string;
}

export interface PageFacts {
  method?: string | undefined;
  url?: string | undefined;
  /** As they came: parsed ones hide a second `Host`. */
  rawHeaders: readonly string[];
}

/**
 * Decides on a plain HTTP request: pure. The exact `Host` is what stops DNS rebinding, where a foreign page's name
 * points at 127.0.0.1.
 * @param port the one the server is bound to
 */
export function refusePage(facts: PageFacts, port: number): PageRefusal | null {
  const hosts = facts.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'host');
  if (hosts.length !== 1 || hosts[0] !== `127.0.0.1:${port}`) {
    return { status: 403, headers: {}, words: `Earshot answers at http://127.0.0.1:${port}/ only.` };
  }
  const url = facts.url ?? '';
  if (!url.startsWith('/')) return { status: 400, headers: {}, words: 'Bad request.' };
  if (url.split('?', 1)[0] === BRIDGE_PATH) {
    // RFC 9110 section 15.5.22: a 426 names the protocol.
    return { status: 426, headers: { Upgrade: 'websocket' }, words: 'This is a WebSocket.' };
  }
  if (facts.method !== 'GET' && facts.method !== 'HEAD') {
    return { status: 405, headers: { Allow: 'GET, HEAD' }, words: 'GET and HEAD only.' };
  }
  return null;
}

/** Sends a refusal and ends the connection, so that a body which comes with it is not read. */
export function sendRefusal(response: ServerResponse<IncomingMessage>, { status, headers, words }: PageRefusal): void {
  response
    .writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
    .end(`${words}\n`);
}
