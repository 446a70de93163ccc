import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { MAX_QUEUED_BYTES } from './fault-pipe.ts';
import { FaultProxy } from './fault-proxy.ts';
import { generateConditions, type NetworkConditions } from './network-conditions.ts';

/** One end of a connection, and all that it was told. */
class End {
  readonly heard: Buffer[] = [];
  bytes = 0;
  /** 'end', 'close', or an error's code, in order. */
  readonly told: string[] = [];
  readonly closed: Promise<void>;
  readonly ended: Promise<void>;
  #waiters: Array<() => void> = [];

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.heard.push(chunk);
      this.bytes += chunk.length;
      for (const waiter of this.#waiters.splice(0)) waiter();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.told.push(error.code ?? error.message));
    this.ended = new Promise((resolve) => {
      socket.on('end', () => {
        this.told.push('end');
        resolve();
      });
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.told.push('close');
        resolve();
      });
    });
  }

  get text(): string {
    return Buffer.concat(this.heard).toString('latin1');
  }
  async until(bytes: number): Promise<void> {
    while (this.bytes < bytes) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }
}

/** A server that keeps what it hears; `accepted` hands out its ends in the order in which they came. */
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

function dial(port = proxy.port): End {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  clients.push(socket);
  return new End(socket);
}

/** A client and its server, each having heard a word of the other. */
async function joined(n = listener.ends.length + 1): Promise<{ client: End; server: End }> {
  const client = dial();
  client.socket.write('hello');
  const server = await listener.accepted(n);
  await server.until(5);
  server.socket.write('hello');
  await client.until(5);
  return { client, server };
}

/** Long enough for anything that was on its way to have arrived: twenty round trips of another connection. */
async function aWhile(): Promise<void> {
  const { client, server } = await joined();
  for (let i = 1; i <= 20; i++) {
    client.socket.write('ping!');
    await server.until(5 + i * 5);
    server.socket.write('pong!');
    await client.until(5 + i * 5);
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
  /** The bytes at whose arrival everything freezes, to thaw a few turns of the event loop later. */
  const freezes = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 3 });

  test('every byte passes unchanged, once and in order, under any network conditions and with any freezes', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, chunks, sizes, delays, freezes, async (up, down, pieces, waits, frozenAt) => {
        // Small pieces cost a turn of the event loop each: after the given ones the rest goes in long ones.
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
          const client = dial(own.port);
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
          expect(Buffer.concat(server.heard).equals(Buffer.concat(sentUp))).toBe(true);
          expect(Buffer.concat(client.heard).equals(Buffer.concat(sentDown))).toBe(true);
        } finally {
          await own.stop();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('one side may end and go on listening: the end travels in its own direction only', async () => {
    const { client, server } = await joined();
    client.socket.end('last word');
    await server.ended;
    expect(server.text).toBe('hellolast word');
    server.socket.end('answer');
    await client.ended;
    expect(client.text).toBe('helloanswer');
  });

  test('one write arrives in several reads where the conditions split it', async () => {
    const own = await FaultProxy.start({
      target: listener.port,
      conditions: () => ({ pieceBytes: () => 10, delayMs: () => 0 }),
    });
    const client = dial(own.port);
    client.socket.write(pattern(100, 1));
    const server = await listener.accepted();
    await server.until(100);
    expect(server.heard.length).toBeGreaterThan(3);
    await own.stop();
  });
});

describe('cut', () => {
  test('resets both sides', async () => {
    const { client, server } = await joined();
    proxy.cut();
    await Promise.all([client.closed, server.closed]);
    expect([client.told, server.told]).toEqual([
      ['ECONNRESET', 'close'],
      ['ECONNRESET', 'close'],
    ]);
    expect(proxy.connections).toEqual([]);
  });

  test('ends both sides with FIN', async () => {
    const { client, server } = await joined();
    proxy.cut('fin');
    await Promise.all([client.ended, server.ended]);
    expect([client.told, server.told]).toEqual([['end'], ['end']]);
  });

  test.each(['client', 'server'] as const)('reaches the %s alone, the other side hears nothing', async (side) => {
    const { client, server } = await joined();
    const cut = side === 'client' ? client : server;
    const left = side === 'client' ? server : client;
    proxy.newest?.cut('reset', side);
    await cut.closed;
    left.socket.write('is anybody there?');
    await aWhile();
    expect(left.told).toEqual([]);
    expect(left.text).toBe('hello');
    proxy.cut();
    await left.closed;
  });

  test('passes on exactly so many bytes of what follows, then cuts', async () => {
    for (const [i, bytes] of [0, 1, 7, 640, 5000].entries()) {
      const { client, server } = await joined(i + 1);
      proxy.newest?.cutAfter('up', bytes, 'fin');
      // In two writes: the cut lies in the first one, or in the second.
      const sent = pattern(5000, bytes);
      client.socket.write(sent.subarray(0, 1000));
      client.socket.write(sent.subarray(1000));
      await server.ended;
      expect(Buffer.concat(server.heard).subarray(5).equals(sent.subarray(0, bytes))).toBe(true);
    }
  });

  test('forwards how one side closed: a reset stays a reset', async () => {
    const { client, server } = await joined();
    client.socket.resetAndDestroy();
    await server.closed;
    expect(server.told).toEqual(['ECONNRESET', 'close']);
  });
});

test('drop swallows one direction and leaves the other', async () => {
  const { client, server } = await joined();
  const connection = proxy.newest;
  connection?.drop('up');
  client.socket.end('lost');
  server.socket.write('heard');
  await client.until(10);
  await aWhile();
  expect(client.text).toBe('helloheard');
  expect(server.text).toBe('hello');
  expect(server.told).toEqual([]);
  expect(connection?.up.swallowed).toBe(4);
});

test('drop swallows both directions, a cut ends it', async () => {
  const { client, server } = await joined();
  proxy.drop();
  client.socket.write('lost');
  server.socket.write('lost');
  await aWhile();
  expect([client.text, server.text]).toEqual(['hello', 'hello']);
  proxy.cut();
  await Promise.all([client.closed, server.closed]);
});

test('freeze holds everything without closing, its memory is bounded, and thaw lets all of it through', async () => {
  const { client, server } = await joined();
  const connection = proxy.newest;
  connection?.freeze();
  const sent = pattern(4 * 1024 * 1024, 7);
  client.socket.end(sent);
  await aWhile();
  expect(server.told).toEqual([]);
  expect(server.bytes).toBe(5);
  expect(connection?.up.queuedBytes).toBeLessThanOrEqual(MAX_QUEUED_BYTES + 64 * 1024);
  connection?.thaw();
  await server.ended;
  expect(Buffer.concat(server.heard).subarray(5).equals(sent)).toBe(true);
});

test('memory is bounded behind a reader that stops reading', async () => {
  const { client, server } = await joined();
  const connection = proxy.newest;
  server.socket.pause();
  // More than all buffers of the system on the way take.
  for (let i = 0; i < 64; i++) client.socket.write(Buffer.alloc(1024 * 1024));
  await aWhile();
  expect(connection?.up.queuedBytes).toBeLessThanOrEqual(MAX_QUEUED_BYTES + 64 * 1024);
  expect(client.socket.writableLength).toBeGreaterThan(0);
});

test('a frozen connection hears of a cut', async () => {
  const { client, server } = await joined();
  proxy.freeze();
  proxy.cut();
  await Promise.all([client.closed, server.closed]);
});

test('refuse resets so many connections at once, the next one gets through', async () => {
  proxy.refuse(2);
  const first = dial();
  await first.closed;
  const second = dial();
  await second.closed;
  expect([first.told.at(-1), second.told.at(-1)]).toEqual(['close', 'close']);
  expect([first.bytes, second.bytes]).toEqual([0, 0]);
  await joined();
  expect([proxy.accepted, proxy.refused, listener.ends.length]).toEqual([3, 2, 1]);
});

test('hold lets a later connection get through first', async () => {
  proxy.hold();
  const early = dial();
  early.socket.write('early');
  await once(early.socket, 'connect');
  const { server } = await joined(1);
  expect(server.text).toBe('hello');
  await aWhile();
  expect(listener.ends).toHaveLength(2);
  proxy.release();
  const held = await listener.accepted(3);
  await held.until(5);
  expect(held.text).toBe('early');
});

test('faultNext strikes the connections to come, one each', async () => {
  proxy.faultNext((connection) => connection.cutAfter('up', 2, 'fin'));
  proxy.faultNext((connection) => connection.cut());
  const first = dial();
  first.socket.write('hello');
  const server = await listener.accepted();
  await server.ended;
  expect(server.text).toBe('he');
  const second = dial();
  await second.closed;
  dial().socket.write('hello');
  // The second one may have reached the server before it was cut.
  await Promise.race([2, 3].map(async (n) => (await listener.accepted(n)).until(5)));
});

test('tells when a connection is broken, by whomever', async () => {
  const one = await joined();
  const cut = proxy.newest?.broken;
  const two = await joined();
  const left = proxy.newest?.broken;
  proxy.connections[0]?.cut('reset', 'client');
  await cut;
  two.server.socket.resetAndDestroy();
  await left;
  expect(one.server.told).toEqual([]);
});

test('hands new connections to another port after a change of the target', async () => {
  await joined();
  const other = await Listener.start();
  proxy.target = other.port;
  dial().socket.write('hi');
  const server = await other.accepted();
  await server.until(2);
  expect(listener.ends).toHaveLength(1);
  await other.stop();
});

test('resets the client if nothing listens on the target port', async () => {
  const gone = await Listener.start();
  proxy.target = gone.port;
  await gone.stop();
  const client = dial();
  await client.closed;
  expect(client.told.at(-1)).toBe('close');
});

test('stop closes every connection, held and frozen ones too', async () => {
  const { client, server } = await joined();
  const frozen = await joined();
  proxy.newest?.freeze();
  proxy.hold();
  const held = dial();
  await once(held.socket, 'connect');
  await new Promise<void>((resolve) => setImmediate(resolve));
  const all = [client, server, frozen.client, frozen.server, held];
  const told = Promise.all(all.map((end) => Promise.race([end.ended, end.closed])));
  await proxy.stop();
  await told;
  expect(proxy.connections).toEqual([]);
  proxy = await FaultProxy.start({ target: listener.port });
});

describe('the seed', () => {
  const sequence = (seed: number): number[] => {
    const conditions = generateConditions(new SeededRandom(seed));
    return Array.from({ length: 50 }, () => [conditions.pieceBytes(), conditions.delayMs()]).flat();
  };

  test('the same seed gives the same conditions, another seed different ones', () => {
    for (let seed = 1; seed <= 50; seed++) expect(sequence(seed)).toEqual(sequence(seed));
    const kinds = new Set(Array.from({ length: 50 }, (_, seed) => sequence(seed).join()));
    // Four in ten are calm, and calm is calm.
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
