import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { CLOSE, PROTOCOL, VOICE_PATH } from '../../shared/protocol.ts';
import { checkListener, type ListenerState } from '../guard/check-listener.ts';
import { createGuardedServer, type GuardedServer } from '../guard/guarded-server.ts';
import type { LaunchProofs } from '../guard/launch-proofs.ts';
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
  /** Who knows this launch's secret; they outlive this server, as the manager does. */
  proofs: LaunchProofs;
  /** The one page that may connect. */
  origin: string;
  /** By which name it is reached; default `127.0.0.1`. */
  name?: string;
  /** Connections and sessions; it outlives this server, and the next one takes it over. */
  manager: ConnectionManager;
  log: Log;
  metrics: Pick<VoiceMetrics, 'attempt' | 'refused'>;
  /** 0, the default: the system chooses. */
  port?: number;
  limits?: Partial<Limits>;
  /** The address, or whether another connection would be accepted, has changed. */
  onChange?: () => void;
  /** The listener failed or was closed by somebody else: whether it can still be reached, `check` tells. */
  onTrouble?: () => void;
  /** Answers `GET /metrics` for whoever has the token of the metrics; without it there is no such path. */
  metricsText?: () => Promise<string>;
}

export interface VoiceServer {
  /** @throws {EarshotError} `port_in_use`, `listen_failed` */
  start(): Promise<void>;
  /**
   * Closes every connection with 1001; bounded in time. Safe to call twice. Sessions stay with the manager, lost, until
   * they are resumed at the next server or run out.
   */
  stop(): Promise<void>;
  /** Whether a connection to its port arrives here; `refused` while it does not listen. Never rejects. */
  check(): Promise<ListenerState>;
  /** Where it listens on 127.0.0.1; null while it does not. */
  readonly port: number | null;
  /** False: another connection would be refused with 503. */
  readonly accepting: boolean;
  /** Sessions at this moment, connected or lost. */
  readonly sessions: number;
}

/** The voice WebSocket server: guard, upgrade, and the manager takes over in the same tick. No Electron in here. */
export function createVoiceServer(options: VoiceServerOptions): VoiceServer {
  const { log, manager, metrics } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  let port: number | null = null;
  let running: GuardedServer | null = null;
  let accepting = false;

  const refused = createRefusalLog(log, 'voice');
  const socketOptions = {
    noServer: true,
    clientTracking: false,
    // RFC 7692 compression: none. Audio does not shrink, and an inflated message is an attack.
    perMessageDeflate: false,
    maxPayload: limits.payloadBytes,
    maxFragments: limits.fragments,
    maxBufferedChunks: limits.fragments,
    maxPendingAutoPongs: limits.pendingPongs,
    // For a closing handshake that the peer began: Earshot's own are bounded where they begin.
    closeTimeout: limits.closeMs,
    skipUTF8Validation: false,
    handleProtocols: () => PROTOCOL,
  };
  const sockets = new WebSocketServer(socketOptions);
  // What ws finds wrong in a handshake that the guard let through, e.g. its key. Its own answer would explain.
  sockets.on('wsClientError', (_error, socket) => turnAway(socket, 400, 'handshake'));
  const onRequest = createHttpHandler({
    policy() {
      if (port === null) return null;
      // Who reads the metrics is a program: it may know no other name than the address.
      const hosts = [ownHost(port, options.name), ownHost(port, LOOPBACK)];
      return { hosts, origin: options.origin, token: options.proofs.metricsToken };
    },
    log,
    refused,
    ...(options.metricsText ? { metricsText: options.metricsText } : {}),
  });
  let forget: () => void = () => undefined;

  function announce(): void {
    // A moment in which many are still answering their welcome is no reason to turn a person away.
    const now = port !== null && manager.hasRoom;
    if (now === accepting) return;
    accepting = now;
    options.onChange?.();
  }

  function turnAway(socket: Duplex, status: RefusalStatus, why: string): void {
    metrics.refused(status);
    refused(status, why);
    refuse(socket, status, status === 503 ? limits.retryAfterMs : undefined);
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const verdict = guardUpgrade(requestInfo(request), {
      running: port !== null,
      capacity: { full: manager.full },
      path: VOICE_PATH,
      host: ownHost(port ?? 0, options.name),
      origin: options.origin,
      proofs: options.proofs,
      protocol: PROTOCOL,
      userId: 'required',
      queryBytes: limits.queryBytes,
    });
    if (!verdict.ok) return turnAway(socket, verdict.status, verdict.reason);
    const onError = (error: Error): void => log('WARNING', { type: 'upgrade_failed', detail: describeError(error) });
    socket.on('error', onError);
    // The answer to the upgrade and the welcome behind it leave in one packet, and cost one system call.
    socket.cork();
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', onError);
      metrics.attempt();
      const { sessionId, resume, connection } = verdict;
      const accepted = manager.accept(
        webSocket,
        { userId: verdict.userId ?? '', sessionId, resume, connection },
        options.proofs.of(connection),
      );
      // Told by a close code: a browser can't see an HTTP status.
      if (!accepted) refused(CLOSE.nothingToResume, 'nothing to resume');
    });
    socket.uncork();
  }

  /** An error of a listener that stands, e.g. of an accept. */
  function onListenerError(error: Error): void {
    log('WARNING', { type: 'listener_failed', detail: describeError(error) });
    options.onTrouble?.();
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
        bounds: {
          requestMs: limits.upgradeMs,
          requestCheckMs: limits.upgradeCheckMs,
          headerBytes: limits.headerBytes,
          unreadMs: limits.unreadMs,
          strangers: limits.strangers,
        },
        onRequest,
        onUpgrade,
        refused,
      });
      await listen(server.http, options.port ?? 0);
      running = server;
      server.http.on('error', onListenerError);
      server.http.on('close', () => {
        if (running === server) options.onTrouble?.();
      });
      port = (server.http.address() as AddressInfo).port;
      forget = manager.onChange(announce);
      log('SERVER_STARTED', { host: '127.0.0.1', port });
      announce();
    },

    async check() {
      return running === null || port === null ? 'refused' : checkListener(running.http, port);
    },

    async stop() {
      const server = running;
      if (server === null) return;
      running = null;
      port = null;
      announce();
      const closed = new Promise<void>((resolve) => server.http.close(() => resolve()));
      await manager.closeAll(CLOSE.goingAway, 'server going away');
      // Whoever connected and never upgraded, or was refused and still lingers.
      server.cutAll();
      await closed;
      forget();
      log('SERVER_STOPPED', { sessions: manager.sessions });
    },
  };
}

/** Listens on 127.0.0.1 and nowhere else. */
async function listen(server: Server, port: number): Promise<void> {
  server.listen({ port, host: '127.0.0.1' });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'EADDRINUSE'
      ? new EarshotError('port_in_use', `Port ${port} is taken. Choose another one, or 0 for any free one.`, {
          cause: error,
        })
      : new EarshotError('listen_failed', `Cannot listen on 127.0.0.1:${port}: ${message}`, { cause: error });
  }
}
