import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { MAX_QUEUED_BYTES } from './fault-pipe.ts';
import { FaultProxy } from './fault-proxy.ts';
import { generateConditions, type NetworkConditions } from './network-conditions.ts';

/** One end of a connection, with everything that it received. */
class End {
  readonly received: Buffer[] = [];
  bytes = 0;
  /** 'end', 'close' and error codes, in order. */
  readonly events: string[] = [];
  readonly closed: Promise<void>;
  readonly ended: Promise<void>;
  #waiters: Array<() => void> = [];

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.received.push(chunk);
      this.bytes += chunk.length;
      for (const waiter of this.#waiters.splice(0)) waiter();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.events.push(error.code ?? error.message));
    this.ended = new Promise((resolve) => {
      socket.on('end', () => {
        this.events.push('end');
        resolve();
      });
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.events.push('close');
        resolve();
      });
    });
  }

  get text(): string {
    return Buffer.concat(this.received).toString('latin1');
  }
  async untilReceived(bytes: number): Promise<void> {
    while (this.bytes < bytes) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }
}

/** A server that keeps everything it receives. `accepted(n)` waits for its nth connection. */
class Listener {
  readonly ends: End[] = [];
  #waiters: Array<() => void> = [];
  constructor(readonly server: Server) {
    server.on('connection', (socket) => {
      this.ends.push(new End(socket));
      for (const waiter of this.#waiters.splice(0)) waiter();
    });
  }
  static async start(): Promise<Listener> {
    const server = createServer({ allowHalfOpen: true });
    server.listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new Listener(server);
  }
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  async accepted(n = 1): Promise<End> {
    for (;;) {
      const end = this.ends[n - 1];
      if (end) return end;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }
  async stop(): Promise<void> {
    for (const { socket } of this.ends) socket.destroy();
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }
}

let listener: Listener;
let proxy: FaultProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  listener = await Listener.start();
  proxy = await FaultProxy.start({ target: listener.port });
});
afterEach(async () => {
  for (const socket of clients.splice(0)) socket.destroy();
  await proxy.stop();
  await listener.stop();
});

function connectClient(port = proxy.port): End {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  clients.push(socket);
  return new End(socket);
}

/** Connects a client through the proxy, and exchanges 5 bytes in each direction. */
async function connectPair(n = listener.ends.length + 1): Promise<{ client: End; server: End }> {
  const client = connectClient();
  client.socket.write('hello');
  const server = await listener.accepted(n);
  await server.untilReceived(5);
  server.socket.write('hello');
  await client.untilReceived(5);
  return { client, server };
}

/** Waits for twenty round trips on another connection, by which time all data in flight has arrived. */
async function waitForDelivery(): Promise<void> {
  const { client, server } = await connectPair();
  for (let i = 1; i <= 20; i++) {
    client.socket.write('ping!');
    await server.untilReceived(5 + i * 5);
    server.socket.write('pong!');
    await client.untilReceived(5 + i * 5);
  }
  client.socket.destroy();
  server.socket.destroy();
}

function pattern(length: number, seed: number): Buffer {
  const rng = new SeededRandom(seed);
  return Buffer.from(Uint8Array.from({ length }, () => rng.int(0, 255)));
}

describe('without a cut', () => {
  const chunks = fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 12 });
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 20_000 })), {
    minLength: 1,
    maxLength: 8,
  });
  const delays = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 });
  /** Byte counts at which the proxy freezes. It thaws 1 ms later. */
  const freezes = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 3 });

  test('forwards every byte once, unchanged and in order, with any network conditions and freezes', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, chunks, sizes, delays, freezes, async (up, down, pieces, waits, frozenAt) => {
        // After the given pieces use long ones, because each piece takes a turn of the event loop.
        const conditions = (): NetworkConditions => {
          let piece = 0;
          let wait = 0;
          return {
            pieceBytes: () => pieces[piece++] ?? 10_000,
            delayMs: () => waits[wait++] ?? 0,
          };
        };
        const own = await FaultProxy.start({ target: listener.port, conditions });
        try {
          const sentUp = up.map((length, i) => pattern(length, i));
          const sentDown = down.map((length, i) => pattern(length, 1000 + i));
          const client = connectClient(own.port);
          for (const chunk of sentUp) client.socket.write(chunk);
          client.socket.end();
          const server = await listener.accepted(listener.ends.length + 1);
          const points = [...frozenAt].sort((a, b) => a - b);
          server.socket.on('data', () => {
            if (points[0] === undefined || server.bytes < points[0]) return;
            points.shift();
            own.freeze();
            setTimeout(() => own.thaw(), 1);
          });
          for (const chunk of sentDown) server.socket.write(chunk);
          server.socket.end();
          await Promise.all([server.ended, client.ended]);
          expect(Buffer.concat(server.received).equals(Buffer.concat(sentUp))).toBe(true);
          expect(Buffer.concat(client.received).equals(Buffer.concat(sentDown))).toBe(true);
        } finally {
          await own.stop();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('forwards FIN only in its direction, so a side that has ended still receives', async () => {
    const { client, server } = await connectPair();
    client.socket.end('last bytes');
    await server.ended;
    expect(server.text).toBe('hellolast bytes');
    server.socket.end('answer');
    await client.ended;
    expect(client.text).toBe('helloanswer');
  });

  test('splits one write into several reads if the conditions say so', async () => {
    const own = await FaultProxy.start({
      target: listener.port,
      conditions: () => ({ pieceBytes: () => 10, delayMs: () => 0 }),
    });
    const client = connectClient(own.port);
    client.socket.write(pattern(100, 1));
    const server = await listener.accepted();
    await server.untilReceived(100);
    expect(server.received.length).toBeGreaterThan(3);
    await own.stop();
  });
});

describe('cut', () => {
  test('resets both sides', async () => {
    const { client, server } = await connectPair();
    proxy.cut();
    await Promise.all([client.closed, server.closed]);
    expect([client.events, server.events]).toEqual([
      ['ECONNRESET', 'close'],
      ['ECONNRESET', 'close'],
    ]);
    expect(proxy.connections).toEqual([]);
  });

  test('ends both sides with FIN', async () => {
    const { client, server } = await connectPair();
    proxy.cut('fin');
    await Promise.all([client.ended, server.ended]);
    expect([client.events, server.events]).toEqual([['end'], ['end']]);
  });

  test.each(['client', 'server'] as const)('closes only the %s; the other side receives nothing', async (side) => {
    const { client, server } = await connectPair();
    const cut = side === 'client' ? client : server;
    const left = side === 'client' ? server : client;
    proxy.newest?.cut('reset', side);
    await cut.closed;
    left.socket.write('unanswered');
    await waitForDelivery();
    expect(left.events).toEqual([]);
    expect(left.text).toBe('hello');
    proxy.cut();
    await left.closed;
  });

  test('forwards exactly this many further bytes, then cuts', async () => {
    for (const [i, bytes] of [0, 1, 7, 640, 5000].entries()) {
      const { client, server } = await connectPair(i + 1);
      proxy.newest?.cutAfter('up', bytes, 'fin');
      // Two writes: the cut may be in the first or in the second.
      const sent = pattern(5000, bytes);
      client.socket.write(sent.subarray(0, 1000));
      client.socket.write(sent.subarray(1000));
      await server.ended;
      expect(Buffer.concat(server.received).subarray(5).equals(sent.subarray(0, bytes))).toBe(true);
    }
  });

  test('forwards how one side closed: a reset stays a reset', async () => {
    const { client, server } = await connectPair();
    client.socket.resetAndDestroy();
    await server.closed;
    expect(server.events).toEqual(['ECONNRESET', 'close']);
  });
});

test('drop discards one direction and forwards the other', async () => {
  const { client, server } = await connectPair();
  const connection = proxy.newest;
  connection?.drop('up');
  client.socket.end('lost');
  server.socket.write('other');
  await client.untilReceived(10);
  await waitForDelivery();
  expect(client.text).toBe('helloother');
  expect(server.text).toBe('hello');
  expect(server.events).toEqual([]);
  expect(connection?.up.swallowed).toBe(4);
});

test('drop discards both directions until a cut', async () => {
  const { client, server } = await connectPair();
  proxy.drop();
  client.socket.write('lost');
  server.socket.write('lost');
  await waitForDelivery();
  expect([client.text, server.text]).toEqual(['hello', 'hello']);
  proxy.cut();
  await Promise.all([client.closed, server.closed]);
});

test('freeze stops all traffic with bounded memory; thaw forwards all of it', async () => {
  const { client, server } = await connectPair();
  const connection = proxy.newest;
  connection?.freeze();
  const sent = pattern(4 * 1024 * 1024, 7);
  client.socket.end(sent);
  await waitForDelivery();
  expect(server.events).toEqual([]);
  expect(server.bytes).toBe(5);
  expect(connection?.up.queuedBytes).toBeLessThanOrEqual(MAX_QUEUED_BYTES + 64 * 1024);
  connection?.thaw();
  await server.ended;
  expect(Buffer.concat(server.received).subarray(5).equals(sent)).toBe(true);
});

test('uses bounded memory if the receiver stops reading', async () => {
  const { client, server } = await connectPair();
  const connection = proxy.newest;
  server.socket.pause();
  // More than fits into the system's buffers.
  for (let i = 0; i < 64; i++) client.socket.write(Buffer.alloc(1024 * 1024));
  await waitForDelivery();
  expect(connection?.up.queuedBytes).toBeLessThanOrEqual(MAX_QUEUED_BYTES + 64 * 1024);
  expect(client.socket.writableLength).toBeGreaterThan(0);
});

test('a cut closes a frozen connection', async () => {
  const { client, server } = await connectPair();
  proxy.freeze();
  proxy.cut();
  await Promise.all([client.closed, server.closed]);
});

test('refuse resets this many connections; the next one is forwarded', async () => {
  proxy.refuse(2);
  const first = connectClient();
  await first.closed;
  const second = connectClient();
  await second.closed;
  expect([first.events.at(-1), second.events.at(-1)]).toEqual(['close', 'close']);
  expect([first.bytes, second.bytes]).toEqual([0, 0]);
  await connectPair();
  expect([proxy.accepted, proxy.refused, listener.ends.length]).toEqual([3, 2, 1]);
});

test('hold forwards a later connection first', async () => {
  proxy.hold();
  const early = connectClient();
  early.socket.write('early');
  await once(early.socket, 'connect');
  const { server } = await connectPair(1);
  expect(server.text).toBe('hello');
  await waitForDelivery();
  expect(listener.ends).toHaveLength(2);
  proxy.release();
  const held = await listener.accepted(3);
  await held.untilReceived(5);
  expect(held.text).toBe('early');
});

test('each faultNext applies to one of the next connections', async () => {
  proxy.faultNext((connection) => connection.cutAfter('up', 2, 'fin'));
  proxy.faultNext((connection) => connection.cut());
  const first = connectClient();
  first.socket.write('hello');
  const server = await listener.accepted();
  await server.ended;
  expect(server.text).toBe('he');
  const second = connectClient();
  await second.closed;
  connectClient().socket.write('hello');
  // The second connection may have reached the server before the cut.
  await Promise.race([2, 3].map(async (n) => (await listener.accepted(n)).untilReceived(5)));
});

test('broken resolves after a cut and after a reset by one side', async () => {
  const one = await connectPair();
  const cut = proxy.newest?.broken;
  const two = await connectPair();
  const left = proxy.newest?.broken;
  proxy.connections[0]?.cut('reset', 'client');
  await cut;
  two.server.socket.resetAndDestroy();
  await left;
  expect(one.server.events).toEqual([]);
});

test('new connections go to the new target after it changes', async () => {
  await connectPair();
  const other = await Listener.start();
  proxy.target = other.port;
  connectClient().socket.write('hi');
  const server = await other.accepted();
  await server.untilReceived(2);
  expect(listener.ends).toHaveLength(1);
  await other.stop();
});

test('closes the client if nothing listens on the target port', async () => {
  const closed = await Listener.start();
  proxy.target = closed.port;
  await closed.stop();
  const client = connectClient();
  await client.closed;
  expect(client.events.at(-1)).toBe('close');
});

test('stop closes every connection, including held and frozen ones', async () => {
  const { client, server } = await connectPair();
  const frozen = await connectPair();
  proxy.newest?.freeze();
  proxy.hold();
  const held = connectClient();
  await once(held.socket, 'connect');
  await new Promise<void>((resolve) => setImmediate(resolve));
  const all = [client, server, frozen.client, frozen.server, held];
  const closed = Promise.all(all.map((end) => Promise.race([end.ended, end.closed])));
  await proxy.stop();
  await closed;
  expect(proxy.connections).toEqual([]);
  proxy = await FaultProxy.start({ target: listener.port });
});

describe('the seed', () => {
  const sequence = (seed: number): number[] => {
    const conditions = generateConditions(new SeededRandom(seed));
    return Array.from({ length: 50 }, () => [conditions.pieceBytes(), conditions.delayMs()]).flat();
  };

  test('determines the conditions', () => {
    for (let seed = 1; seed <= 50; seed++) expect(sequence(seed)).toEqual(sequence(seed));
    const kinds = new Set(Array.from({ length: 50 }, (_, seed) => sequence(seed).join()));
    // Four in ten have no faults and are therefore equal.
    expect(kinds.size).toBeGreaterThan(20);
  });

  test('gives each part an independent generator', () => {
    const draws = (rng: SeededRandom) => Array.from({ length: 8 }, () => rng.next()).join();
    const used = new SeededRandom(5);
    used.next();
    expect(draws(used.fork(3))).toBe(draws(new SeededRandom(5).fork(3)));
    const all = new Set<string>();
    for (let seed = 0; seed < 40; seed++) for (let n = 0; n < 40; n++) all.add(draws(new SeededRandom(seed).fork(n)));
    expect(all.size).toBe(1600);
  });
});
