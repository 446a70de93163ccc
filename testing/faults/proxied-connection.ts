import { connect, type Socket } from 'node:net';
import { FaultPipe } from './fault-pipe.ts';
import type { NetworkConditions } from './network-conditions.ts';
import { reset } from './reset.ts';

export type Direction = 'up' | 'down';
/** `reset`: RST, which discards buffered data. `fin`: FIN, after the buffered data. */
export type CutKind = 'reset' | 'fin';
/** The side that a cut closes. The connection of the other side stays open, but without traffic. */
export type Side = 'client' | 'server' | 'both';

/** A client's connection to the proxy, and the proxy's connection to the server. */
export class ProxiedConnection {
  readonly up: FaultPipe;
  readonly down: FaultPipe;
  readonly #client: Socket;
  readonly #server: Socket;
  /** Resolves when the connection is cut or one of its sides closes. */
  readonly broken: Promise<void>;
  #onBroken: () => void = () => undefined;
  /** Whether the connection was cut. From then on, the end of one side is not forwarded to the other. */
  #severed = false;

  constructor(
    client: Socket,
    targetPort: number,
    conditions: { up: NetworkConditions; down: NetworkConditions },
    onClosed: () => void,
  ) {
    this.broken = new Promise((resolve) => {
      this.#onBroken = resolve;
    });
    this.#client = client;
    this.#server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.up = new FaultPipe(client, this.#server, conditions.up);
    this.down = new FaultPipe(this.#server, client, conditions.down);
    this.#join(client, this.#server, onClosed);
    this.#join(this.#server, client, onClosed);
  }

  /** Whether both sides are closed. */
  get closed(): boolean {
    return this.#client.destroyed && this.#server.destroyed;
  }

  /** Whether both sides are open and the connection was not cut. */
  get intact(): boolean {
    return !this.#severed && !this.#client.destroyed && !this.#server.destroyed;
  }

  /** Closes the connection for one side or both. */
  cut(kind: CutKind = 'reset', side: Side = 'both'): void {
    this.#severed = true;
    this.#onBroken();
    this.up.swallow();
    this.down.swallow();
    for (const socket of side === 'both' ? [this.#client, this.#server] : [this.#socketOf(side)]) {
      if (kind === 'reset') reset(socket);
      else socket.destroySoon();
    }
  }

  /** Cuts both sides after this many further bytes in one direction, usually in the middle of a frame. */
  cutAfter(direction: Direction, bytes: number, kind: CutKind = 'reset'): void {
    this[direction].cutAfter(bytes, () => this.cut(kind));
  }

  /** Discards all further data. TCP never loses bytes in the middle of a stream, so a cut must follow. */
  drop(...directions: Direction[]): void {
    for (const direction of directions) this[direction].swallow();
  }

  freeze(): void {
    this.up.freeze();
    this.down.freeze();
  }

  thaw(): void {
    this.up.thaw();
    this.down.thaw();
  }

  /** Destroys both sockets and waits until they are closed. */
  async stop(): Promise<void> {
    this.up.stop();
    this.down.stop();
    await Promise.all(
      [this.#client, this.#server].map((socket) => {
        if (socket.closed) return undefined;
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.destroy();
        return closed;
      }),
    );
  }

  #socketOf(side: 'client' | 'server'): Socket {
    return side === 'client' ? this.#client : this.#server;
  }

  #join(socket: Socket, other: Socket, onClosed: () => void): void {
    // `close` follows, and is handled below.
    socket.on('error', () => undefined);
    socket.on('close', (hadError) => {
      this.#onBroken();
      if (hadError && !this.#severed) reset(other);
      if (other.destroyed) onClosed();
    });
  }
}
