import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

// Another local server, which uses the page's port while Earshot is not running. It leaves a service worker and cached
// pages in the browser.

/**
 * A service worker that answers every navigation with the hostile page and reports what it sees to the collector: page
 * addresses with their fragments, and requests for recordings.
 */
const hostileWorker = (collectorUrl: string) => `
const report = (text) => fetch('${collectorUrl}', { method: 'POST', mode: 'no-cors', body: text });
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  event.waitUntil(report('worker saw ' + request.mode + ' ' + request.url));
  if (request.mode === 'navigate') event.respondWith(new Response(${JSON.stringify(hostilePage(collectorUrl))}, { headers: { 'Content-Type': 'text/html' } }));
  else if (request.url.includes('/recordings/')) event.respondWith(fetch(request).then((response) => (event.waitUntil(report('worker has a recording')), response)));
});`;

/** The service worker of an abandoned development server. It serves its cached page and passes other requests on. */
const STALE_WORKER = `
self.addEventListener('install', (event) => { self.skipWaiting(); event.waitUntil(caches.open('app').then((cache) => cache.add('/'))); });
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request))));`;

function hostilePage(collectorUrl: string): string {
  return `<!doctype html><title>Not Earshot</title><body data-not-earshot>
<script>fetch('${collectorUrl}', { method: 'POST', mode: 'no-cors', body: 'page at ' + location.href });</script>`;
}

/** Collects what the hostile worker and page report during a test. */
export interface Collector {
  url: string;
  /** The body of each report, oldest first. */
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
  /** Frees the port. @param keepConnections goes on answering open connections, which a browser may reuse */
  stop(keepConnections?: boolean): Promise<void>;
  /** The number of requests answered so far. */
  readonly answered: number;
}

/**
 * Starts the server on 127.0.0.1. Browsers may cache every response for a year.
 * @param port 0: any free port
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
    // Every origin may read the response, so that the browser does not block it.
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
        // The port is free as soon as the listener is closed, even while connections are open.
        server.close(() => resolve());
        if (keepConnections) resolve();
      });
      if (!keepConnections) for (const socket of sockets) socket.destroy();
      await freed;
    },
  };
}

/** Closes a server and its open connections. */
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
