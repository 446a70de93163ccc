import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { composeText } from '../../shared/log-line.ts';
import { PROTOCOL } from '../../shared/protocol.ts';
import {
  BAD_HANDSHAKES,
  FOREIGN_HOSTS,
  FOREIGN_ORIGINS,
  MALFORMED_REQUESTS,
  MISSING_PROOFS,
  NO_ORIGIN,
  NOT_HTTP,
  UNUSUAL_BUT_VALID,
  WRONG_PATHS,
  WRONG_VOICE_QUERIES,
} from '../testing/handshake-attacks.ts';
import {
  type Answer,
  answerOn,
  bytesOf,
  type Endpoint,
  type RawHandshake,
  sendHandshake,
  sendSlowly,
  validHandshake,
  withHeader,
} from '../testing/raw-handshake.ts';
import { ORIGIN, type Rig, rawSocket, startRig, TestClient, TOKEN, watchRejections } from '../testing/voice-rig.ts';
import { LIMITS } from './limits.ts';

// Tests the voice server from outside, with raw bytes on a socket.

let rig: Rig;
watchRejections();
afterEach(async () => {
  vi.useRealTimers();
  await rig.stop();
});

const endpoint = (target = '/ws/voice?user_id=ada'): Endpoint => ({
  port: rig.port,
  origin: ORIGIN,
  token: TOKEN,
  protocol: PROTOCOL,
  target,
});
const refusals = () => rig.logged.filter(({ event }) => event === 'WS_REFUSED').map(({ fields }) => fields);

/** Expects a bare status, no session, and one log line that contains nothing sent by the peer. */
function expectRefused(answer: Answer, status: number, why: string): void {
  expect(answer.status).toBe(status);
  expect(answer.bytes).toMatch(/^HTTP\/1\.1 (?:[^\r\n]+\r\n)+\r\n$/);
  expect(answer.headers).toEqual(expect.arrayContaining(['Connection: close', 'Content-Length: 0']));
  expect(answer.bytes.toLowerCase()).not.toContain('access-control');
  expect(refusals()).toEqual([{ on: 'voice', status, why }]);
  expect(rig.logged.map(({ event, fields }) => composeText(event, fields))).toEqual([
    `🟢 SERVER_STARTED | host=127.0.0.1 | port=${rig.port}`,
    `⛔ WS_REFUSED | on=voice | status=${status} | why=${why}`,
  ]);
  expect([rig.manager.size, rig.manager.sessions]).toEqual([0, 0]);
}

describe('our own page is accepted', () => {
  test.each(UNUSUAL_BUT_VALID)('%s: 101, and no secret is echoed', async (_, handshake) => {
    rig = await startRig();
    const { status, headers, bytes } = await sendHandshake(rig.port, handshake(endpoint()));
    expect(status).toBe(101);
    expect(headers.filter((line) => line.startsWith('Sec-WebSocket-Protocol'))).toEqual([
      `Sec-WebSocket-Protocol: ${PROTOCOL}`,
    ]);
    // The welcome may be in the same packet and must not contain it either.
    expect(bytes + JSON.stringify(rig.logged)).not.toContain(TOKEN.slice(0, 16));
    expect(bytes.toLowerCase()).not.toContain('access-control');
    expect(headers.join()).not.toContain('Sec-WebSocket-Extensions');
    expect(refusals()).toEqual([]);
  });
});

describe('H28 Origin', () => {
  test.each([NO_ORIGIN, ...FOREIGN_ORIGINS])('%s: %i', async (_, status, why, handshake) => {
    rig = await startRig();
    expectRefused(await sendHandshake(rig.port, handshake(endpoint())), status, why);
  });
});

describe('H29 Host', () => {
  test.each(FOREIGN_HOSTS)('%s: %i', async (_, status, why, handshake) => {
    rig = await startRig();
    expectRefused(await sendHandshake(rig.port, handshake(endpoint())), status, why);
  });
});

describe('H30 proof', () => {
  test.each(MISSING_PROOFS)('%s: %i, never echoed', async (_, status, why, handshake) => {
    rig = await startRig();
    const answer = await sendHandshake(rig.port, handshake(endpoint()));
    expectRefused(answer, status, why);
    expect(answer.bytes + JSON.stringify(rig.logged)).not.toContain(TOKEN.slice(0, 16));
  });

  test('in the query instead: refused, and not logged', async () => {
    rig = await startRig();
    const at = endpoint(`/ws/voice?user_id=ada&token=${TOKEN}`);
    const answer = await sendHandshake(rig.port, withHeader(validHandshake(at), 'Sec-WebSocket-Protocol', PROTOCOL));
    expectRefused(answer, 401, 'proof');
  });

  test('H66 an intercepted proof cannot be replayed, not even at a restarted server', async () => {
    rig = await startRig();
    const { port } = rig;
    const bytes = bytesOf(validHandshake(endpoint()));
    expect((await sendHandshake(port, bytes)).status).toBe(101);
    expect((await sendHandshake(port, bytes)).status).toBe(401);
    await rig.restart(port);
    expect((await sendHandshake(port, bytes)).status).toBe(401);
    expect(refusals()).toEqual(Array(2).fill({ on: 'voice', status: 401, why: 'nonce used' }));
  });
});

describe('H31 path', () => {
  test.each(WRONG_PATHS)('%s: %i', async (_, status, why, handshake) => {
    rig = await startRig();
    expectRefused(await sendHandshake(rig.port, handshake(endpoint())), status, why);
  });

  test.each(WRONG_VOICE_QUERIES)('%s: %i', async (_, status, why, handshake) => {
    rig = await startRig();
    expectRefused(await sendHandshake(rig.port, handshake(endpoint())), status, why);
  });

  test.each([
    ['NUL', 'a\0b'],
    ['a bidi override', 'a\u202eb'],
    ['ESC', 'a\x1b[2Jb'],
    ['CR', 'a\rb'],
  ])('%s in user_id, unencoded: 400 from the parser, and one log line', async (_, userId) => {
    rig = await startRig();
    expectRefused(
      await sendHandshake(rig.port, validHandshake(endpoint(`/ws/voice?user_id=${userId}`))),
      400,
      'malformed',
    );
  });

  test.each(MALFORMED_REQUESTS)('%s: %i from the parser, and one log line', async (_, status, why, handshake) => {
    rig = await startRig();
    expectRefused(await sendHandshake(rig.port, handshake(endpoint())), status, why);
  });

  test.each(NOT_HTTP)('%s: %i, and one log line', async (_, status, why, bytes) => {
    rig = await startRig();
    expectRefused(await sendHandshake(rig.port, bytes), status, why);
  });

  test('"__proto__" is a valid user_id', async () => {
    rig = await startRig();
    expect((await sendHandshake(rig.port, validHandshake(endpoint('/ws/voice?user_id=__proto__')))).status).toBe(101);
  });
});

describe('an invalid handshake', () => {
  test.each(BAD_HANDSHAKES)('%s: %i', async (_, status, why, handshake) => {
    rig = await startRig();
    expectRefused(await sendHandshake(rig.port, handshake(endpoint())), status, why);
  });

  test('counts as a refused connection, even if ws detects the error', async () => {
    rig = await startRig();
    await sendHandshake(rig.port, withHeader(validHandshake(endpoint()), 'Sec-WebSocket-Key'));
    expect(rig.measured).toEqual([['refused', 400]]);
  });

  test('with another version is told the supported one (RFC 6455 section 4.4)', async () => {
    rig = await startRig();
    const answer = await sendHandshake(rig.port, withHeader(validHandshake(endpoint()), 'Sec-WebSocket-Version', '8'));
    expect(answer.headers).toContain('Sec-WebSocket-Version: 13');
  });

  test('a second request in the packet of a refused one is not answered', async () => {
    rig = await startRig();
    const honest = validHandshake(endpoint());
    const refused = withHeader(honest, 'Origin', 'http://evil.com');
    expectRefused(await sendHandshake(rig.port, Buffer.concat([bytesOf(refused), bytesOf(honest)])), 403, 'origin');
  });

  test('a second request in the packet of an accepted one is an invalid frame, not a request', async () => {
    rig = await startRig();
    const socket = await rawSocket(rig.port);
    const all = text(socket);
    const honest = bytesOf(validHandshake(endpoint()));
    socket.write(Buffer.concat([honest, honest]));
    expect((await all).match(/HTTP\/1\.1 /g)).toHaveLength(1);
    await rig.untilLogged('WS_DISCONNECT');
    expect(rig.logged.filter(({ event }) => event === 'WS_CONNECT')).toHaveLength(1);
    expect(rig.turns).toEqual([]);
  });

  test('plain HTTP connections are not kept alive, even with Expect', async () => {
    rig = await startRig();
    const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${rig.port}\r\nExpect: much\r\n\r\n`;
    const answer = await sendHandshake(rig.port, Buffer.from(request.repeat(2)));
    expect(answer.bytes.match(/HTTP\/1\.1 404 /g)).toHaveLength(1);
    expect(answer.headers).toContain('Connection: close');
  });
});

describe('H32 the address', () => {
  test('is only 127.0.0.1, neither ::1 nor another address of this machine', async () => {
    rig = await startRig();
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      // A link-local address needs its interface.
      .filter(({ address, scopeid }) => address !== '127.0.0.1' && !scopeid)
      .map(({ address }) => address);
    for (const host of new Set(['::1', '127.0.0.2', ...others])) {
      const socket = connect(rig.port, host);
      const outcome = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).then(
        () => 'connected',
        (error: NodeJS.ErrnoException) => error.code,
      );
      socket.destroy();
      expect(outcome, host).toBeOneOf(['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH']);
    }
  });

  test('is closed after a stop', async () => {
    rig = await startRig();
    const { port } = rig;
    await rig.server.stop();
    await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  const plain = ['GET', 'HEAD', 'POST', 'OPTIONS'].flatMap((method) =>
    ['/', '/ws/voice', '/metrics'].map((path) => [method, path] as const),
  );
  test.each(plain)('%s %s from a foreign page: refused, without CORS headers', async (method, path) => {
    rig = await startRig({ metricsText: async () => 'figures' });
    const answer = await sendHandshake(rig.port, {
      method,
      target: path,
      version: 'HTTP/1.1',
      headers: [
        ['Host', `127.0.0.1:${rig.port}`],
        ['Origin', 'http://evil.com'],
        ['Access-Control-Request-Method', 'GET'],
        ['Access-Control-Request-Headers', 'authorization'],
        ['Access-Control-Request-Private-Network', 'true'],
      ],
      tail: '',
    });
    expect(answer.status).toBe(path === '/' ? 404 : path === '/ws/voice' ? 426 : method === 'GET' ? 403 : 405);
    expect(answer.bytes.toLowerCase()).not.toContain('access-control');
    expect(answer.bytes).not.toContain('figures');
    expect(refusals()).toHaveLength(1);
  });
});

describe('H41 a slow upgrade', () => {
  const SHORT = { upgradeMs: 300, upgradeCheckMs: 50 };

  test.each<[string, (socket: Socket, honest: Buffer) => void]>([
    ['one byte at a time', sendSlowly],
    ['all except the last byte', (socket, honest) => socket.write(honest.subarray(0, -1))],
    [
      'endless headers',
      (socket) => {
        socket.write('GET /ws/voice?user_id=ada HTTP/1.1\r\n');
        sendSlowly(socket, Buffer.from('A: b\r\n'.repeat(1_000)));
      },
    ],
  ])('%s: closed in time, with one log line and no session', async (_, send) => {
    rig = await startRig({ limits: SHORT });
    const socket = connect(rig.port, '127.0.0.1');
    const answer = answerOn(socket);
    await once(socket, 'connect');
    send(socket, bytesOf(validHandshake(endpoint())));
    expectRefused(await answer, 408, 'too slow');
  });

  test('no data at all: closed in time, without a response or a log line', async () => {
    rig = await startRig({ limits: SHORT });
    const socket = connect(rig.port, '127.0.0.1');
    const { status, bytes } = await answerOn(socket);
    expect([status, bytes, refusals()]).toEqual([0, '', []]);
  });

  test('a second request on the same connection is not accepted, so it cannot be slow', async () => {
    rig = await startRig();
    const answer = await sendHandshake(rig.port, Buffer.from(`GET /ws/voice HTTP/1.1\r\nHost: a\r\n\r\nGET`));
    expect(answer.status).toBe(426);
  });

  test('an endless body does not keep the connection open', async () => {
    rig = await startRig();
    const handshake: RawHandshake = {
      method: 'POST',
      target: '/metrics',
      version: 'HTTP/1.1',
      headers: [
        ['Host', 'a'],
        ['Content-Length', '1000000'],
      ],
      tail: 'and',
    };
    expectRefused(await sendHandshake(rig.port, handshake), 404, 'path');
  });

  test('the limits of the app add up to 5 s, including the check interval', () => {
    expect(LIMITS.upgradeMs).toBeLessThanOrEqual(5_000);
    expect(LIMITS.upgradeCheckMs).toBeGreaterThan(0);
    expect(LIMITS.upgradeMs - LIMITS.upgradeCheckMs).toBeGreaterThan(0);
  });
});

describe('H27 one connection over a limit', () => {
  const full = { on: 'voice', status: 503, why: 'full' };

  test('of 32: 503 with Retry-After, one log line; a slot is free once a client leaves', async () => {
    rig = await startRig();
    const clients: TestClient[] = [];
    for (let i = 0; i < LIMITS.connections; i++) {
      const client = new TestClient(rig.url());
      clients.push(client);
      const { session_id } = await client.until('connected');
      await rig.untilLogged('WS_READY', ({ session }) => session === session_id);
    }
    const answer = await sendHandshake(rig.port, validHandshake(endpoint()));
    expect(answer.status).toBe(503);
    expect(answer.headers).toContain('Retry-After: 2');
    expect(refusals()).toEqual([full]);
    expect(rig.manager.size).toBe(LIMITS.connections);
    clients[0]?.socket.close(1000);
    await rig.untilLogged('WS_DISCONNECT');
    await new TestClient(rig.url()).until('connected');
    expect(refusals()).toEqual([full]);
  });

  test('of 8 that have not answered their welcome: 503; a slot is free once a client is ready', async () => {
    rig = await startRig();
    // Fake timers, so no welcome runs out of attempts during the test.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const clients = Array.from({ length: LIMITS.pending }, () => new TestClient(rig.url(), { autoReady: false }));
    const [first] = await Promise.all(clients.map((client) => client.until('connected')));
    const answer = await sendHandshake(rig.port, validHandshake(endpoint()));
    expect(answer.status).toBe(503);
    expect(answer.headers).toContain('Retry-After: 2');
    expect(refusals()).toEqual([full]);
    vi.useRealTimers();
    clients[0]?.sendReady(first?.session_id ?? '');
    await rig.untilLogged('WS_READY');
    await new TestClient(rig.url()).until('connected');
  });

  test('of idle TCP connections: the oldest is closed, with one log line; a window can still connect', async () => {
    rig = await startRig({ limits: { idleConnections: 3, upgradeMs: 60_000 } });
    const honest = new TestClient(rig.url());
    await honest.until('connected');
    const first = await rawSocket(rig.port);
    const ended = once(first.resume(), 'end');
    const others = [await rawSocket(rig.port), await rawSocket(rig.port)];
    const answer = await sendHandshake(rig.port, validHandshake(endpoint()));
    expect(answer.status).toBe(101);
    await ended;
    expect(refusals()).toEqual([{ on: 'voice', why: 'too many connections' }]);
    honest.send({ event: 'ping', id: 1, client_time: 1 });
    await honest.until('pong');
    for (const socket of [first, ...others]) socket.destroy();
  });
});

describe('refusals', () => {
  test('of a flood are logged in few lines and do not affect connected clients', async () => {
    rig = await startRig();
    const honest = new TestClient(rig.url());
    await honest.startTurn();
    const foreign = withHeader(validHandshake(endpoint()), 'Origin', 'http://evil.com');
    const before = performance.now();
    const lane = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) await sendHandshake(rig.port, foreign);
    };
    const flood = Promise.all(Array.from({ length: 4 }, lane));
    honest.sendFrames(0, 9);
    await flood;
    honest.sendFrames(10, 19);
    honest.send({ event: 'stop' });
    await honest.until('voice_state', 2);
    expect(rig.turns[0]?.pcm).toHaveLength(20 * 320);
    // Five lines and a count per second.
    const seconds = Math.ceil((performance.now() - before) / 1_000) + 1;
    expect(refusals().length).toBeLessThanOrEqual(6 * seconds);
    expect(refusals().length).toBeGreaterThanOrEqual(5);
    expect(rig.manager.size).toBe(1);
  });
});
