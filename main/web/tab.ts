import type { IncomingMessage, ServerResponse } from 'node:http';
import { RESET_PATH } from '../../shared/entrance.ts';
import { describeError, type EarshotError } from '../../shared/errors.ts';
import { HOST_PROOF_PATH } from '../../shared/host-proof.ts';
import { contentSecurityPolicy, securityHeaders } from '../guard/csp.ts';
import { createRefusalLog } from '../guard/refusal-log.ts';
import { requestInfo } from '../guard/request-checks.ts';
import { superviseServer } from '../guard/supervise-server.ts';
import { prepareDataFolder } from '../host/data-folder.ts';
import { type Host, startHost } from '../host/host.ts';
import { createBridgeSocket } from './bridge-socket.ts';
import { createEntrance } from './entrance.ts';
import { createEntryLink } from './entry-link.ts';
import { hostProof, isHostProofRequest } from './host-proof.ts';
import { type PageAddress, pageAddress } from './page-address.ts';
import { isRecordingPath, oversizedWords, type PageRefusal, refusePage, sendRefusal } from './page-guard.ts';
import { keptPageName } from './page-name.ts';
import { openPageServer } from './page-port.ts';
import { serveRecordings } from './recording-files.ts';
import { loadStaticFiles, type Serve, serveStatic } from './static.ts';

/** What `--numeric-address` costs, as a sentence. */
export const NUMERIC_ADDRESS_RISK =
  'The page is at 127.0.0.1: what another program left in the browser for this address and port, such as a service worker, ' +
  'can read the link’s secret and the recordings, and cookies of other local servers reach Earshot.';

export interface TabOptions {
  /** Of the page; 0: the system chooses. Null: `DEFAULT_PAGE_PORT`, or another one where that can't be had. */
  port: number | null;
  /** Of the voice server; 0, the default: the system chooses. */
  voicePort?: number;
  /** Absolute. */
  dataDir: string;
  /** The page is at 127.0.0.1, for browsers that find no name below `localhost`; default false. */
  numericAddress?: boolean;
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
  /** Of the way in, with the token in its fragment, a part that is never sent to a server. */
  url: string;
  /** `ws://<name>:<port>/ws/voice`; null while the voice server is down. */
  readonly voiceUrl: string | null;
  /** Of the page: `http://<name>:<port>`; without the port where it is 80. */
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
 * @throws {EarshotError} `port_in_use`, `data_dir_unusable`, `folder_unsafe`, `renderer_missing`; nothing is left running then
 */
export async function startTab(options: TabOptions): Promise<Tab> {
  const { dev, dataDir, version } = options;
  const serve = dev?.serve ?? serveStatic(await loadStaticFiles(options.rendererDir));
  const { web, portNote } = await openPageServer(options.port);

  let host: Host;
  let address: PageAddress;
  let problem: EarshotError | null = null;
  try {
    const folder = await prepareDataFolder(dataDir);
    const kept = options.numericAddress ? null : await keptPageName(dataDir);
    problem = kept?.problem ?? null;
    address = pageAddress(web.port, kept?.name ?? null);
    host = await startHost({
      dataDir,
      folder,
      origin: address.page.origin,
      name: address.name,
      version,
      shell: 'tab',
      voicePort: options.voicePort ?? 0,
      ...(dev ? { token: dev.token } : {}),
    });
  } catch (error) {
    await web.close();
    throw error;
  }

  const { name, page, entrance: link } = address;
  const { origin } = page;
  if (problem !== null) host.log('WARNING', { type: problem.code, detail: problem.message });
  if (options.numericAddress) host.log('WARNING', { type: 'numeric_address', detail: NUMERIC_ADDRESS_RISK });

  const headersFor = (csp: string) => securityHeaders(dev ? dev.relax(csp) : csp);
  const headers = headersFor(
    contentSecurityPolicy([web.port, ...host.voicePorts], [`${origin}${HOST_PROOF_PATH}`], name),
  );
  const entranceHeaders = headersFor(contentSecurityPolicy([], [`${origin}${RESET_PATH}`]));
  // They go to whoever asks, and name nothing.
  const refusalHeaders = headersFor(contentSecurityPolicy([]));
  const bridge = createBridgeSocket({
    host: page.host,
    origin,
    proofs: host.proofs,
    handlers: host.handlers,
    log: host.log,
  });
  const refused = createRefusalLog(host.log, 'page');
  const entry = createEntryLink();
  const serveRecording = serveRecordings(host.serveRecording);
  const entrance =
    link &&
    createEntrance({
      address: { ...address, entrance: link },
      proofs: host.proofs,
      serve(request, response) {
        setHeaders(response, entranceHeaders);
        serve(request, response);
      },
      onReset: () => host.log('SITE_DATA_CLEARED'),
    });
  const url = `${(link ?? page).origin}/#token=${host.token}`;
  const unsubscribe = host.subscribe(bridge.notify);
  const supervisor = superviseServer({
    server: 'page',
    check: web.check,
    async restart() {
      // Whoever had the port meanwhile may have been asked for recordings, at addresses that are good here.
      host.renewRecordingUrls();
      const port = await web.listenAgain();
      entrance?.renew();
      return port;
    },
    log: host.log,
  });
  web.serve({
    upgrade: bridge.upgrade,
    refused,
    oversized: (start, remoteAddress) => oversizedWords(start, remoteAddress, address, headers),
    trouble(error) {
      host.log('WARNING', { type: 'listener_failed', detail: describeError(error) });
      supervisor.look();
    },
    request(request, response) {
      const refusal = entrance?.isAsked(request) ? entrance.answer(request, response) : answer(request, response);
      if (refusal === null) return;
      setHeaders(response, refusalHeaders);
      refused(refusal.status, refusal.why);
      sendRefusal(response, refusal);
    },
  });

  /** Answers what is asked of the page, or at the link of a browser's command line. @returns why it is refused, or null */
  function answer(request: IncomingMessage, response: ServerResponse): PageRefusal | null {
    const enters = entry.isAsked(request);
    const at = enters ? address.entryLink : page;
    const refusal = refusePage(requestInfo(request), at, address) ?? (enters ? entry.take(request) : null);
    if (refusal !== null) return refusal;
    setHeaders(response, headers);
    if (enters) response.writeHead(303, { Location: url, 'Cache-Control': 'no-store' }).end();
    else if (isRecordingPath(request.url)) void serveRecording(request, response);
    else if (isHostProofRequest(request.url)) sendHostProof(response, hostProof(request.url ?? '', page, host.proofs));
    else serve(request, response);
    return null;
  }

  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    supervisor.stop();
    // The host first: its last log records still reach the tabs.
    await host.stop();
    unsubscribe();
    await Promise.all([bridge.close(), web.close()]);
  }
  return {
    url,
    get voiceUrl() {
      return host.voiceUrl();
    },
    origin,
    portNote,
    token: host.token,
    metricsToken: host.proofs.metricsToken,
    dataDir,
    host,
    entryUrl: () => `${address.entryLink.origin}${entry.renew()}`,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function sendHostProof(response: ServerResponse, proof: ReturnType<typeof hostProof>): void {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(proof === null ? 400 : 200, headers).end(JSON.stringify(proof ?? {}));
}
