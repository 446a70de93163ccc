import { randomBytes } from 'node:crypto';
import type WebSocket from 'ws';
import { CHANNELS, FRAME_MS, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { CLOSE, type ConnectedMessage, HEARTBEAT_MS, PROTOCOL } from '../../shared/protocol.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Limits } from './limits.ts';
import { createOutbox } from './outbox.ts';
import type { TurnSink } from './ports.ts';
import { Session } from './session.ts';
import { startWelcome } from './welcome.ts';

/** 96 random bits: no two sessions ever share an id, and its 16 characters leave room in a line of the log. */
const SESSION_ID_BYTES = 12;
const RESUME_TOKEN_BYTES = 32;

export interface ConnectionManagerOptions {
  sink: TurnSink;
  log: Log;
  limits: Limits;
  /** How many connections there are has changed. */
  onChange?: () => void;
  /** Runs before the welcome; what the client says meanwhile is kept in order. Without it the welcome goes out at once. */
  setUp?: (session: { id: string; userId: string }) => Promise<void>;
  now?: () => number;
}

/** One socket and the session it speaks for. */
interface Connection {
  session: Session;
  socket: WebSocket;
  pending: boolean;
  /** Ends everything of it; called by `remove` only. */
  dispose(): void;
}

/** The only owner of a session's end: nothing else takes a session away, least of all a send that failed. */
export class ConnectionManager {
  private readonly connections = new Map<string, Connection>();
  /** Recordings of ended sessions that are still being finished. */
  private readonly finishing = new Set<Promise<void>>();
  private pendingCount = 0;

  constructor(private readonly options: ConnectionManagerOptions) {}

  /** Connections at this moment. */
  get size(): number {
    return this.connections.size;
  }

  /** Connections that have not answered the welcome yet. */
  get pending(): number {
    return this.pendingCount;
  }

  get full(): boolean {
    const { limits } = this.options;
    return this.connections.size >= limits.connections || this.pendingCount >= limits.pending;
  }

  /** Takes over a socket in the tick in which it exists: handlers first, then the session, then the welcome. */
  accept(socket: WebSocket, userId: string): void {
    const { log, limits, sink, setUp, now = Date.now } = this.options;
    const random = randomBytes(SESSION_ID_BYTES + RESUME_TOKEN_BYTES);
    const id = random.toString('base64url', 0, SESSION_ID_BYTES);
    const resumeToken = random.toString('base64url', SESSION_ID_BYTES);
    /** Messages that came while the session was being set up; null once it is. */
    let held: Array<{ data: Buffer; binary: boolean }> | null = setUp ? [] : null;

    const hear = (data: Buffer, binary: boolean): void => {
      try {
        if (binary) session.onBinary(data);
        else session.onText(data.toString('utf8'));
      } catch (error) {
        // A fault of ours in one session must not take the others along.
        log('ERROR', { type: 'internal_error', session: id, detail: describeError(error) });
        socket.close(CLOSE.internal, 'internal error');
      }
    };
    socket.on('message', (data: Buffer, binary: boolean) => {
      heartbeat.alive();
      if (!this.connections.has(id)) return;
      if (held === null) return hear(data, binary);
      if (held.length < limits.setUpMessages) held.push({ data, binary });
      else socket.close(CLOSE.policy, 'too many messages before the welcome');
    });
    socket.on('ping', () => heartbeat.alive());
    socket.on('pong', () => heartbeat.alive());
    socket.on('error', (error) => log('ERROR', { type: 'socket_error', session: id, detail: describeError(error) }));
    socket.on('close', (code: number, reason: Buffer) => this.remove(id, code, reason.toString('utf8')));

    const heartbeat = startHeartbeat({
      ping: () => socket.ping(),
      onDead: () => {
        log('WARNING', { type: 'peer_silent', session: id });
        socket.terminate();
      },
    });
    const outbox = createOutbox(socket, limits, (type, detail) => log('WARNING', { session: id, type, detail }));
    const session = new Session({
      id,
      userId,
      sink,
      limits,
      log,
      now,
      send: (message) => outbox.send(message),
      onReady: () => welcome?.ready(),
      onStruckOut: () => socket.close(CLOSE.policy, 'too many malformed messages'),
    });
    let welcome: ReturnType<typeof startWelcome> | null = null;
    const connection: Connection = {
      session,
      socket,
      pending: true,
      dispose: () => {
        heartbeat.stop();
        welcome?.closed();
      },
    };
    this.connections.set(id, connection);
    this.pendingCount += 1;
    log('WS_CONNECT', { session: id, user: userId });
    this.options.onChange?.();

    const greet = (): void => {
      if (!this.connections.has(id)) return;
      welcome = this.welcome(connection, resumeToken);
      for (const { data, binary } of held ?? []) hear(data, binary);
      held = null;
    };
    if (!setUp) return greet();
    setUp({ id, userId }).then(greet, (error: unknown) => {
      log('ERROR', { type: 'set_up_failed', session: id, detail: describeError(error) });
      socket.close(CLOSE.internal, 'set-up failed');
    });
  }

  /**
   * Closes every connection and waits for the closing handshakes and for the recordings.
   * What has not closed after `limits.closeMs` is cut.
   */
  async closeAll(code: number, reason: string): Promise<void> {
    const closed = [...this.connections.values()].map(
      ({ socket }) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    const cut = setTimeout(() => {
      for (const { socket } of this.connections.values()) socket.terminate();
    }, this.options.limits.closeMs);
    for (const { socket } of this.connections.values()) socket.close(code, reason);
    await Promise.all(closed);
    clearTimeout(cut);
    await Promise.all(this.finishing);
  }

  private welcome(connection: Connection, resumeToken: string): ReturnType<typeof startWelcome> {
    const { log } = this.options;
    const { socket, session } = connection;
    const message: Omit<ConnectedMessage, 'attempt'> = {
      event: 'connected',
      session_id: session.id,
      user_id: session.userId,
      protocol: PROTOCOL,
      resumed: false,
      resume_token: resumeToken,
      received_through: session.receivedThrough,
      heartbeat_ms: HEARTBEAT_MS,
      // A lost session ends at once; its client begins a new one.
      resume_window_ms: 0,
      audio: { encoding: 'pcm_s16le', sample_rate: SAMPLE_RATE, channels: CHANNELS, frame_ms: FRAME_MS },
    };
    return startWelcome({
      socket,
      message: (attempt) => JSON.stringify({ ...message, attempt }),
      onAttempt: (attempt) => log('WS_SEND', { session: session.id, event: 'connected', attempt }),
      onRetry: (attempt, why) => log('WELCOME_RETRY', { session: session.id, attempt, why }),
      onEnd: (outcome, attempts, sendError) => {
        const why = sendError === null ? {} : { why: describeError(sendError) };
        this.settle(connection);
        if (outcome === 'ready') log('WS_READY', { session: session.id, attempts });
        if (outcome === 'aborted') log('WELCOME_ABORTED', { session: session.id, attempts, ...why });
        if (outcome === 'failed') {
          log('ERROR', { type: 'send_connected_failed', session: session.id, attempts, ...why });
          socket.close(CLOSE.welcomeUnacknowledged, 'welcome not acknowledged');
        }
      },
    });
  }

  private settle(connection: Connection): void {
    if (!connection.pending) return;
    connection.pending = false;
    this.pendingCount -= 1;
    this.options.onChange?.();
  }

  private remove(id: string, code: number, reason: string): void {
    const connection = this.connections.get(id);
    if (!connection) return;
    this.connections.delete(id);
    connection.dispose();
    this.settle(connection);
    const finished = connection.session.end().finally(() => this.finishing.delete(finished));
    this.finishing.add(finished);
    this.options.log('WS_DISCONNECT', { session: id, code, ...(reason ? { reason } : {}) });
    this.options.onChange?.();
  }
}
