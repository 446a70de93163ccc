import { connect, type Socket } from 'node:net';
import { FaultPipe } from './fault-pipe.ts';
import type { NetworkConditions } from './network-conditions.ts';
import { reset } from './reset.ts';

export type Direction = 'up' | 'down';
/** `reset`: RST, what waits is thrown away; `fin`: FIN after what waits. */
export type CutKind = 'reset' | 'fin';
/** Whom a cut reaches. The other side is left with a connection on which nothing happens any more. */
export type Side = 'client' | 'server' | 'both';

/** A client's connection and ours to the server behind it. */
export class ProxiedConnection {
  readonly up: FaultPipe;
  readonly down: FaultPipe;
  readonly #client: Socket;
  readonly #server: Socket;
  /** Resolves when it has been cut, or one of its sides has gone by itself. */
  readonly broken: Promise<void>;
  #tellBroken: () => void = () => undefined;
  /** Set by a cut: from then on neither side's end is told to the other. */
  #severed = false;

  constructor(
    client: Socket,
    targetPort: number,
    conditions: { up: NetworkConditions; down: NetworkConditions },
    onClosed: () => void,
  ) {
    this.broken = new Promise((resolve) => {
      this.#tellBroken = resolve;
    });
    this.#client = client;
    this.#server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.up = new FaultPipe(client, this.#server, conditions.up);
    this.down = new FaultPipe(this.#server, client, conditions.down);
    this.#join(client, this.#server, onClosed);
    this.#join(this.#server, client, onClosed);
  }

  /** Nothing of it is open any more. */
  get closed(): boolean {
    return this.#client.destroyed && this.#server.destroyed;
  }

  /** Both sides may still speak to each other, as far as they know. */
  get whole(): boolean {
    return !this.#severed && !this.#client.destroyed && !this.#server.destroyed;
  }

  /** Ends the connection for one side or both, now. */
  cut(kind: CutKind = 'reset', side: Side = 'both'): void {
    this.#severed = true;
    this.#tellBroken();
    this.up.swallow();
    this.down.swallow();
    for (const socket of side === 'both' ? [this.#client, this.#server] : [this.#ofSide(side)]) {
      if (kind === 'reset') reset(socket);
      else socket.destroySoon();
    }
  }

  /** Cuts both sides after this many further bytes of one direction: in the middle of a frame, mostly. */
  cutAfter(direction: Direction, bytes: number, kind: CutKind = 'reset'): void {
    this[direction].cutAfter(bytes, () => this.cut(kind));
  }

  /** Swallows everything from now on. TCP can't lose bytes in the middle of a stream, so that a cut must follow. */
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

  /** Cuts what is left and waits until it is gone. */
  async stop(): Promise<void> {
    this.up.stop();
    this.down.stop();
    await Promise.all(
      [this.#client, this.#server].map((socket) => {
        if (socket.closed) return undefined;
        const gone = new Promise((resolve) => socket.once('close', resolve));
        socket.destroy();
        return gone;
      }),
    );
  }

  #ofSide(side: 'client' | 'server'): Socket {
    return side === 'client' ? this.#client : this.#server;
  }

  #join(socket: Socket, other: Socket, onClosed: () => void): void {
    // `close` tells it again, and what it means for the other side.
    socket.on('error', () => undefined);
    socket.on('close', (hadError) => {
      this.#tellBroken();
      if (hadError && !this.#severed) reset(other);
      if (other.destroyed) onClosed();
    });
  }
}
