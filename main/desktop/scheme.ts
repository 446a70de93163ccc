import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { protocol, type Session } from 'electron';
import { RECORDINGS_PATH } from '../../shared/bridge.ts';
import { IMPORTS_PATH } from '../../shared/recording-import.ts';
import type { Host } from '../host/host.ts';
import { importResponse } from './import-response.ts';
import { isOwnUrl, ORIGIN, SCHEME } from './origin.ts';
import { recordingResponse } from './recording-response.ts';

// Electron's security checklist, item 18: a custom scheme instead of file://. It also covers item 1, since all content
// comes from the package, and item 7, a content security policy on every response.

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

// File names that the build produces. No segment may begin with a dot, and `%`, `\`, `:` and NUL are not allowed: a
// path that matches can't leave its folder on any platform.
const ASSET_PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/;

/**
 * Makes `earshot://` an origin like https: a secure context with storage, fetch and a code cache, whose media can be
 * played while it loads (`stream`). Call before `ready`.
 */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true },
    },
  ]);
}

/** What the page may fetch besides its own files: recordings, to export them, and the uploads of imports. */
export const FETCHED_URLS: readonly string[] = [`${ORIGIN}${RECORDINGS_PATH}`, `${ORIGIN}${IMPORTS_PATH}`];

type ServedHost = Pick<Host, 'serveRecording' | 'receiveImport'>;

/** The files of the overlay's page: itself, and what the build made for it. */
const OVERLAY_PATH = /^\/(?:overlay\.html|assets\/[A-Za-z0-9_.-]+)$/;

/**
 * Serves the overlay's page and nothing else to its session: no recordings, no uploads, not the page of the windows.
 * Call after `ready`.
 */
export function setupOverlayScheme(session: Session, root: string, headers: Record<string, string>): void {
  const serve = pageServer(root, headers, null);
  session.protocol.handle(SCHEME, async (request) =>
    URL.canParse(request.url) && OVERLAY_PATH.test(new URL(request.url).pathname)
      ? serve(request)
      : new Response(null, { status: 404, headers }),
  );
}

/** What the page's responses need from the running host. */
export interface PageHost {
  /** Headers of every response. */
  headers: Record<string, string>;
  host: ServedHost;
}

/**
 * Serves the built page from `root`, recordings and uploads at `earshot://app/`. Call after `ready`. Requests wait until
 * the returned function is called, so a window can start the page's process before the host runs.
 */
export function setupScheme(root: string): (running: PageHost) => void {
  let serve: (running: PageHost) => void = () => {};
  const server = new Promise<PageHost>((resolve) => {
    serve = resolve;
  }).then(({ headers, host }) => pageServer(root, headers, host));
  protocol.handle(SCHEME, async (request) => (await server)(request));
  return serve;
}

type PageRequest = Pick<Request, 'url' | 'method' | 'headers' | 'body'>;

/**
 * Answers a request for a recording, and the upload of a piece of an import.
 * @param headers headers of every response
 * @returns null if the request is for something else
 */
export function hostResponse(
  request: PageRequest,
  headers: Record<string, string>,
  { serveRecording, receiveImport }: ServedHost,
): Promise<Response> | null {
  const { url, method } = request;
  if (!isOwnUrl(url)) return null;
  const { pathname } = new URL(url);
  if (method === 'PUT' && pathname.startsWith(IMPORTS_PATH)) return importResponse(request, headers, receiveImport);
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && pathname.startsWith(RECORDINGS_PATH) ? recordingResponse(request, headers, serveRecording) : null;
}

/**
 * Returns a handler that answers GET and HEAD for recordings and for files under `root`: 200, 404 if there is no such
 * file, 405 for other methods. `PUT` is for uploads only.
 * @param headers headers of every response, including errors
 * @param host null: serves no recordings and takes no uploads
 */
export function pageServer(
  root: string,
  headers: Record<string, string>,
  host: ServedHost | null,
): (request: PageRequest) => Promise<Response> {
  return async (request) => {
    const { url, method } = request;
    const refuse = (status: number, more?: Record<string, string>) =>
      new Response(null, { status, headers: { ...headers, ...more } });
    const answer = host && hostResponse(request, headers, host);
    if (answer !== null) return answer;
    if (method !== 'GET' && method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
    if (!isOwnUrl(url)) return refuse(404);
    const { pathname } = new URL(url);
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
