import { app, protocol } from 'electron';
import { setupNetwork as setupProductNetwork } from '../../main/desktop/network.ts';
import { isOwnUrl, SCHEME, START_URL } from '../../main/desktop/origin.ts';
import { recordingResponse } from '../../main/desktop/recording-response.ts';
import type { setupScheme as setupProductScheme } from '../../main/desktop/scheme.ts';
import { RECORDINGS_PATH } from '../../shared/bridge.ts';
import { relaxForVite } from './csp.ts';

// Inside of the desktop app, and only in what `npm run dev` builds: app-build.ts puts this module in the place of
// main/desktop/scheme.ts and network.ts. The page keeps its address, earshot://app/, and with it its origin, its policy
// and its permissions; what is served there comes from Vite instead of dist/renderer.

export * from '../../main/desktop/network.ts';
export * from '../../main/desktop/scheme.ts';

/** Names the port of Vite's server in the environment of the app. */
export const PORT_VARIABLE = 'EARSHOT_DEV_PORT';

const port = Number(process.env[PORT_VARIABLE]);

/** The product's, and the socket on which Vite tells of changes. */
export const setupNetwork: typeof setupProductNetwork = (session, policy, log) =>
  setupProductNetwork(session, { ...policy, ports: [...policy.ports, port] }, log);

/**
 * Serves the page from Vite under the product's headers, the policy loosened by what Vite needs; recordings as the
 * product does.
 */
export const setupScheme: typeof setupProductScheme = (_root, headers, serveRecording) => {
  const relaxed = {
    ...headers,
    'Content-Security-Policy': relaxForVite(headers['Content-Security-Policy'] ?? '', port),
  };
  protocol.handle(SCHEME, (request) => {
    const isRecording = isOwnUrl(request.url) && new URL(request.url).pathname.startsWith(RECORDINGS_PATH);
    return isRecording ? recordingResponse(request, relaxed, serveRecording) : askVite(request, port, relaxed);
  });
  // A page may not navigate, and reloading itself is one way to: Vite's client does after a change that it can't put
  // into the open page. This is the first event of a navigation, the only one where it has been prevented.
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', ({ url, isMainFrame }) => {
      if (isMainFrame && url === START_URL) contents.reload();
    });
  });
};

/** Answers a request of the page as Vite does, but for the headers. */
export async function askVite(
  { url, method, headers }: Pick<Request, 'url' | 'method' | 'headers'>,
  port: number,
  ours: Record<string, string>,
): Promise<Response> {
  if (!isOwnUrl(url) || (method !== 'GET' && method !== 'HEAD'))
    return new Response(null, { status: 404, headers: ours });
  const { pathname, search } = new URL(url);
  try {
    // Node's own fetch: Chromium's asks the session, where this address is refused to every page.
    const answer = await fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
      method,
      // Vite looks here for whether a stylesheet is wanted as CSS or as a module.
      headers: { Accept: headers.get('Accept') ?? '*/*' },
    });
    const type = answer.headers.get('Content-Type');
    return new Response(await answer.arrayBuffer(), {
      status: answer.status,
      headers: { ...ours, ...(type === null ? {} : { 'Content-Type': type }) },
    });
  } catch {
    return new Response("Vite's server does not answer. Start npm run dev again.", { status: 502, headers: ours });
  }
}
