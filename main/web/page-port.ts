import { EarshotError } from '../../shared/errors.ts';
import { openWebServer, type WebServer } from './server.ts';

/**
 * Where the page is unless another port is asked for. Always the same: a browser keeps its permission for the microphone, the
 * ids of devices and open tabs by address. It is below the ports that a system gives to whoever asks for any (from 32768 on
 * Linux, from 49152 elsewhere).
 */
export const DEFAULT_PAGE_PORT = 24_642;

export interface PageServer {
  web: WebServer;
  /** Why it is not at its default port, as a sentence; null where it is, or where another port was asked for. */
  portNote: string | null;
}

/**
 * Opens the server of the page.
 * @param port 0: the system chooses. Null: the default one, and where that can't be had, one that the system chooses
 * @param byDefault tests may pass another default, the app never does
 * @throws {EarshotError} `port_in_use` when a port that was asked for can't be had
 */
export async function openPageServer(port: number | null, byDefault = DEFAULT_PAGE_PORT): Promise<PageServer> {
  if (port !== null) return { web: await openWebServer(port), portNote: null };
  try {
    return { web: await openWebServer(byDefault), portNote: null };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    const web = await openWebServer(0);
    const isTaken = (error.cause as { code?: unknown } | undefined)?.code === 'EADDRINUSE';
    const why = isTaken ? 'is in use by another program, or by another Earshot' : "can't be used on this system";
    return {
      web,
      portNote:
        `Port ${byDefault} ${why}. This time Earshot is on port ${web.port}: ` +
        'the browser asks for the microphone again there, and tabs of former starts do not find it.',
    };
  }
}
