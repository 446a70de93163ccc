import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { CLOSE, PROTOCOL, VOICE_PATH } from '../../shared/protocol.ts';
import { checkListener, type ListenerState } from '../guard/check-listener.ts';
import { createGuardedServer, type GuardedServer } from '../guard/guarded-server.ts';
import type { LaunchProofs } from '../guard/launch-proofs.ts';
import { listenOnLoopback } from '../guard/listen.ts';
import { LOOPBACK, ownHost } from '../guard/own-address.ts';
import { createRefusalLog } from '../guard/refusal-log.ts';
import { refuse } from '../guard/refuse.ts';
import { requestInfo } from '../guard/request-checks.ts';
import { guardUpgrade, type RefusalStatus } from '../guard/upgrade-guard.ts';
import type { VoiceMetrics } from '../health/metrics.ts';
import type { ConnectionManager } from './connection-manager.ts';
import { createHttpHandler } from './http.ts';
import { LIMITS, type Limits } from './limits.ts';

export interface VoiceServerOptions {
  /** Verifies and creates the proofs of this launch. Outlives this server, like the manager. */
  proofs: LaunchProofs;
  /** The origin of the only page that may connect. */
  origin: string;
  /** The host name under which the server is reached; default `127.0.0.1`. */
  hostname?: string;
  /** Holds connections and sessions. Outlives this server and is passed to the next one. */
  manager: ConnectionManager;
  log: Log;
  metrics: Pick<VoiceMetrics, 'attempt' | 'refused'>;
  /** Default 0: the system chooses a free port. */
  port?: number;
  limits?: Partial<Limits>;
  /** Called when `port` or `accepting` has changed. */
  onChange?: () => void;
  /** Called when the listener failed or was closed unexpectedly. Use `check` to find out if it is still reachable. */
  onListenerFailure?: () => void;
  /** The response to `GET /metrics`, which requires the metrics token. If absent, the path does not exist. */
  metricsText?: () => Promise<string>;
}

export interface VoiceServer {
  /** @throws {EarshotError} `port_in_use`, `listen_failed` */
  start(): Promise<void>;
  /**
   * Closes every connection with 1001, within `limits.closeMs`. Safe to call twice. The manager keeps the sessions as
   * lost until they are resumed at the next server or expire.
   */
  stop(): Promise<void>;
  /** Checks whether a connection to the port arrives here; `refused` while not listening. Never rejects. */
  check(): Promise<ListenerState>;
  /** The port on 127.0.0.1; null while not listening. */
  readonly port: number | null;
  /** False while new connections are refused with 503. */
  readonly accepting: boolean;
  /** Current number of sessions, connected or lost. */
  readonly sessions: number;
}

/**
 * The voice WebSocket server: checks each upgrade request, performs the upgrade and passes the socket to the manager in
 * the same tick. Independent of Electron.
 */
export function createVoiceServer(options: VoiceServerOptions): VoiceServer {
  const { log, manager, metrics } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  let port: number | null = null;
  let running: GuardedServer | null = null;
  let accepting = false;

  const logRefusal = createRefusalLog(log, 'voice');
  const socketOptions = {
    noServer: true,
    clientTracking: false,
    // No compression (RFC 7692): PCM audio does not compress well, and decompression bombs are an attack.
    perMessageDeflate: false,
    maxPayload: limits.payloadBytes,
    maxFragments: limits.fragments,
    maxBufferedChunks: limits.fragments,
    maxPendingAutoPongs: limits.pendingPongs,
    // For closing handshakes that the peer starts; `closeWithTimeout` bounds our own.
    closeTimeout: limits.closeMs,
    skipUTF8Validation: false,
    handleProtocols: () => PROTOCOL,
  };
  const sockets = new WebSocketServer(socketOptions);
  // Handshake errors that `guardUpgrade` does not check, e.g. an invalid key. The default response of ws reveals
  // details.
  sockets.on('wsClientError', (_error, socket) => refuseUpgrade(socket, 400, 'handshake'));
  const onRequest = createHttpHandler({
    policy() {
      if (port === null) return null;
      // A metrics scraper may know only the IP address.
      const hosts = [ownHost(port, options.hostname), ownHost(port, LOOPBACK)];
      return { hosts, origin: options.origin, token: options.proofs.metricsToken };
    },
    log,
    logRefusal,
    ...(options.metricsText ? { metricsText: options.metricsText } : {}),
  });
  let unsubscribe: () => void = () => undefined;

  function updateAccepting(): void {
    // Ignore the limit on pending connections here: it is only exceeded for moments.
    const acceptingNow = port !== null && manager.hasRoom;
    if (acceptingNow === accepting) return;
    accepting = acceptingNow;
    options.onChange?.();
  }

  function refuseUpgrade(socket: Duplex, status: RefusalStatus, reason: string): void {
    metrics.refused(status);
    logRefusal(status, reason);
    refuse(socket, status, status === 503 ? limits.retryAfterMs : undefined);
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const result = guardUpgrade(requestInfo(request), {
      running: port !== null,
      capacity: { full: manager.full },
      path: VOICE_PATH,
      host: ownHost(port ?? 0, options.hostname),
      origin: options.origin,
      proofs: options.proofs,
      protocol: PROTOCOL,
      userId: 'required',
      queryBytes: limits.queryBytes,
    });
    if (!result.ok) return refuseUpgrade(socket, result.status, result.reason);
    const onError = (error: Error): void => log('WARNING', { type: 'upgrade_failed', detail: describeError(error) });
    socket.on('error', onError);
    // Send the upgrade response and the welcome in one packet, with one system call.
    socket.cork();
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', onError);
      metrics.attempt();
      const { sessionId, resume, connection } = result;
      const accepted = manager.accept(
        webSocket,
        { userId: result.userId ?? '', sessionId, resume, connection },
        options.proofs.forConnection(connection),
      );
      // Refused with a close code, because a browser does not expose the HTTP status to the page.
      if (!accepted) logRefusal(CLOSE.nothingToResume, 'nothing to resume');
    });
    socket.uncork();
  }

  /** Handles an error of a running listener, e.g. of an accept. */
  function onListenerError(error: Error): void {
    log('WARNING', { type: 'listener_failed', detail: describeError(error) });
    options.onListenerFailure?.();
  }

  return {
    get port() {
      return port;
    },
    get accepting() {
      return accepting;
    },
    get sessions() {
      return manager.sessions;
    },

    async start() {
      const server = createGuardedServer({
        limits: {
          requestMs: limits.upgradeMs,
          requestCheckMs: limits.upgradeCheckMs,
          headerBytes: limits.headerBytes,
          responseStallMs: limits.responseStallMs,
          idleConnections: limits.idleConnections,
        },
        onRequest,
        onUpgrade,
        logRefusal,
      });
      const boundPort = await listen(server.http, options.port ?? 0);
      running = server;
      server.http.on('error', onListenerError);
      server.http.on('close', () => {
        if (running === server) options.onListenerFailure?.();
      });
      port = boundPort;
      unsubscribe = manager.onChange(updateAccepting);
      log('SERVER_STARTED', { host: LOOPBACK, port });
      updateAccepting();
    },

    async check() {
      return running === null || port === null ? 'refused' : checkListener(running.http, port);
    },

    async stop() {
      const server = running;
      if (server === null) return;
      running = null;
      port = null;
      updateAccepting();
      const closed = new Promise<void>((resolve) => server.http.close(() => resolve()));
      await manager.closeAll(CLOSE.goingAway, 'server going away');
      // Close the remaining TCP connections: idle ones and refused ones.
      server.destroyConnections();
      await closed;
      unsubscribe();
      log('SERVER_STOPPED', { sessions: manager.sessions });
    },
  };
}

/** @throws {EarshotError} `port_in_use`, `listen_failed` */
async function listen(server: Server, port: number): Promise<number> {
  try {
    return await listenOnLoopback(server, port);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'EADDRINUSE'
      ? new EarshotError('port_in_use', `Port ${port} is taken. Choose another one, or 0 for any free one.`, {
          cause: error,
        })
      : new EarshotError('listen_failed', `Cannot listen on 127.0.0.1:${port}: ${message}`, { cause: error });
  }
}
