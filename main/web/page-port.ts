import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';
import { openWebServer, type WebServer } from './server.ts';

/**
 * Default port of the page. Always the same, because browsers store the microphone permission and device ids by origin,
 * and open tabs have it in their address. Below the range of ephemeral ports (from 32768 on Linux, from 49152
 * elsewhere).
 */
export const DEFAULT_PAGE_PORT = 24_642;

export interface PageServer {
  web: WebServer;
  /** Why the page is not on the default port; null: it is, or another port was requested. */
  portNote: string | null;
}

/**
 * Opens the server of the page.
 * @param port 0: the system chooses. Null: the default port, or one that the system chooses if the default is
 *   unavailable
 * @param defaultPort replaced in tests only
 * @throws {EarshotError} `port_in_use` when the requested port is unavailable
 */
export async function openPageServer(port: number | null, defaultPort = DEFAULT_PAGE_PORT): Promise<PageServer> {
  if (port !== null) return { web: await openWebServer(port), portNote: null };
  try {
    return { web: await openWebServer(defaultPort), portNote: null };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    const web = await openWebServer(0);
    const isTaken = (error.cause as { code?: unknown } | undefined)?.code === 'EADDRINUSE';
    const why = isTaken ? text.web.portTaken : text.web.portUnusable;
    return {
      web,
      portNote: text.web.otherPort({ requestedPort: defaultPort, why, port: web.port }),
    };
  }
}
