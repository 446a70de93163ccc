import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { startTab } from '../../main/web/tab.ts';
import { version } from '../../package.json';
import { describeError } from '../../shared/errors.ts';
import { relaxForVite } from './csp.ts';

// The host of `npm run dev:web`, in a process of its own that tools/dev/tab.ts replaces when its source changes. Vite
// runs inside it and serves the window from source, at the same origin as always.

/** What the host is to run with. */
export interface DevPlan {
  /** 0: the system chooses; null: the default one. From the first start on, the one that it was. */
  port: number | null;
  voicePort: number;
  /** Where Vite tells the page of changes. */
  hmrPort: number;
  dataDir: string;
  numericAddress: boolean;
  /** The same over restarts, so that an open tab gets back in. */
  token: string;
}

/** Said once the host runs. */
export interface DevReady {
  url: string;
  /** Why the page is not at its default port, or null. */
  portNote: string | null;
  /** For a browser's command line. */
  entryUrl: string;
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
  // Last: by its socket an open tab learns that the host is back, and asks for its page in the same moment.
  const vite = await createServer({
    configFile: join(import.meta.dirname, '../../vite.config.ts'),
    logLevel: 'warn',
    server: {
      middlewareMode: true,
      ws: { host: '127.0.0.1', port: plan.hmrPort },
      // What the tab's own server lets through is same-origin.
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
    entryUrl: tab.entryUrl(),
    port: Number(new URL(tab.origin).port),
    voicePort: tab.host.voicePort() ?? 0,
  };
  process.send?.(ready);
}

// Ctrl-C reaches the whole process group; tools/dev/tab.ts is the one that decides.
process.on('SIGINT', () => undefined);
process.once('message', (plan) => {
  run(plan as DevPlan).catch((error) => {
    console.error(`earshot: ${describeError(error)}`);
    process.exit(1);
  });
});
