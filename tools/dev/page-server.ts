import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { createServer } from 'vite';
import { ROOT } from '../test-runner/run-tool.ts';

/** Vite's development server for the desktop app: serves the renderer from source, with hot reload. */
export interface PageServer {
  /** Port on 127.0.0.1 for files and for the socket that sends updates. */
  port: number;
  stop(): Promise<void>;
}

/** Starts Vite's development server on any free port. */
export async function startPageServer(): Promise<PageServer> {
  let serve: RequestListener = (_request, response) => response.writeHead(503).end();
  const http = createHttpServer((request, response) => serve(request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as { port: number };
  const vite = await createServer({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    // The same target as in the build: the older Electron of the tests lacks some CSS features.
    css: { transformer: 'lightningcss', lightningcss: { targets: { chrome: 120 << 16 } } },
    server: {
      // Vite must not create the server itself: it would then exit this process on SIGTERM, before Electron has ended.
      middlewareMode: true,
      // Set the port of the socket, because the page's address, earshot://app/, has none.
      ws: { server: http, protocol: 'ws', host: '127.0.0.1', clientPort: port },
      cors: false,
    },
  });
  serve = (request, response) => vite.middlewares(request, response);
  return {
    port,
    async stop() {
      await vite.close();
      http.close();
      http.closeAllConnections();
    },
  };
}
