import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { BRIDGE_PATH, BRIDGE_PROTOCOL, type BridgeHandlers } from '../../shared/bridge.ts';
import type { Log } from '../../shared/log-event.ts';
import { composeText, textOf } from '../../shared/log-line.ts';
import { PROTOCOL } from '../../shared/protocol.ts';
import { createLaunchProofs } from '../guard/launch-proofs.ts';
import { createRefusalLog } from '../guard/refusal-log.ts';
import {
  BAD_HANDSHAKES,
  FOREIGN_HOSTS,
  FOREIGN_ORIGINS,
  MALFORMED_REQUESTS,
  MISSING_PROOFS,
  NO_ORIGIN,
  UNUSUAL_BUT_VALID,
  WRONG_PATHS,
} from '../testing/handshake-attacks.ts';
import {
  answerOn,
  bytesOf,
  type Endpoint,
  type RawHandshake,
  sendHandshake,
  sendSlowly,
  validHandshake,
  withHeader,
} from '../testing/raw-handshake.ts';
import { type BridgeSocket, createBridgeSocket } from './bridge-socket.ts';
import { openWebServer, WEB_LIMITS, type WebServer } from './server.ts';
import { startTab, type Tab } from './tab.ts';

// Tests the tab's server from outside, with raw bytes on a socket.

/** Reasons for which Node's parser rejects a request. */
const PARSER_REASONS = ['malformed', 'headers too large'];

describe('the bridge', () => {
  const token = 'a-bridge-token-0123456789abcdefghijklmnopqr';
  const log = vi.fn<Log>();
  let web: WebServer;
  let bridge: BridgeSocket;

  async function open(limits: Partial<typeof WEB_LIMITS> = {}): Promise<Endpoint> {
    log.mockClear();
    web = await openWebServer(0, { ...WEB_LIMITS, ...limits });
    const { port } = web;
    const origin = `http://127.0.0.1:${port}`;
    // No refused client gets as far as a call.
    bridge = createBridgeSocket({
      host: `127.0.0.1:${port}`,
      origin,
      proofs: createLaunchProofs(token),
      handlers: {} as BridgeHandlers,
      log,
    });
    web.serve({
      request: (_request, response) => response.end(),
      upgrade: bridge.upgrade,
      logRefusal: createRefusalLog(log, 'page'),
    });
    return { port, origin, token, protocol: BRIDGE_PROTOCOL, target: BRIDGE_PATH };
  }
  afterEach(async () => {
    await bridge.close();
    await web.close();
  });

  test.each(UNUSUAL_BUT_VALID)('accepts our own page %s: 101, and no secret is echoed', async (_, handshake) => {
    const at = await open();
    const { status, headers, bytes } = await sendHandshake(at.port, handshake(at));
    expect(status).toBe(101);
    expect(headers.filter((line) => line.startsWith('Sec-WebSocket-Protocol'))).toEqual([
      `Sec-WebSocket-Protocol: ${BRIDGE_PROTOCOL}`,
    ]);
    expect(bytes + JSON.stringify(log.mock.calls)).not.toContain(token.slice(0, 16));
  });

  test.each([
    ...[NO_ORIGIN, ...FOREIGN_ORIGINS].map((handshake) => ['H28 Origin', ...handshake] as const),
    ...FOREIGN_HOSTS.map((handshake) => ['H29 Host', ...handshake] as const),
    ...MISSING_PROOFS.map((handshake) => ['H30 proof', ...handshake] as const),
    ...WRONG_PATHS.map((handshake) => ['H31 path', ...handshake] as const),
    ...MALFORMED_REQUESTS.map((handshake) => ['H31 malformed', ...handshake] as const),
    // Requests without an upgrade are for the page; tested below.
    ...BAD_HANDSHAKES.filter(([, , why]) => why !== 'no upgrade').map(
      (handshake) => ['handshake', ...handshake] as const,
    ),
  ])('%s, %s: %i, one log line, nothing echoed', async (_case, _title, status, why, handshake) => {
    const at = await open();
    const answer = await sendHandshake(at.port, handshake(at));
    expect(answer.status).toBe(status);
    expect(answer.headers).toEqual(expect.arrayContaining(['Connection: close', 'Content-Length: 0']));
    expect(answer.bytes).toMatch(/^HTTP\/1\.1 (?:[^\r\n]+\r\n)+\r\n$/);
    expect(log.mock.calls.map(([event, fields]) => composeText(event, fields ?? {}))).toEqual([
      `⛔ WS_REFUSED | on=${PARSER_REASONS.includes(why) ? 'page' : 'bridge'} | status=${status} | why=${why}`,
    ]);
    expect(answer.bytes).not.toContain(token.slice(0, 16));
    expect(bridge.size).toBe(0);
  });

  const SHORT = { requestMs: 300, requestCheckMs: 50 };
  test.each<[string, (socket: Socket, honest: Buffer) => void]>([
    ['one byte at a time', sendSlowly],
    ['all except the last byte', (socket, honest) => void socket.write(honest.subarray(0, -1))],
  ])('H41 a slow upgrade, %s: closed in time, with one log line', async (_, send) => {
    const at = await open(SHORT);
    const socket = connect(at.port, '127.0.0.1');
    const answer = answerOn(socket);
    await once(socket, 'connect');
    send(socket, bytesOf(validHandshake(at)));
    expect((await answer).status).toBe(408);
    expect(log.mock.calls).toEqual([['WS_REFUSED', { on: 'page', status: 408, why: 'too slow' }]]);
  });

  test('H41 the limits of the app add up to 5 s, including the check interval', () => {
    expect(WEB_LIMITS.requestMs).toBeLessThanOrEqual(5_000);
    expect(WEB_LIMITS.requestCheckMs).toBeGreaterThan(0);
    expect(WEB_LIMITS.requestCheckMs).toBeLessThan(WEB_LIMITS.requestMs);
  });

  test('one TCP connection over the limit closes the oldest, with one log line; a window can still connect', async () => {
    const at = await open({ idleConnections: 2 });
    const idle = [connect(at.port, '127.0.0.1'), connect(at.port, '127.0.0.1')];
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    expect((await sendHandshake(at.port, validHandshake(at))).status).toBe(101);
    expect(log.mock.calls[0]).toEqual(['WS_REFUSED', { on: 'page', why: 'too many connections' }]);
    for (const socket of idle) socket.destroy();
  });
});

describe('the page', () => {
  let root: string;
  let tab: Tab;
  const portOf = ({ origin }: Tab) => Number(new URL(origin).port);
  const start = (ports: { port: number; voicePort?: number } = { port: 0 }) =>
    startTab({ ...ports, version: '1.0.0', dataDir: join(root, 'data'), rendererDir: join(root, 'renderer') });
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'earshot-guard-'));
    await mkdir(join(root, 'renderer'));
    await writeFile(join(root, 'renderer', 'index.html'), '<title>Our page</title>');
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const endpointOf = (tab: Tab, target = '/'): Endpoint => ({
    port: portOf(tab),
    name: new URL(tab.origin).hostname,
    origin: tab.origin,
    token: tab.token,
    protocol: BRIDGE_PROTOCOL,
    target,
  });
  /** A request for a file: a handshake without its upgrade headers. */
  const plain = (handshake: RawHandshake): RawHandshake =>
    withHeader(withHeader(handshake, 'Upgrade'), 'Connection', 'close');
  const refusalsOf = async ({ host }: Tab) =>
    (await host.handlers.getLogHistory(undefined)).filter(({ event }) => event === 'WS_REFUSED');

  describe('of one launch', () => {
    beforeAll(async () => {
      tab = await start();
    });
    afterAll(() => tab.stop());

    test('is served to our own page and to a browser that opened its address', async () => {
      const ours = plain(validHandshake(endpointOf(tab)));
      for (const handshake of [ours, withHeader(ours, 'Origin')]) {
        const { status, bytes } = await sendHandshake(portOf(tab), handshake);
        expect(status).toBe(200);
        expect(bytes).toContain('Our page');
        expect(bytes).not.toContain(tab.token.slice(0, 16));
      }
    });

    test.each([
      ...FOREIGN_ORIGINS.map((handshake) => ['H28 Origin', ...handshake] as const),
      ...FOREIGN_HOSTS.map((handshake) => ['H29 Host', ...handshake] as const),
    ])('%s, %s: %i, without the page', async (_case, _title, status, _why, handshake) => {
      const answer = await sendHandshake(portOf(tab), plain(handshake(endpointOf(tab))));
      expect(answer.status).toBe(status);
      expect(answer.bytes).not.toContain('Our page');
      expect(answer.headers.join('\n')).toMatch(/^Content-Security-Policy: /m);
      expect(answer.bytes.toLowerCase()).not.toContain('access-control');
    });

    test.each(BAD_HANDSHAKES.filter(([, , why]) => why === 'no upgrade'))(
      'on the path of the bridge, %s: %i',
      async (_title, status, _why, handshake) => {
        const answer = await sendHandshake(
          portOf(tab),
          withHeader(handshake(endpointOf(tab, BRIDGE_PATH)), 'Connection', 'close'),
        );
        expect(answer.status).toBe(status);
        expect(answer.headers).toContain('Upgrade: websocket');
      },
    );

    test.each(['GET', 'HEAD', 'POST', 'OPTIONS'])(
      'H32 %s from a foreign page: 403, without a CORS header',
      async (method) => {
        const foreign = withHeader(plain(validHandshake(endpointOf(tab))), 'Origin', 'http://evil.com');
        const preflight = withHeader(foreign, 'Access-Control-Request-Private-Network', 'true');
        const answer = await sendHandshake(portOf(tab), { ...preflight, method });
        expect(answer.status).toBe(403);
        expect(answer.bytes.toLowerCase()).not.toContain('access-control');
      },
    );

    test('each request of a connection is checked: a foreign one after one of ours is refused', async () => {
      const kept = withHeader(plain(validHandshake(endpointOf(tab))), 'Connection', 'keep-alive');
      const socket = connect(portOf(tab), '127.0.0.1');
      const answer = answerOn(socket);
      socket.write(bytesOf({ ...kept, method: 'HEAD' }));
      await once(socket, 'data');
      socket.write(bytesOf(withHeader(kept, 'Host', 'evil.com')));
      expect((await answer).bytes.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403']);
    });

    test('an unknown Expect header does not change the answer', async () => {
      const { status, headers } = await sendHandshake(
        portOf(tab),
        withHeader(plain(validHandshake(endpointOf(tab))), 'Expect', 'much'),
      );
      expect(status).toBe(200);
      expect(headers.join('\n')).toMatch(/^Content-Security-Policy: /m);
    });
  });

  describe('of its own launch', () => {
    afterEach(() => tab.stop());

    test('a refusal is one log line with our reason and nothing sent by the peer', async () => {
      tab = await start();
      const ours = plain(validHandshake(endpointOf(tab)));
      for (const handshake of [
        withHeader(ours, 'Host', 'evil.com'),
        withHeader(ours, 'Origin', 'http://evil.com'),
        { ...ours, method: 'POST' },
        { ...ours, target: '/\u202eevil' },
      ]) {
        await sendHandshake(portOf(tab), handshake);
      }
      await vi.waitFor(async () =>
        expect((await refusalsOf(tab)).map(textOf)).toEqual([
          '⛔ WS_REFUSED | on=page | status=403 | why=host',
          '⛔ WS_REFUSED | on=page | status=403 | why=origin',
          '⛔ WS_REFUSED | on=page | status=405 | why=method',
          '⛔ WS_REFUSED | on=page | status=400 | why=malformed',
        ]),
      );
    });

    test('a flood of refusals is logged in few lines, and every refusal is counted', async () => {
      tab = await start();
      const foreign = withHeader(plain(validHandshake(endpointOf(tab))), 'Host', 'evil.com');
      const before = performance.now();
      const lane = async (): Promise<void> => {
        for (let i = 0; i < 50; i++) await sendHandshake(portOf(tab), foreign);
      };
      await Promise.all(Array.from({ length: 4 }, lane));
      /** A line counts as one refusal, or as the number in its field `more`. */
      const countRefusals = (texts: string[]) =>
        texts.reduce((sum, text) => sum + Number(/ more=(\d+)$/.exec(text)?.[1] ?? 1), 0);
      await vi.waitFor(async () => expect(countRefusals((await refusalsOf(tab)).map(textOf))).toBe(200), {
        timeout: 10_000,
      });
      // Five lines and a count per second.
      const seconds = Math.ceil((performance.now() - before) / 1_000) + 1;
      expect((await refusalsOf(tab)).length).toBeLessThanOrEqual(6 * seconds);
    });

    test('H30 the token of the previous launch opens neither socket on the same ports', async () => {
      const former = await start();
      const ports = { port: portOf(former), voicePort: former.host.voicePort() ?? 0 };
      await former.stop();
      tab = await start(ports);
      const bridge = endpointOf(tab, BRIDGE_PATH);
      const voice = { ...bridge, port: ports.voicePort, protocol: PROTOCOL, target: '/ws/voice?user_id=ada' };
      for (const at of [bridge, voice]) {
        expect((await sendHandshake(at.port, validHandshake({ ...at, token: former.token }))).status).toBe(401);
        expect((await sendHandshake(at.port, validHandshake(at))).status).toBe(101);
      }
      await tab.stop();
      for (const { port } of [bridge, voice]) {
        await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
      }
    });
  });
});
