import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { EarshotError } from '../../shared/errors.ts';
import { pathOf } from '../guard/request-checks.ts';
import { text } from '../text/text.ts';

/**
 * Content types of the renderer's files. Others are sent as `application/octet-stream`, which `nosniff` makes inert.
 */
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** `name-<hash>.ext`, Vite's names for immutable files. */
const HASHED = /^\/assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

interface StaticFile {
  body: Buffer;
  headers: Readonly<Record<'Content-Type' | 'Content-Length' | 'Cache-Control' | 'ETag', string>>;
}

/** The files of the built renderer by path, e.g. `/assets/index-B4x_9fQ2.js`; the page itself also as `/`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

/**
 * Reads the built renderer into memory (less than 1 MB). A new build then does not change files while a tab is loading,
 * and path traversal is impossible, because requests only look up keys of the map.
 * @throws {EarshotError} `renderer_missing` when there is no built renderer in `dir`
 */
export async function loadStaticFiles(dir: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const path = encodeURI(`/${relative(dir, file).split(sep).join('/')}`);
      files.set(path, toFile(path, await readFile(file)));
    }
  } catch (cause) {
    throw rendererMissing(dir, cause);
  }
  const page = files.get('/index.html');
  if (!page) throw rendererMissing(dir);
  return files.set('/', page);
}

function rendererMissing(dir: string, cause?: unknown): EarshotError {
  return new EarshotError('renderer_missing', text.web.notBuilt({ dir }), {
    cause,
  });
}

function toFile(path: string, body: Buffer): StaticFile {
  return {
    body,
    headers: {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Content-Length': String(body.byteLength),
      'Cache-Control': cacheControl(path),
      ETag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    },
  };
}

/**
 * A year for names with a hash. Pages are never cached, so that no old page is shown. Other files are revalidated
 * (304).
 */
function cacheControl(path: string): string {
  if (HASHED.test(path)) return 'public, max-age=31536000, immutable';
  return extname(path) === '.html' ? 'no-store' : 'no-cache';
}

/** Answers a request whose method and `Host` have been checked. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves the given files, and 404 for every other path. */
export function serveStatic(files: StaticFiles): Serve {
  return (request, response) => {
    const file = files.get(pathOf(request.url));
    if (!file) {
      response
        .writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
        .end(`${text.refusal.notFound}\n`);
      return;
    }
    const { ETag, 'Cache-Control': cacheControl } = file.headers;
    // RFC 9110 section 13.1.2, for a single strong tag only.
    if (request.headers['if-none-match'] === ETag) {
      response.writeHead(304, { ETag, 'Cache-Control': cacheControl }).end();
    } else {
      response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
    }
  };
}
