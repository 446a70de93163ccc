import { app, protocol } from 'electron';
import { setupNetwork as setupProductNetwork } from '../../main/desktop/network.ts';
import { isOwnUrl, SCHEME, START_URL } from '../../main/desktop/origin.ts';
import {
  hostResponse,
  type PageHost,
  type setupOverlayScheme as setupProductOverlayScheme,
  type setupScheme as setupProductScheme,
} from '../../main/desktop/scheme.ts';
import { relaxForVite } from './csp.ts';

// Runs in the desktop app, but only in builds of `npm run dev`: app-build.ts replaces main/desktop/scheme.ts and
// network.ts with this module. The page keeps its address, earshot://app/, and therefore its origin, policy and
// permissions, but its files come from Vite instead of dist/renderer.

export * from '../../main/desktop/network.ts';
export * from '../../main/desktop/scheme.ts';

/** The environment variable with the port of Vite's server. */
export const PORT_VARIABLE = 'EARSHOT_DEV_PORT';

const port = Number(process.env[PORT_VARIABLE]);

/** Like the product's function, but also allows Vite's port. */
export const setupNetwork: typeof setupProductNetwork = (session, policy, log) =>
  setupProductNetwork(
    session,
    {
      devTools: policy.devTools,
      get ports() {
        return [...policy.ports, port];
      },
    },
    log,
  );

/**
 * Serves the page from Vite, with the product's headers and a policy for Vite. Serves recordings and receives uploads
 * as in the product.
 */
export const setupScheme: typeof setupProductScheme = () => {
  let serve: ReturnType<typeof setupProductScheme> = () => {};
  const running = new Promise<PageHost>((resolve) => {
    serve = resolve;
  }).then(({ headers, host }) => ({ host, headers: relax(headers) }));
  protocol.handle(SCHEME, async (request) => {
    const { host, headers } = await running;
    return hostResponse(request, headers, host) ?? forwardToVite(request, port, headers);
  });
  // After a change that it can't apply to the open page, Vite's client reloads the page. The app prevents this, as it
  // prevents every navigation, so do the reload here, at the first event of the navigation.
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', ({ url, isMainFrame }) => {
      if (isMainFrame && url === START_URL) contents.reload();
    });
  });
  return serve;
};

/** The headers with a policy that allows Vite. */
function relax(headers: Record<string, string>): Record<string, string> {
  return {
    ...headers,
    'Content-Security-Policy': relaxForVite(headers['Content-Security-Policy'] ?? '', port),
  };
}

/** The overlay's page from Vite, under a policy that lets Vite's client connect. */
export const setupOverlayScheme: typeof setupProductOverlayScheme = (session, _root, headers) => {
  const relaxed = relax(headers);
  session.protocol.handle(SCHEME, (request) => forwardToVite(request, port, relaxed));
};

/** Answers a request of the page with Vite's response and our headers. */
export async function forwardToVite(
  { url, method, headers }: Pick<Request, 'url' | 'method' | 'headers'>,
  port: number,
  ours: Record<string, string>,
): Promise<Response> {
  if (!isOwnUrl(url) || (method !== 'GET' && method !== 'HEAD'))
    return new Response(null, { status: 404, headers: ours });
  const { pathname, search } = new URL(url);
  try {
    // Use Node's fetch, because Chromium's goes through the session, which refuses this address.
    const answer = await fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
      method,
      // Vite serves a stylesheet as CSS or as a module, depending on this header.
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
