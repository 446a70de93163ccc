import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { EarshotError } from '../../shared/errors.ts';
import { endsWithin } from '../../shared/time-limit.ts';
import { checkListener, type ListenerState } from '../guard/check-listener.ts';
import { createGuardedServer, type OversizedResponse, type ServerLimits } from '../guard/guarded-server.ts';
import { listenOnLoopback } from '../guard/listen.ts';
import type { LogRefusal } from '../guard/refusal-log.ts';
import { refuse } from '../guard/refuse.ts';
import { text } from '../text/text.ts';

/** Limits of the page's server. A page needs few connections: a browser opens at most six to one host. */
export const WEB_LIMITS: Readonly<ServerLimits> = {
  requestMs: 5_000,
  requestCheckMs: 500,
  headerBytes: 16 * 1024,
  responseStallMs: 10_000,
  idleConnections: 256,
};

/** How long closing waits for running responses (ms). */
const CLOSE_TIMEOUT_MS = 1_000;
/** `Retry-After` while the server has no handlers yet (ms). */
const NOT_READY_RETRY_MS = 1_000;

interface WebHandlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Called for connections that are refused before there is a request. */
  logRefusal?: LogRefusal;
  /** The response to a request whose headers are too large. */
  oversizedResponse?: OversizedResponse;
  /** Called for errors of the listener, such as a failed accept: check it then. */
  onListenerError?: (error: Error) => void;
}

export interface WebServer {
  readonly port: number;
  /** Sets the handlers. Until then requests get 503, because the handlers need to know the port. */
  serve(handlers: WebHandlers): void;
  /** Checks whether a connection to the port arrives at this server. Never rejects. */
  check(): Promise<ListenerState>;
  /**
   * Listens on the same port again after the listener was lost. Existing connections stay open.
   * @returns the port
   * @throws {EarshotError} `port_in_use` when the port is unavailable
   */
  listenAgain(): Promise<number>;
  /** Frees the port and ends every HTTP connection, in at most a second. Does not close upgraded sockets. */
  close(): Promise<void>;
}

const NOT_READY: WebHandlers = {
  request: (_request, response) => response.writeHead(503, { 'Retry-After': NOT_READY_RETRY_MS / 1_000 }).end(),
  upgrade: (_request, socket) => refuse(socket, 503, NOT_READY_RETRY_MS),
};

/**
 * Binds an HTTP server to 127.0.0.1 only, not to other interfaces or `::1`.
 * @param port 0: the system chooses
 * @throws {EarshotError} `port_in_use` when the port is taken or not allowed
 */
export async function openWebServer(port: number, limits = WEB_LIMITS): Promise<WebServer> {
  let handlers = NOT_READY;
  const { http: server } = createGuardedServer({
    limits,
    onRequest: (request, response) => handlers.request(request, response),
    onUpgrade(request, socket, head) {
      // First, so that a connection reset during the checks is not an unhandled 'error' event.
      socket.on('error', () => socket.destroy());
      handlers.upgrade(request, socket, head);
    },
    logRefusal: (status, why) => handlers.logRefusal?.(status, why),
    oversizedResponse: (start, remoteAddress) => handlers.oversizedResponse?.(start, remoteAddress) ?? null,
  });
  const bound = await listen(server, port);
  server.on('error', (error) => handlers.onListenerError?.(error));

  let closed: Promise<void> | null = null;
  return {
    port: bound,
    serve: (next) => {
      handlers = next;
    },
    check: () => checkListener(server, bound),
    async listenAgain() {
      server.close();
      if (closed === null) await listen(server, bound);
      return bound;
    },
    close: () => {
      closed ??= close(server);
      return closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    return await listenOnLoopback(server, port);
  } catch (cause) {
    throw new EarshotError('port_in_use', text.web.portInUse({ port }), { cause });
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  if (!(await endsWithin(CLOSE_TIMEOUT_MS, closed))) server.closeAllConnections();
  await closed;
}
