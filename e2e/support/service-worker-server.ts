import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

// Another local server that has the page's port while Earshot does not run, and what it leaves in the browser.

/**
 * A service worker that answers every navigation in the place of whoever serves, and tells all that it sees: the addresses of
 * pages with their fragments, and the bytes of recordings.
 */
const hostileWorker = (collectorUrl: string) => `
const tell = (text) => fetch('${collectorUrl}', { method: 'POST', mode: 'no-cors', body: text });
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  event.waitUntil(tell('worker saw ' + request.mode + ' ' + request.url));
  if (request.mode === 'navigate') event.respondWith(new Response(${JSON.stringify(hostilePage(collectorUrl))}, { headers: { 'Content-Type': 'text/html' } }));
  else if (request.url.includes('/recordings/')) event.respondWith(fetch(request).then((response) => (event.waitUntil(tell('worker has a recording')), response)));
});`;

/** One of somebody's development server that was forgotten: it serves the page that it has kept, and everything else passes. */
const STALE_WORKER = `
self.addEventListener('install', (event) => { self.skipWaiting(); event.waitUntil(caches.open('app').then((cache) => cache.add('/'))); });
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request))));`;

function hostilePage(collectorUrl: string): string {
  return `<!doctype html><title>Not Earshot</title><body data-not-earshot>
<script>fetch('${collectorUrl}', { method: 'POST', mode: 'no-cors', body: 'page at ' + location.href });</script>`;
}

/** Something that hears what the worker and the page tell, for as long as the test runs. */
export interface Collector {
  url: string;
  /** Each message. */
  readonly messages: string[];
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const messages: string[] = [];
  const server = createServer(async (request, response) => {
    messages.push(await bodyOf(request));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    messages,
    close: () => closed(server),
  };
}

export interface ServiceWorkerServer {
  port: number;
  /** Frees the port. @param keepConnections those that stand go on being answered: a browser may use them again */
  stop(keepConnections?: boolean): Promise<void>;
  /** Requests that were answered. */
  readonly answered: number;
}

/**
 * Starts it on a port of 127.0.0.1; every page and file may be cached for a year.
 * @param port 0: any that is free
 */
export async function startServiceWorkerServer(
  port: number,
  { kind, collectorUrl }: { kind: 'hostile' | 'stale'; collectorUrl: string },
): Promise<ServiceWorkerServer> {
  let answered = 0;
  const sockets = new Set<Socket>();
  const page =
    kind === 'hostile' ? hostilePage(collectorUrl) : '<!doctype html><title>Some app</title><body data-not-earshot>';
  const server = createServer((request, response) => {
    answered += 1;
    const isWorker = request.url === '/worker.js';
    // Whoever asks may read it, so that no browser stops what is said here.
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.setHeader('Content-Type', isWorker ? 'text/javascript' : 'text/html');
    if (isWorker) response.end(kind === 'hostile' ? hostileWorker(collectorUrl) : STALE_WORKER);
    else response.end(page);
  });
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get answered() {
      return answered;
    },
    async stop(keepConnections = false) {
      const freed = new Promise<void>((resolve) => {
        // The port is free as soon as the listener is closed; connections that stand are another matter.
        server.close(() => resolve());
        if (keepConnections) resolve();
      });
      if (!keepConnections) for (const socket of sockets) socket.destroy();
      await freed;
    },
  };
}

/** Ends with the browser's connections. */
function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}
