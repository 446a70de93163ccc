import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { createServer } from 'vite';
import { ROOT } from '../test-runner/run-tool.ts';

/** Serves the window from source to the desktop app, and tells it of changes. */
export interface PageServer {
  /** Of 127.0.0.1: both the files and the socket for changes. */
  port: number;
  stop(): Promise<void>;
}

/** Starts Vite's development server on a port that the system chooses. */
export async function startPageServer(): Promise<PageServer> {
  let serve: RequestListener = (_request, response) => response.writeHead(503).end();
  const http = createHttpServer((request, response) => serve(request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as { port: number };
  const vite = await createServer({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    // As in the build, whose target is the same: the older Electron for tests does not know all of today's CSS.
    css: { transformer: 'lightningcss', lightningcss: { targets: { chrome: 120 << 16 } } },
    server: {
      // With a server of its own, Vite ends this process at a SIGTERM, before Electron has been told.
      middlewareMode: true,
      // The page's own address, earshot://app/, has no port: the socket's is named.
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
