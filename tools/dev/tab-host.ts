import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { startTab } from '../../main/web/tab.ts';
import { version } from '../../package.json';
import { describeError } from '../../shared/errors.ts';
import { relaxForVite } from './csp.ts';

// The host of `npm run dev:web`. It runs in a separate process, which tools/dev/tab.ts restarts when the source
// changes. Vite runs in the same process and serves the renderer from source, at the usual origin.

/** The parameters of the host. */
export interface DevPlan {
  /** 0: any free port; null: the default port. After the first start: the port that was used. */
  port: number | null;
  voicePort: number;
  /** The port of Vite's socket for updates. */
  hmrPort: number;
  dataDir: string;
  numericAddress: boolean;
  /** The same after every restart, so that an open tab can reconnect. */
  token: string;
}

/** The message that the host sends when it is running. */
export interface DevReady {
  url: string;
  /** Why the page is not on its default port, or null. */
  portNote: string | null;
  /** The address to open in a browser. */
  oneTimeUrl: string;
  port: number;
  voicePort: number;
}

async function run(plan: DevPlan): Promise<void> {
  let onVite: (vite: ViteDevServer) => void = () => undefined;
  const started = new Promise<ViteDevServer>((resolve) => {
    onVite = resolve;
  });
  const tab = await startTab({
    ...plan,
    version,
    rendererDir: '',
    dev: {
      serve: (request, response) => void started.then(({ middlewares }) => middlewares(request, response)),
      relax: (csp) => relaxForVite(csp, plan.hmrPort),
      token: plan.token,
    },
  });
  // Start Vite last, because an open tab reloads as soon as it can connect to Vite's socket.
  const vite = await createServer({
    configFile: join(import.meta.dirname, '../../vite.config.ts'),
    logLevel: 'warn',
    server: {
      middlewareMode: true,
      ws: { host: '127.0.0.1', port: plan.hmrPort },
      // The tab's server only passes same-origin requests on.
      cors: false,
    },
  });
  onVite(vite);
  process.once('disconnect', async () => {
    await Promise.all([tab.stop(), vite.close()]);
    process.exit(0);
  });
  const ready: DevReady = {
    url: tab.url,
    portNote: tab.portNote,
    oneTimeUrl: tab.oneTimeUrl(),
    port: Number(new URL(tab.origin).port),
    voicePort: tab.host.voicePort() ?? 0,
  };
  process.send?.(ready);
}

// Ctrl-C reaches the whole process group; tools/dev/tab.ts handles it.
process.on('SIGINT', () => undefined);
process.once('message', (plan) => {
  run(plan as DevPlan).catch((error) => {
    console.error(`earshot: ${describeError(error)}`);
    process.exit(1);
  });
});
