import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createLaunchProofs } from '../guard/launch-proofs.ts';
import { rawRequest } from '../testing/raw-request.ts';
import { ORIGIN, type Rig, rawSocket, startRig, TOKEN } from '../testing/voice-rig.ts';
import { guardMetrics } from './http.ts';

let rig: Rig;
// Tests of pure functions do not start a server.
afterEach(() => rig?.stop());

const FIGURES = '# HELP earshot_frames_total Frames.\nearshot_frames_total 7\n';
const figures = () => startRig({ metricsText: async () => FIGURES });
/** The metrics token, which is not the launch secret. */
const METRICS_TOKEN = createLaunchProofs(TOKEN).metricsToken;
const BEARER = { Authorization: `Bearer ${METRICS_TOKEN}` };

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  rawRequest(rig.port, path, { method, headers });

/** Sends raw header lines, including invalid ones. @returns the whole response */
async function askRaw(lines: string[]): Promise<string> {
  const socket = await rawSocket(rig.port);
  socket.write(`GET /metrics HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

describe('plain HTTP', () => {
  test('gets 426 on the voice path and 404 elsewhere, without CORS headers', async () => {
    rig = await startRig();
    const voice = await ask('/ws/voice?user_id=a');
    expect(voice.status).toBe(426);
    expect(voice.headers.upgrade).toBe('websocket');
    const answers = [voice, await ask('/'), await ask('/metrics', BEARER), await ask('/ws/voicex')];
    expect(answers.map(({ status }) => status)).toEqual([426, 404, 404, 404]);
    for (const { headers, body } of answers) {
      expect(Object.keys(headers).join()).not.toContain('access-control');
      expect(body).toBe('');
    }
  });
});

describe('GET /metrics', () => {
  test('responds to requests with the token, with no Origin or our own', async () => {
    rig = await figures();
    for (const headers of [BEARER, { ...BEARER, Origin: ORIGIN }, { Authorization: `bearer ${METRICS_TOKEN}` }]) {
      const answer = await ask('/metrics', headers);
      expect(answer).toMatchObject({
        status: 200,
        body: FIGURES,
        headers: {
          'content-type': 'text/plain; version=0.0.4; charset=utf-8',
          'cache-control': 'no-store',
          'content-length': String(FIGURES.length),
        },
      });
      expect(Object.keys(answer.headers).join()).not.toContain('access-control');
    }
    expect(rig.logged.filter((entry) => entry.event === 'WS_REFUSED')).toEqual([]);
  });

  test.each([
    ['none', undefined],
    ['wrong', `Bearer ${'x'.repeat(43)}`],
    ['the secret of the launch', `Bearer ${TOKEN}`],
    ['truncated', `Bearer ${METRICS_TOKEN.slice(0, -1)}`],
    ['one character longer', `Bearer ${METRICS_TOKEN}x`],
    ['empty', 'Bearer '],
    ['without a scheme', METRICS_TOKEN],
    ['of another scheme', `Basic ${METRICS_TOKEN}`],
    ['in other case', `Bearer ${METRICS_TOKEN.toUpperCase()}`],
    ['10 KB long', `Bearer ${'a'.repeat(10_240)}`],
  ])('H30 a token that is %s: 401, never echoed, one log line', async (_, authorization) => {
    rig = await figures();
    const { status, headers, body } = await ask('/metrics', authorization ? { Authorization: authorization } : {});
    expect([status, body, headers['www-authenticate'], headers['cache-control']]).toEqual([
      401,
      '',
      'Bearer',
      'no-store',
    ]);
    const output = JSON.stringify([headers, rig.logged]);
    expect(output).not.toContain(METRICS_TOKEN.slice(0, 20));
    expect(output).not.toContain('x'.repeat(20));
    const refusals = rig.logged.filter((entry) => entry.event === 'WS_REFUSED');
    expect(refusals.map(({ fields }) => fields)).toEqual([{ on: 'metrics', status: 401, why: 'token' }]);
  });

  test.each([['evil.com'], ['localhost:PORT'], ['127.0.0.1'], ['127.0.0.1:1'], ['[::1]:PORT'], ['127.0.0.1:PORT.']])(
    'H29 Host %s: 403, even with the right token',
    async (host) => {
      rig = await figures();
      const answer = await ask('/metrics', { ...BEARER, Host: host.replace('PORT', String(rig.port)) });
      expect([answer.status, answer.body]).toEqual([403, '']);
    },
  );

  test.each([
    'null',
    'http://evil.com',
    `${ORIGIN}.evil.com`,
    'http://localhost:1',
    'HTTP://127.0.0.1:1',
    `${ORIGIN}/`,
  ])('H28 Origin %s: 403, even with the right token', async (origin) => {
    rig = await figures();
    const answer = await ask('/metrics', { ...BEARER, Origin: origin });
    expect([answer.status, answer.body]).toEqual([403, '']);
  });

  test.each(['POST', 'HEAD', 'OPTIONS', 'PUT'])('%s: 405', async (method) => {
    rig = await figures();
    const answer = await ask('/metrics', BEARER, method);
    expect([answer.status, answer.body, answer.headers.allow]).toEqual([405, '', 'GET']);
  });

  test.each(['/metrics/', '/metrics?x=1', '//metrics', '/METRICS', '/metrics%20'])(
    '%s is another path: 404',
    async (path) => {
      rig = await figures();
      expect((await ask(path, BEARER)).status).toBe(404);
    },
  );

  test('checks a second Host, Origin or Authorization as well', async () => {
    rig = await figures();
    const host = `Host: 127.0.0.1:${rig.port}`;
    const authorization = `Authorization: Bearer ${METRICS_TOKEN}`;
    const status = async (...lines: string[]) => Number((await askRaw(lines)).slice(9, 12));
    expect(await status(host, authorization)).toBe(200);
    expect([400, 403]).toContain(await status(host, 'Host: evil.com', authorization));
    expect(await status(host, authorization, `Origin: ${ORIGIN}`, 'Origin: http://evil.com')).toBe(403);
    expect(await status(host, authorization, 'Authorization: Bearer other')).toBe(401);
    expect(await status(host, 'Authorization: Bearer other', authorization)).toBe(401);
  });

  test('responds with a bare 500 if the metrics fail', async () => {
    rig = await startRig({ metricsText: () => Promise.reject(new Error('a secret reason')) });
    const answer = await ask('/metrics', BEARER);
    expect([answer.status, answer.body]).toEqual([500, '']);
    await rig.untilLogged('WARNING', (fields) => fields.type === 'metrics_failed');
  });
});

describe('guardMetrics', () => {
  const PORT = 49_152;
  const good = { Host: `127.0.0.1:${PORT}`, Origin: ORIGIN, Authorization: `Bearer ${METRICS_TOKEN}` };
  type Name = keyof typeof good;
  const name = fc.constantFrom<Name>('Host', 'Origin', 'Authorization');
  const nearMisses = (text: string) => [text.toLowerCase(), `${text}x`, text.slice(0, -1), ` ${text}`, `${text}\n`, ''];
  /** A header that is right, almost right, or arbitrary. */
  const header = name.chain((name) =>
    fc.tuple(
      fc.constantFrom(name, name.toUpperCase()),
      fc.oneof(
        { weight: 8, arbitrary: fc.constant(good[name]) },
        { weight: 1, arbitrary: fc.constantFrom(...nearMisses(good[name])) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
      ),
    ),
  );
  const request = fc.record({
    method: fc.oneof({ weight: 8, arbitrary: fc.constant('GET') }, fc.constantFrom('POST', 'get', undefined)),
    headers: fc.array(header, { maxLength: 4 }),
    remoteAddress: fc.oneof({ weight: 8, arbitrary: fc.constant('127.0.0.1') }, fc.constantFrom('10.0.0.1', undefined)),
  });

  test('property: 200 only for the exact headers, otherwise the status of the first violation; never throws', () => {
    let passed = 0;
    fc.assert(
      fc.property(request, ({ method, headers, remoteAddress }) => {
        const { status } = guardMetrics(
          { method, rawHeaders: headers.flat(), remoteAddress },
          { hosts: [`127.0.0.1:${PORT}`], origin: ORIGIN, token: METRICS_TOKEN },
        );
        const all = (of: Name) =>
          headers.filter(([n]) => n.toLowerCase() === of.toLowerCase()).map(([, value]) => value);
        const only = (of: Name) => all(of).length === 1 && all(of)[0] === good[of];
        const isPermitted =
          only('Host') && (all('Origin').length === 0 || only('Origin')) && remoteAddress === '127.0.0.1';
        // The scheme is case-insensitive, the token is not.
        const [authorization = '', ...more] = all('Authorization');
        const bearer = more.length === 0 && authorization.replace(/^bearer /i, 'Bearer ') === good.Authorization;
        expect(status).toBe(method !== 'GET' ? 405 : !isPermitted ? 403 : !bearer ? 401 : 200);
        if (status === 200) passed += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(passed).toBeGreaterThan(10);
  });
});
