import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { protocol } from 'electron';
import { RECORDINGS_PATH } from '../../shared/bridge.ts';
import type { Host } from '../host/host.ts';
import { isOwnUrl, SCHEME } from './origin.ts';
import { recordingResponse } from './recording-response.ts';

// Electron's security checklist, item 18: a custom scheme instead of file://. With it item 1, everything comes out of the
// package, and item 7, a policy on every response.

const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

// Names as the build writes them. No segment may begin with a dot, and `%`, `\`, `:` and NUL are not in the alphabet:
// a path that matches can't leave its folder, whatever the platform makes of it.
const ASSET_PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/;

/**
 * Makes `earshot://` an origin like https: a secure context with storage, fetch and cached code, whose answers may be played
 * while they arrive (`stream`). Before `ready` only.
 */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true },
    },
  ]);
}

/** Serves the built page from `root`, and recordings, to `earshot://app/`. After `ready`. */
export function setupScheme(
  root: string,
  headers: Record<string, string>,
  serveRecording: Host['serveRecording'],
): void {
  protocol.handle(SCHEME, pageServer(root, headers, serveRecording));
}

/**
 * A handler that answers GET and HEAD for recordings and for files under `root`: 200, 404 for what is not there, 405 for
 * other methods.
 * @param headers of every response, errors too
 */
export function pageServer(
  root: string,
  headers: Record<string, string>,
  serveRecording: Host['serveRecording'],
): (request: Pick<Request, 'url' | 'method' | 'headers'>) => Promise<Response> {
  return async (request) => {
    const { url, method } = request;
    const refuse = (status: number, more?: Record<string, string>) =>
      new Response(null, { status, headers: { ...headers, ...more } });
    if (method !== 'GET' && method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
    if (!isOwnUrl(url)) return refuse(404);
    const { pathname } = new URL(url);
    if (pathname.startsWith(RECORDINGS_PATH)) return recordingResponse(request, headers, serveRecording);
    const path = pathname.replace(/^\/?$/, '/index.html');
    const type = MIME[extname(path)];
    if (type === undefined || !ASSET_PATH.test(path)) return refuse(404);
    let body: Uint8Array<ArrayBuffer>;
    try {
      body = new Uint8Array(await readFile(join(root, path)));
    } catch {
      return refuse(404);
    }
    return new Response(method === 'HEAD' ? null : body, {
      headers: { ...headers, 'Content-Type': type, 'Content-Length': String(body.byteLength) },
    });
  };
}
