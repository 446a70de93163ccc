import type { IncomingMessage, ServerResponse } from 'node:http';
import { RECORDINGS_PATH } from '../../shared/bridge.ts';
import { describeError, type EarshotError } from '../../shared/errors.ts';
import { HOST_PROOF_PATH } from '../../shared/host-proof.ts';
import { RESET_PATH } from '../../shared/link-page.ts';
import { IMPORTS_PATH } from '../../shared/recording-import.ts';
import { contentSecurityPolicy, securityHeaders } from '../guard/csp.ts';
import { createRefusalLog } from '../guard/refusal-log.ts';
import { requestInfo } from '../guard/request-checks.ts';
import { superviseServer } from '../guard/supervise-server.ts';
import { prepareDataFolder } from '../host/data-folder.ts';
import { type Host, startHost } from '../host/host.ts';
import { en } from '../text/en.ts';
import { createBridgeSocket } from './bridge-socket.ts';
import { hostProof, isHostProofRequest } from './host-proof.ts';
import { receiveImports } from './import-uploads.ts';
import { createLinkPage } from './link-page.ts';
import { createOneTimeLink } from './one-time-link.ts';
import { type PageAddress, pageAddress } from './page-address.ts';
import {
  isImportUpload,
  isRecordingPath,
  oversizedResponse,
  type PageRefusal,
  refusePage,
  sendRefusal,
} from './page-guard.ts';
import { loadPageName } from './page-name.ts';
import { openPageServer } from './page-port.ts';
import { serveRecordings } from './recording-files.ts';
import { loadStaticFiles, type Serve, serveStatic } from './static.ts';

export interface TabOptions {
  /** Port of the page; 0: the system chooses. Null: `DEFAULT_PAGE_PORT`, or another one if that is unavailable. */
  port: number | null;
  /** Port of the voice server; 0, the default: the system chooses. */
  voicePort?: number;
  /** Absolute path. */
  dataDir: string;
  /** Serve the page at 127.0.0.1, for browsers that don't resolve `.localhost` names; default false. */
  numericAddress?: boolean;
  version: string;
  /** Absolute path of the built renderer. */
  rendererDir: string;
  /** A tab has connected. @param languages of its browser (BCP 47), preferred first */
  onWindow?: (languages: string[]) => void;
  /** Development only: serves the renderer from a running bundler. */
  dev?: DevRenderer;
}

interface DevRenderer {
  serve: Serve;
  /** Adds what the bundler's own scripts need to the content security policy. */
  relax(csp: string): string;
  /** A secret that stays the same when the host restarts, so that open tabs can reconnect. */
  token: string;
}

export interface Tab {
  /** The link to open, with the token in its fragment, which browsers never send to a server. */
  url: string;
  /** `ws://<name>:<port>/ws/voice`; null while the voice server is down. */
  readonly voiceUrl: string | null;
  /** Origin of the page: `http://<name>:<port>`, without the port if it is 80. */
  origin: string;
  /** Why the page is not on the default port; null: it is, or another port was requested. */
  portNote: string | null;
  token: string;
  /** Token for the metrics only. */
  metricsToken: string;
  dataDir: string;
  host: Host;
  /** Makes a one-time address for a browser's command line, which every user of the machine can read. */
  oneTimeUrl(): string;
  /**
   * Closes sockets with 1001, finishes recordings and the log, frees both ports. Has a time limit; may be called twice.
   */
  stop(): Promise<void>;
}

/**
 * Runs Earshot for browser tabs: the host, and a web server on 127.0.0.1 for the renderer and its bridge.
 * @throws {EarshotError} `port_in_use`, `data_dir_unusable`, `folder_unsafe`, `renderer_missing`; stops everything
 *   first
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
    const pageName = options.numericAddress ? null : await loadPageName(dataDir);
    problem = pageName?.problem ?? null;
    address = pageAddress(web.port, pageName?.name ?? null);
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

  const { name, page, linkPage: link } = address;
  const { origin } = page;
  if (problem !== null) host.log('WARNING', { type: problem.code, detail: problem.message });
  if (options.numericAddress) host.log('WARNING', { type: 'numeric_address', detail: en.web.numericAddressRisk });

  const headersFor = (csp: string) => securityHeaders(dev ? dev.relax(csp) : csp);
  const headers = headersFor(
    contentSecurityPolicy(
      [web.port, ...host.voicePorts],
      [HOST_PROOF_PATH, RECORDINGS_PATH, IMPORTS_PATH].map((path) => `${origin}${path}`),
      name,
    ),
  );
  const linkPageHeaders = headersFor(contentSecurityPolicy([], [`${origin}${RESET_PATH}`]));
  // Refusals go to any program, so their policy contains no address.
  const refusalHeaders = headersFor(contentSecurityPolicy([]));
  const bridge = createBridgeSocket({
    host: page.host,
    origin,
    proofs: host.proofs,
    handlers: host.handlers,
    log: host.log,
    ...(options.onWindow && { onWindow: options.onWindow }),
  });
  const logRefusal = createRefusalLog(host.log, 'page');
  const oneTimeLink = createOneTimeLink();
  const serveRecording = serveRecordings(host.serveRecording);
  const receiveImport = receiveImports(host.receiveImport);
  const linkPage =
    link &&
    createLinkPage({
      address: { ...address, linkPage: link },
      proofs: host.proofs,
      serve(request, response) {
        setHeaders(response, linkPageHeaders);
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
      // A program that had the port in the meantime may have received requests with valid recording URLs.
      host.renewRecordingUrls();
      const port = await web.listenAgain();
      linkPage?.renew();
      return port;
    },
    log: host.log,
  });
  web.serve({
    upgrade: bridge.upgrade,
    logRefusal,
    oversizedResponse: (start, remoteAddress) => oversizedResponse(start, remoteAddress, address, headers),
    onListenerError(error) {
      host.log('WARNING', { type: 'listener_failed', detail: describeError(error) });
      supervisor.checkNow();
    },
    request(request, response) {
      const refusal = linkPage?.handles(request) ? linkPage.answer(request, response) : answer(request, response);
      if (refusal === null) return;
      setHeaders(response, refusalHeaders);
      logRefusal(refusal.status, refusal.why);
      sendRefusal(response, refusal);
    },
  });

  /** Answers requests for the page's origin and for the one-time link. @returns why a request is refused, or null */
  function answer(request: IncomingMessage, response: ServerResponse): PageRefusal | null {
    const isOneTimeLink = oneTimeLink.handles(request);
    const at = isOneTimeLink ? address.oneTimeLink : page;
    const refusal = refusePage(requestInfo(request), at, address) ?? (isOneTimeLink ? oneTimeLink.take(request) : null);
    if (refusal !== null) return refusal;
    setHeaders(response, headers);
    if (isOneTimeLink) response.writeHead(303, { Location: url, 'Cache-Control': 'no-store' }).end();
    else if (isImportUpload(request)) void receiveImport(request, response);
    else if (isRecordingPath(request.url)) void serveRecording(request, response);
    else if (isHostProofRequest(request.url)) sendHostProof(response, hostProof(request.url ?? '', page, host.proofs));
    else serve(request, response);
    return null;
  }

  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    supervisor.stop();
    // The host first, so that its last log records still reach the tabs.
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
    oneTimeUrl: () => `${address.oneTimeLink.origin}${oneTimeLink.renew()}`,
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
