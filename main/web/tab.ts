import type { ServerResponse } from 'node:http';
import { describeError } from '../../shared/errors.ts';
import { HOST_PROOF_PATH } from '../../shared/host-proof.ts';
import { contentSecurityPolicy, securityHeaders } from '../csp.ts';
import { factsOf } from '../guard/door.ts';
import { ownHost, ownOrigin } from '../guard/own-address.ts';
import { createRefusalLog } from '../guard/refusal-log.ts';
import { superviseServer } from '../guard/supervise-server.ts';
import { type Host, startHost } from '../host.ts';
import { createBridgeSocket } from './bridge-socket.ts';
import { createEntryLink } from './entry-link.ts';
import { asksForHostProof, hostProof } from './host-proof.ts';
import { isRecordingPath, oversizedWords, refusePage, sendRefusal } from './page-guard.ts';
import { openPageServer } from './page-port.ts';
import { serveRecordings } from './recording-files.ts';
import { loadStaticFiles, type Serve, serveStatic } from './static.ts';

export interface TabOptions {
  /** Of the page; 0: the system chooses. Null: `DEFAULT_PAGE_PORT`, or another one where that can't be had. */
  port: number | null;
  /** Of the voice server; 0, the default: the system chooses. */
  voicePort?: number;
  /** Absolute. */
  dataDir: string;
  version: string;
  /** The built window. */
  rendererDir: string;
  /** For development only: the window comes from a bundler that is running, under a policy that it can work with. */
  dev?: DevRenderer;
}

interface DevRenderer {
  serve: Serve;
  /** Loosens the policy by what the bundler's own scripts need. */
  relax(csp: string): string;
  /** The same secret over a restart of the host, so that an open tab gets back in. */
  token: string;
}

export interface Tab {
  /** With the token in its fragment, a part that is never sent to a server. */
  url: string;
  /** `ws://127.0.0.1:<port>/ws/voice`; null while the voice server is down. */
  readonly voiceUrl: string | null;
  /** `http://127.0.0.1:<port>`; without the port where it is 80. */
  origin: string;
  /** Why the page is not at its default port, as a sentence; null where it is, or where another port was asked for. */
  portNote: string | null;
  token: string;
  /** Opens the metrics and nothing else. */
  metricsToken: string;
  dataDir: string;
  host: Host;
  /** A new address for a browser's command line, where every user of the machine may read it: it serves once. */
  entryUrl(): string;
  /** Closes sockets with 1001, finishes recordings and the log, frees both ports. Bounded, and safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Runs Earshot for browser tabs: the host, and a web server on 127.0.0.1 that hands out the window and carries its bridge.
 * @throws {EarshotError} `port_in_use`, `data_dir_unusable`, `renderer_missing`; nothing is left running then
 */
export async function startTab(options: TabOptions): Promise<Tab> {
  const { dev, dataDir, version } = options;
  const serve = dev?.serve ?? serveStatic(await loadStaticFiles(options.rendererDir));
  const { web, portNote } = await openPageServer(options.port);
  const origin = ownOrigin(web.port);

  let host: Host;
  try {
    host = await startHost({
      dataDir,
      origin,
      version,
      shell: 'tab',
      voicePort: options.voicePort ?? 0,
      ...(dev ? { token: dev.token } : {}),
    });
  } catch (error) {
    await web.close();
    throw error;
  }

  const csp = contentSecurityPolicy([web.port, ...host.voicePorts], [`${origin}${HOST_PROOF_PATH}`]);
  const headers = securityHeaders(dev ? dev.relax(csp) : csp);
  const bridge = createBridgeSocket({
    port: web.port,
    origin,
    proofs: host.proofs,
    handlers: host.handlers,
    log: host.log,
  });
  const refused = createRefusalLog(host.log, 'page');
  const entry = createEntryLink();
  const serveRecording = serveRecordings(host.serveRecording);
  const fragment = `/#token=${host.token}`;
  const page = { host: ownHost(web.port), origin };
  const unsubscribe = host.subscribe(bridge.notify);
  const supervisor = superviseServer({
    server: 'page',
    check: web.check,
    restart() {
      // Whoever had the port meanwhile may have been asked for recordings, at addresses that are good here.
      host.renewRecordingUrls();
      return web.listenAgain();
    },
    log: host.log,
  });
  web.serve({
    upgrade: bridge.upgrade,
    refused,
    oversized: (start, remoteAddress) => oversizedWords(start, remoteAddress, web.port, headers),
    trouble(error) {
      host.log('WARNING', { type: 'listener_failed', detail: describeError(error) });
      supervisor.look();
    },
    request(request, response) {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      const enters = entry.isAsked(request);
      const refusal = refusePage(factsOf(request), web.port) ?? (enters ? entry.take(request) : null);
      if (refusal === null) {
        if (isRecordingPath(request.url)) return serveRecording(request, response);
        if (asksForHostProof(request.url))
          return sendHostProof(response, hostProof(request.url ?? '', page, host.proofs));
        if (!enters) return serve(request, response);
        response.writeHead(303, { Location: fragment, 'Cache-Control': 'no-store' }).end();
        return;
      }
      refused(refusal.status, refusal.why);
      sendRefusal(response, refusal);
    },
  });

  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    supervisor.stop();
    // The host first: its last log records still reach the tabs.
    await host.stop();
    unsubscribe();
    await Promise.all([bridge.close(), web.close()]);
  }
  return {
    url: `${origin}${fragment}`,
    get voiceUrl() {
      return host.voiceUrl();
    },
    origin,
    portNote,
    token: host.token,
    metricsToken: host.proofs.metricsToken,
    dataDir,
    host,
    entryUrl: () => `${origin}${entry.renew()}`,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function sendHostProof(response: ServerResponse, proof: ReturnType<typeof hostProof>): void {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(proof === null ? 400 : 200, headers).end(JSON.stringify(proof ?? {}));
}
