import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SeededRandom } from '../seeded-random.ts';
import { type NetworkConditions, NO_FAULTS } from './network-conditions.ts';
import { type CutKind, type Direction, ProxiedConnection, type Side } from './proxied-connection.ts';

export interface FaultProxyOptions {
  /** Port on 127.0.0.1 to which connections are handed on. */
  target: number;
  /** Seed of the network conditions. Default: 0. */
  seed?: number;
  /** Generates the conditions of one direction of a connection. Default: no faults. */
  conditions?: (rng: SeededRandom) => NetworkConditions;
}

/**
 * A TCP proxy on 127.0.0.1 that can do to a connection what networks do. Without a fault it changes nothing but times
 * and the sizes of reads. Faults strike the connections that exist at the moment; `newest` names one of them.
 */
export class FaultProxy {
  /** Where a client connects; chosen by the system. */
  readonly port: number;
  /** Where new connections are handed on to; a restarted server may stand elsewhere. */
  target: number;
  /** Connections accepted so far, the refused ones among them. */
  accepted = 0;
  refused = 0;
  readonly #server: ReturnType<typeof createServer>;
  readonly #options: FaultProxyOptions;
  readonly #connections = new Set<ProxiedConnection>();
  /** Accepted and held back, with the number of each. */
  readonly #held = new Map<Socket, number>();
  #newest: ProxiedConnection | null = null;
  #toRefuse = 0;
  #holdNext = false;
  #strikes: Array<(connection: ProxiedConnection) => void> = [];

  private constructor(server: ReturnType<typeof createServer>, options: FaultProxyOptions) {
    this.#server = server;
    this.#options = options;
    this.port = (server.address() as AddressInfo).port;
    this.target = options.target;
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    server.listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new FaultProxy(server, options);
  }

  /** The connection that was let through last, if anything of it is still open. */
  get newest(): ProxiedConnection | null {
    return this.#newest?.closed === false ? this.#newest : null;
  }

  /** Those of which something is still open, oldest first. */
  get connections(): readonly ProxiedConnection[] {
    return [...this.#connections];
  }

  cut(kind: CutKind = 'reset', side: Side = 'both'): void {
    for (const connection of this.#connections) connection.cut(kind, side);
  }

  /** Swallows everything from now on, in both directions unless one is named. */
  drop(...directions: Direction[]): void {
    for (const connection of this.#connections) connection.drop(...(directions.length ? directions : BOTH));
  }

  freeze(): void {
    for (const connection of this.#connections) connection.freeze();
  }

  thaw(): void {
    for (const connection of this.#connections) connection.thaw();
  }

  /** The next `count` connections are reset as soon as they are accepted. */
  refuse(count: number): void {
    this.#toRefuse = count;
  }

  /** Strikes the next connection that is let through, before its first byte; several wait for one connection each. */
  faultNext(strike: (connection: ProxiedConnection) => void): void {
    this.#strikes.push(strike);
  }

  /** The next connection is held back until `release`: one that comes later gets through first. */
  hold(): void {
    this.#holdNext = true;
  }

  /** Lets through what is held back. */
  release(): void {
    this.#holdNext = false;
    const held = [...this.#held];
    this.#held.clear();
    for (const [socket, number] of held) this.#handOn(socket, number);
  }

  /** Cuts everything and waits until it is gone. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#held.keys()) socket.destroy();
    await Promise.all([...this.#connections].map((connection) => connection.stop()));
    await closed;
  }

  #accept(socket: Socket): void {
    this.accepted += 1;
    socket.on('error', () => undefined);
    if (this.#toRefuse > 0) {
      this.#toRefuse -= 1;
      this.refused += 1;
      socket.resetAndDestroy();
      return;
    }
    if (!this.#holdNext) return this.#handOn(socket, this.accepted);
    this.#holdNext = false;
    this.#held.set(socket, this.accepted);
  }

  #handOn(socket: Socket, number: number): void {
    const { seed = 0, conditions = () => NO_FAULTS } = this.#options;
    const rng = new SeededRandom(seed).fork(number);
    const drawn = { up: conditions(rng.fork(0)), down: conditions(rng.fork(1)) };
    const connection = new ProxiedConnection(socket, this.target, drawn, () => this.#connections.delete(connection));
    this.#connections.add(connection);
    this.#newest = connection;
    this.#strikes.shift()?.(connection);
  }
}

const BOTH: readonly Direction[] = ['up', 'down'];
