import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { CLOSE, PROTOCOL, VOICE_PATH } from '../../shared/protocol.ts';
import { ConnectionManager } from './connection-manager.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { TurnSink } from './ports.ts';
import { createRefusalLog } from './refusal-log.ts';
import { refuse } from './refuse.ts';
import { guardUpgrade, type UpgradeFacts } from './upgrade-guard.ts';

export interface VoiceServerOptions {
  /** This launch's secret: 32 random bytes, base64url. */
  token: string;
  /** The one page that may connect. */
  origin: string;
  /** Who keeps the audio. */
  sink: TurnSink;
  log: Log;
  /** 0, the default: the system chooses. */
  port?: number;
  limits?: Partial<Limits>;
  /** The address, or whether another connection would be accepted, has changed. */
  onChange?: () => void;
  setUp?: (session: { id: string; userId: string }) => Promise<void>;
}

export interface VoiceServer {
  /** @throws {EarshotError} `port_in_use`, `listen_failed` */
  start(): Promise<void>;
  /** Closes every session with 1001 and finishes their recordings; bounded in time. Safe to call twice. */
  stop(): Promise<void>;
  /** Where it listens on 127.0.0.1; null while it does not. */
  readonly port: number | null;
  /** False: another connection would be refused with 503. */
  readonly accepting: boolean;
  /** Sessions at this moment. */
  readonly sessions: number;
}

/** The voice WebSocket server: guard, upgrade, and the manager takes over in the same tick. No Electron in here. */
export function createVoiceServer(options: VoiceServerOptions): VoiceServer {
  const { log } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  let port: number | null = null;
  let http: Server | null = null;
  let accepting = false;
  /** Every TCP connection, so that a stop can cut those that no session owns. */
  const connections = new Set<Socket>();

  const refused = createRefusalLog(log, 'voice');
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // RFC 7692 compression: none. Audio does not shrink, and an inflated message is an attack.
    perMessageDeflate: false,
    maxPayload: limits.payloadBytes,
    handleProtocols: () => PROTOCOL,
  });
  const manager = new ConnectionManager({
    sink: options.sink,
    log,
    limits,
    onChange: announce,
    ...(options.setUp ? { setUp: options.setUp } : {}),
  });

  function announce(): void {
    // A moment in which many are still answering their welcome is no reason to turn a person away.
    const now = port !== null && manager.size < limits.connections;
    if (now === accepting) return;
    accepting = now;
    options.onChange?.();
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const verdict = guardUpgrade(factsOf(request), {
      running: port !== null,
      capacity: { full: manager.full },
      path: VOICE_PATH,
      hostPort: port ?? 0,
      origin: options.origin,
      token: options.token,
      protocol: PROTOCOL,
      userId: 'required',
      queryBytes: limits.queryBytes,
    });
    if (!verdict.ok) {
      refused(verdict.status, verdict.reason);
      refuse(socket, verdict.status);
      return;
    }
    const onError = (error: Error): void => log('WARNING', { type: 'upgrade_failed', detail: describeError(error) });
    socket.on('error', onError);
    // The answer to the upgrade and the welcome behind it leave in one packet, and cost one system call.
    socket.cork();
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', onError);
      if (verdict.resume !== null) {
        // Told by a close code: a browser can't see an HTTP status.
        refused(CLOSE.nothingToResume, 'nothing to resume');
        webSocket.on('error', onError);
        webSocket.close(CLOSE.nothingToResume, 'nothing to resume');
        return;
      }
      manager.accept(webSocket, verdict.userId ?? '');
    });
    socket.uncork();
  }

  return {
    get port() {
      return port;
    },
    get accepting() {
      return accepting;
    },
    get sessions() {
      return manager.size;
    },

    async start() {
      const server = createServer({
        headersTimeout: limits.upgradeMs,
        requestTimeout: limits.upgradeMs,
        keepAliveTimeout: limits.upgradeMs,
        connectionsCheckingInterval: 1_000,
      });
      server.on('request', (request, response) => {
        const isVoice = request.url === VOICE_PATH || request.url?.startsWith(`${VOICE_PATH}?`);
        response.writeHead(isVoice ? 426 : 404, {
          Connection: 'close',
          'Content-Length': 0,
          ...(isVoice ? { Upgrade: 'websocket' } : {}),
        });
        response.end();
      });
      server.on('connection', (connection) => {
        connections.add(connection);
        connection.once('close', () => connections.delete(connection));
      });
      server.on('upgrade', onUpgrade);
      server.on('clientError', (_error, socket) => refuse(socket, 400));
      await listen(server, options.port ?? 0);
      http = server;
      port = (server.address() as AddressInfo).port;
      log('SERVER_STARTED', { host: '127.0.0.1', port });
      announce();
    },

    async stop() {
      const server = http;
      if (server === null) return;
      http = null;
      port = null;
      announce();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await manager.closeAll(CLOSE.goingAway, 'server going away');
      // Whoever connected and never upgraded, or was refused and still lingers.
      for (const connection of connections) connection.destroy();
      await closed;
      log('SERVER_STOPPED', { sessions: manager.size });
    },
  };
}

/** The request as the guard wants it. */
export function factsOf(request: IncomingMessage): UpgradeFacts {
  return {
    method: request.method,
    url: request.url,
    rawHeaders: request.rawHeaders,
    remoteAddress: request.socket.remoteAddress,
  };
}

/** Listens on 127.0.0.1 and nowhere else. */
function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new EarshotError('port_in_use', `Port ${port} is taken. Choose another one, or 0 for any free one.`, {
              cause: error,
            })
          : new EarshotError('listen_failed', `Cannot listen on 127.0.0.1:${port}: ${error.message}`, { cause: error }),
      );
    });
    server.listen({ port, host: '127.0.0.1' }, () => resolve());
  });
}
