import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SeededRandom } from '../seeded-random.ts';
import { type NetworkConditions, NO_FAULTS } from './network-conditions.ts';
import { type CutKind, type Direction, ProxiedConnection, type Side } from './proxied-connection.ts';

export interface FaultProxyOptions {
  /** The port on 127.0.0.1 to connect to. */
  target: number;
  /** Seed of the network conditions. Default: 0. */
  seed?: number;
  /** Generates the conditions of one direction of a connection. Default: no faults. */
  conditions?: (rng: SeededRandom) => NetworkConditions;
}

/**
 * A TCP proxy on 127.0.0.1 that injects network faults. Without faults it changes only timing and the sizes of reads.
 * The faults of this class affect all current connections; those of `newest` affect only one.
 */
export class FaultProxy {
  /** The port for clients, chosen by the system. */
  readonly port: number;
  /** The target port of new connections. It may change when a server restarts. */
  target: number;
  /** Number of connections accepted so far, including those it then reset. */
  accepted = 0;
  refused = 0;
  readonly #server: ReturnType<typeof createServer>;
  readonly #options: FaultProxyOptions;
  readonly #connections = new Set<ProxiedConnection>();
  /** Accepted connections that wait for `release`, with their numbers. */
  readonly #held = new Map<Socket, number>();
  #newest: ProxiedConnection | null = null;
  #toRefuse = 0;
  #holdNext = false;
  #nextFaults: Array<(connection: ProxiedConnection) => void> = [];

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

  /** The connection that was forwarded last, unless both its sides are closed. */
  get newest(): ProxiedConnection | null {
    return this.#newest?.closed === false ? this.#newest : null;
  }

  /** The connections with at least one open side, oldest first. */
  get connections(): readonly ProxiedConnection[] {
    return [...this.#connections];
  }

  cut(kind: CutKind = 'reset', side: Side = 'both'): void {
    for (const connection of this.#connections) connection.cut(kind, side);
  }

  /** Discards all further data in these directions. Default: both. */
  drop(...directions: Direction[]): void {
    for (const connection of this.#connections) connection.drop(...(directions.length ? directions : BOTH));
  }

  freeze(): void {
    for (const connection of this.#connections) connection.freeze();
  }

  thaw(): void {
    for (const connection of this.#connections) connection.thaw();
  }

  /** Resets the next `count` connections as soon as they are accepted. */
  refuse(count: number): void {
    this.#toRefuse = count;
  }

  /** Calls `inject` with the next forwarded connection, before its first byte. Each call applies to one connection. */
  faultNext(inject: (connection: ProxiedConnection) => void): void {
    this.#nextFaults.push(inject);
  }

  /** Holds the next connection back until `release`. Later connections may be forwarded before it. */
  hold(): void {
    this.#holdNext = true;
  }

  /** Forwards the connections that are held back. */
  release(): void {
    this.#holdNext = false;
    const held = [...this.#held];
    this.#held.clear();
    for (const [socket, number] of held) this.#forward(socket, number);
  }

  /** Closes every connection and the proxy. */
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
    if (!this.#holdNext) return this.#forward(socket, this.accepted);
    this.#holdNext = false;
    this.#held.set(socket, this.accepted);
  }

  #forward(socket: Socket, number: number): void {
    const { seed = 0, conditions = () => NO_FAULTS } = this.#options;
    const rng = new SeededRandom(seed).fork(number);
    const generated = { up: conditions(rng.fork(0)), down: conditions(rng.fork(1)) };
    const connection = new ProxiedConnection(socket, this.target, generated, () =>
      this.#connections.delete(connection),
    );
    this.#connections.add(connection);
    this.#newest = connection;
    this.#nextFaults.shift()?.(connection);
  }
}

const BOTH: readonly Direction[] = ['up', 'down'];
