import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClientProofOptions, createClientProof } from '../../shared/client-proof.ts';
import { createLaunchProofs } from './launch-proofs.ts';
import type { RequestInfo } from './request-checks.ts';
import { type GuardPolicy, type GuardResult, guardUpgrade } from './upgrade-guard.ts';

const PORT = 49_152;
const ORIGIN = 'http://127.0.0.1:8080';
const TOKEN = 'abcdefghijklmnopqrstuvwxyz-0123456789_ABCDE';
const NONCE = 'AAECAwQFBgcICQoLDA0ODw';
/** The offer of a client that knows the secret. */
function authFor(change: Partial<ClientProofOptions> = {}): string {
  const url = `ws://127.0.0.1:${PORT}/ws/voice`;
  const options = { secret: TOKEN, url, origin: ORIGIN, protocol: 'voice.v1', nonce: NONCE, ...change };
  return createClientProof(options).protocols[1] ?? '';
}
const AUTH = authFor();
const BRIDGE_OFFER = [`voice.v1, ${authFor({ url: `ws://127.0.0.1:${PORT}/ws/bridge` })}`];
const PROOF = AUTH.split('.')[2] ?? '';
/** Has the format of a proof of a resume token; the guard does not verify it. */
const RESUME = `${'r'.repeat(41)}_-`;
const CONNECTION = { path: '/ws/voice', host: `127.0.0.1:${PORT}`, origin: ORIGIN, nonce: NONCE };
const POLICY: Omit<GuardPolicy, 'proofs'> = {
  running: true,
  capacity: { full: false },
  path: '/ws/voice',
  host: `127.0.0.1:${PORT}`,
  origin: ORIGIN,
  protocol: 'voice.v1',
  userId: 'required',
};

interface Request {
  method: string | undefined;
  url: string | undefined;
  http: string;
  address: string | undefined;
  host: string[];
  origin: string[];
  protocols: string[];
  versions: string[];
  body: string[];
}
const GOOD: Request = {
  method: 'GET',
  url: '/ws/voice?user_id=ada',
  http: '1.1',
  address: '127.0.0.1',
  host: [`127.0.0.1:${PORT}`],
  origin: [ORIGIN],
  protocols: [`voice.v1, ${AUTH}`],
  versions: ['13'],
  body: [],
};

function requestWith(change: Partial<Request>): RequestInfo {
  const { method, url, http, address, host, origin, protocols, versions, body } = { ...GOOD, ...change };
  return {
    method,
    url,
    httpVersion: http,
    remoteAddress: address,
    rawHeaders: [
      ...host.flatMap((value) => ['Host', value]),
      ...['Connection', 'Upgrade', 'Upgrade', 'websocket'],
      ...origin.flatMap((value) => ['Origin', value]),
      ...protocols.flatMap((value) => ['Sec-WebSocket-Protocol', value]),
      ...versions.flatMap((value) => ['Sec-WebSocket-Version', value]),
      ...body.flatMap((name) => [name, '0']),
    ],
  };
}
function guard(change: Partial<Request> = {}, policy: Partial<GuardPolicy> = {}): GuardResult {
  return guardUpgrade(requestWith(change), { ...POLICY, proofs: createLaunchProofs(TOKEN), ...policy });
}
function statusOf(result: GuardResult): number {
  return result.ok ? 101 : result.status;
}

describe('accepts our own page', () => {
  test('with a label', () => {
    expect(guard()).toEqual({ ok: true, userId: 'ada', sessionId: null, resume: null, connection: CONNECTION });
  });

  test('with a session to resume', () => {
    const protocols = [`voice.v1, ${AUTH}, resume.${RESUME}`];
    expect(guard({ url: '/ws/voice?user_id=ada&session_id=s-1', protocols })).toEqual({
      ok: true,
      userId: 'ada',
      sessionId: 's-1',
      resume: RESUME,
      connection: CONNECTION,
    });
  });

  test.each([
    ['its parameters in another order', { url: '/ws/voice?session_id=s-1&user_id=ada' }],
    ['a label of 64 characters', { url: `/ws/voice?user_id=${'a'.repeat(64)}` }],
    ['every character that a label may have', { url: '/ws/voice?user_id=AZaz09_-' }],
    ['each subprotocol in its own header', { protocols: ['voice.v1', AUTH] }],
    ['no space between its subprotocols', { protocols: [`voice.v1,${AUTH}`] }],
    ['an additional unknown subprotocol', { protocols: [`voice.v2, voice.v1, ${AUTH}`] }],
    ['loopback as IPv4-mapped IPv6', { address: '::ffff:127.0.0.1' }],
    ['another address of the loopback network', { address: '127.0.0.2' }],
  ])('with %s', (_title, change: Partial<Request>) => {
    expect(guard(change).ok).toBe(true);
  });

  test('whatever the case of its header names', () => {
    const request = requestWith({});
    const rawHeaders = request.rawHeaders.map((text, i) => (i % 2 === 0 ? text.toUpperCase() : text));
    expect(guardUpgrade({ ...request, rawHeaders }, { ...POLICY, proofs: createLaunchProofs(TOKEN) }).ok).toBe(true);
  });

  test('without a label on a bridge, which takes none', () => {
    const policy = { path: '/ws/bridge', userId: 'none' } as const;
    expect(guard({ url: '/ws/bridge', protocols: BRIDGE_OFFER }, policy)).toEqual({
      ok: true,
      userId: null,
      sessionId: null,
      resume: null,
      connection: { ...CONNECTION, path: '/ws/bridge' },
    });
  });
});

describe('H28 Origin: 403', () => {
  test.each([
    ['none', []],
    ['an empty one', ['']],
    ['null', ['null']],
    ['file://', ['file://']],
    ['localhost', ['http://localhost:8080']],
    ['a name that starts with ours', ['http://127.0.0.1.evil.com']],
    ['a name that starts with ours, with the port', ['http://127.0.0.1:8080.evil.com']],
    ['a name that ends with ours', ['http://evil.com/http://127.0.0.1:8080']],
    ['another port', ['http://127.0.0.1:8081']],
    ['no port', ['http://127.0.0.1']],
    ['https', ['https://127.0.0.1:8080']],
    ['upper case', [ORIGIN.toUpperCase()]],
    ['a trailing dot', ['http://127.0.0.1.:8080']],
    ['a trailing slash', [`${ORIGIN}/`]],
    ['a space before it', [` ${ORIGIN}`]],
    ['a user before it', ['http://x@127.0.0.1:8080']],
    ['two of ours', [ORIGIN, ORIGIN]],
    ['ours and another', [ORIGIN, 'http://evil.com']],
    ['another and ours', ['http://evil.com', ORIGIN]],
    ['two in one header', [`${ORIGIN}, http://evil.com`]],
    ['a loopback IPv6 address', ['http://[::1]:8080']],
    ['an inherited name', ['__proto__']],
  ])('%s', (_title, origin) => {
    expect(guard({ origin })).toEqual({ ok: false, status: 403, reason: 'origin' });
  });

  test('two headers with names in different case count as two', () => {
    const request = requestWith({});
    expect(
      statusOf(
        guardUpgrade(
          { ...request, rawHeaders: [...request.rawHeaders, 'ORIGIN', ORIGIN] },
          { ...POLICY, proofs: createLaunchProofs(TOKEN) },
        ),
      ),
    ).toBe(403);
  });

  test('the origin of the desktop app differs from that of a browser tab', () => {
    const desktop = { origin: 'earshot://app' };
    const protocols = [`voice.v1, ${authFor(desktop)}`];
    expect(guard({ origin: ['earshot://app'], protocols }, desktop).ok).toBe(true);
    for (const origin of ['earshot://app/', 'EARSHOT://app', 'earshot://apps', 'earshot://', 'null', ORIGIN]) {
      expect(statusOf(guard({ origin: [origin] }, desktop)), origin).toBe(403);
    }
  });
});

describe('H29 Host: 403', () => {
  test.each([
    ['none', []],
    ['an empty one', ['']],
    ['evil.com', ['evil.com']],
    ['evil.com with our port', [`evil.com:${PORT}`]],
    ['localhost', ['localhost']],
    ['localhost with our port', [`localhost:${PORT}`]],
    ['no port', ['127.0.0.1']],
    ['another port', [`127.0.0.1:${PORT + 1}`]],
    ['our port with a zero before it', [`127.0.0.1:0${PORT}`]],
    ['our port and more digits', [`127.0.0.1:${PORT}0`]],
    ['another loopback address', [`127.0.0.2:${PORT}`]],
    ['our address as a decimal number', [`2130706433:${PORT}`]],
    ['our address in short form', [`127.1:${PORT}`]],
    ['::1', [`[::1]:${PORT}`]],
    ['a trailing dot', [`127.0.0.1.:${PORT}`]],
    ['a trailing space', [`127.0.0.1:${PORT} `]],
    ['two of ours', [`127.0.0.1:${PORT}`, `127.0.0.1:${PORT}`]],
    ['ours and another', [`127.0.0.1:${PORT}`, 'evil.com']],
    ['another and ours', ['evil.com', `127.0.0.1:${PORT}`]],
  ])('%s', (_title, host) => {
    expect(guard({ host })).toEqual({ ok: false, status: 403, reason: 'host' });
  });

  test.each([
    ['absolute form', `http://127.0.0.1:${PORT}/ws/voice?user_id=ada`],
    ['absolute form of another host', 'http://evil.com/ws/voice?user_id=ada'],
    ['ws form', `ws://127.0.0.1:${PORT}/ws/voice?user_id=ada`],
    ['asterisk form', '*'],
    ['authority form', `127.0.0.1:${PORT}`],
    ['no slash', 'ws/voice?user_id=ada'],
    ['a backslash', '\\ws\\voice?user_id=ada'],
    ['nothing', ''],
    ['none', undefined],
  ])('a request target in %s: 400', (_title, url) => {
    expect(guard({ url })).toEqual({ ok: false, status: 400, reason: 'request target' });
  });
});

describe('an address that is not loopback: 403', () => {
  test.each([
    undefined,
    '',
    '192.168.1.5',
    '10.0.0.1',
    '128.0.0.1',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:128.0.0.1',
    '127.0.0.1.evil.com',
    'x127.0.0.1',
    '127.0.0',
    '0.0.0.0',
    'fe80::1',
  ])('%s', (address) => {
    expect(guard({ address })).toEqual({ ok: false, status: 403, reason: 'address' });
  });
});

describe('H30 the proof that the client knows the secret: 401', () => {
  test.each([
    ['no subprotocol at all', []],
    ['no proof', ['voice.v1']],
    ['an empty one', ['voice.v1, auth.']],
    ['a nonce alone', [`voice.v1, auth.${NONCE}`]],
    ['a proof alone', [`voice.v1, auth.${PROOF}`]],
    ['an empty nonce', [`voice.v1, auth..${PROOF}`]],
    ['another nonce', [`voice.v1, auth.${'x'.repeat(22)}.${PROOF}`]],
    ['a longer nonce', [`voice.v1, auth.${NONCE}A.${PROOF}`]],
    ['without its prefix', [`voice.v1, ${NONCE}.${PROOF}`]],
    ['a wrong one', [`voice.v1, auth.${NONCE}.${'x'.repeat(43)}`]],
    ['one that differs in its last character', [`voice.v1, ${AUTH.slice(0, -1)}${AUTH.endsWith('A') ? 'E' : 'A'}`]],
    ['a truncated one', [`voice.v1, ${AUTH.slice(0, -1)}`]],
    ['one that is longer', [`voice.v1, ${AUTH}A`]],
    ['one with a third part', [`voice.v1, ${AUTH}.A`]],
    ['one in another case', [`voice.v1, auth.${NONCE}.${PROOF.toUpperCase()}`]],
    ['a prefix in another case', [`voice.v1, AUTH.${NONCE}.${PROOF}`]],
    ['a space in it', [`voice.v1, auth. ${NONCE}.${PROOF}`]],
    ['the right one twice', [`voice.v1, ${AUTH}, ${AUTH}`]],
    ['the right one in two headers', [`voice.v1, ${AUTH}`, AUTH]],
    ['a wrong one and the right one', [`voice.v1, auth.wrong, ${AUTH}`]],
    ['the right one and a wrong one', [`voice.v1, ${AUTH}, auth.wrong`]],
    ['the proof as that of a resume token', [`voice.v1, resume.${PROOF}`]],
    ['a megabyte', [`voice.v1, auth.${NONCE}.${'x'.repeat(1024 * 1024)}`]],
    ['under another secret', [`voice.v1, ${authFor({ secret: 'another secret' })}`]],
    ['for another port', [`voice.v1, ${authFor({ url: `ws://127.0.0.1:${PORT + 1}/ws/voice` })}`]],
    ['for another path', [`voice.v1, ${authFor({ url: `ws://127.0.0.1:${PORT}/ws/bridge` })}`]],
    ['for another page', [`voice.v1, ${authFor({ origin: 'http://evil.com' })}`]],
    ['the host’s own', [`voice.v1, auth.${NONCE}.${createLaunchProofs(TOKEN).forConnection(CONNECTION).prove()}`]],
  ])('%s', (_title, protocols) => {
    expect(guard({ protocols })).toEqual({ ok: false, status: 401, reason: 'proof' });
  });

  test('H66 a nonce is accepted once: the same request is refused on any other socket', () => {
    const proofs = createLaunchProofs(TOKEN);
    expect(guard({}, { proofs }).ok).toBe(true);
    expect(guard({}, { proofs })).toEqual({ ok: false, status: 401, reason: 'nonce used' });
    const nonce = 'x'.repeat(22);
    expect(guard({ protocols: [`voice.v1, ${authFor({ nonce })}`] }, { proofs }).ok).toBe(true);
  });

  test('a wrong proof does not use up the nonce', () => {
    const proofs = createLaunchProofs(TOKEN);
    guard({ protocols: [`voice.v1, auth.${NONCE}.${'x'.repeat(43)}`] }, { proofs });
    expect(guard({}, { proofs }).ok).toBe(true);
  });

  test.each([
    ['the right one', TOKEN],
    ['a wrong one', 'x'.repeat(43)],
    ['an empty one', ''],
  ])('H66 an older client that sends the secret itself, %s: 400', (_title, token) => {
    for (const protocols of [[`voice.v1, token.${token}`], [`voice.v1, ${AUTH}, token.${token}`]]) {
      expect(guard({ protocols })).toEqual({ ok: false, status: 400, reason: 'retired token' });
    }
  });

  test('the secret in the query is not a proof and is not repeated in the reason', () => {
    const result = guard({ url: `/ws/voice?user_id=ada&token=${TOKEN}`, protocols: ['voice.v1'] });
    expect(result).toEqual({ ok: false, status: 401, reason: 'proof' });
  });

  test.each([
    ['no supported protocol', [AUTH]],
    ['another version', [`voice.v2, ${AUTH}`]],
    ['another case', [`VOICE.V1, ${AUTH}`]],
    ['ours as part of a longer one', [`voice.v1.1, ${AUTH}`]],
  ])('%s: 400', (_title, protocols) => {
    expect(guard({ protocols })).toEqual({ ok: false, status: 400, reason: 'subprotocol' });
  });

  test.each([
    ['an empty proof of a resume token', 'resume.'],
    ['two of them', `resume.${RESUME}, resume.${'x'.repeat(43)}`],
    ['the same twice', `resume.${RESUME}, resume.${RESUME}`],
    ['one of 44 characters', `resume.${RESUME}r`],
    ['one of 42 characters', `resume.${RESUME.slice(1)}`],
    ['one that is not base64url', `resume.${RESUME.slice(1)}+`],
    ['one with padding', `resume.${RESUME.slice(1)}=`],
  ])('%s: 400', (_title, resume) => {
    expect(guard({ protocols: [`voice.v1, ${AUTH}, ${resume}`] })).toEqual({
      ok: false,
      status: 400,
      reason: 'resume',
    });
  });
});

describe('H31 path: 404', () => {
  test.each([
    '/',
    '/ws/voice/',
    '//ws/voice',
    '/ws//voice',
    '/ws/voice%2f',
    '/ws%2fvoice',
    '/ws/%76oice',
    '/ws/../ws/voice',
    '/ws/./voice',
    '/./ws/voice',
    '/WS/VOICE',
    '/ws/voice;x',
    '/ws/voice#x',
    '/ws/voice\\',
    '/ws/voice\0',
    '/ws/voice\r\nX: y',
    '/ws/voicex',
    '/ws/voic',
    '/ws/bridge',
    '/__proto__',
    '/ws/voice%3fuser_id=ada',
    '//evil.com/ws/voice',
  ])('%j', (path) => {
    expect(guard({ url: `${path}?user_id=ada` })).toEqual({ ok: false, status: 404, reason: 'path' });
  });
});

describe('H31 query: 400', () => {
  test.each([
    ['none', '/ws/voice', 'user_id'],
    ['an empty one', '/ws/voice?', 'user_id'],
    ['user_id without a value', '/ws/voice?user_id', 'query'],
    ['an empty user_id', '/ws/voice?user_id=', 'user_id'],
    ['user_id twice', '/ws/voice?user_id=ada&user_id=ada', 'query'],
    ['session_id twice', '/ws/voice?user_id=ada&session_id=a&session_id=a', 'query'],
    ['session_id alone', '/ws/voice?session_id=s', 'user_id'],
    ['an empty session_id', '/ws/voice?user_id=ada&session_id=', 'session_id'],
    ['a session_id with a slash', '/ws/voice?user_id=ada&session_id=../x', 'session_id'],
    ['a session_id of 65 characters', `/ws/voice?user_id=ada&session_id=${'s'.repeat(65)}`, 'session_id'],
    ['__proto__', '/ws/voice?user_id=ada&__proto__=x', 'query'],
    ['constructor', '/ws/voice?constructor=x&user_id=ada', 'query'],
    ['an unknown name', '/ws/voice?user_id=ada&x=1', 'query'],
    ['a name in another case', '/ws/voice?USER_ID=ada', 'query'],
    ['an encoded name', '/ws/voice?user%5Fid=ada', 'query'],
    ['a name with brackets', '/ws/voice?user_id[]=ada', 'query'],
    ['an ampersand at its end', '/ws/voice?user_id=ada&', 'query'],
    ['an ampersand at its beginning', '/ws/voice?&user_id=ada', 'query'],
    ['a semicolon instead of an ampersand', '/ws/voice?user_id=ada;session_id=s', 'user_id'],
    ['a second question mark', '/ws/voice?user_id=ada?user_id=bea', 'user_id'],
    ['a fragment', '/ws/voice?user_id=ada#x', 'user_id'],
    ['no name', '/ws/voice?=ada', 'query'],
    ['1,025 characters', `/ws/voice?user_id=${'a'.repeat(1025 - 'user_id='.length)}`, 'query too long'],
    ['10 KB', `/ws/voice?user_id=${'a'.repeat(10_240)}`, 'query too long'],
  ])('%s', (_title, url, reason) => {
    expect(guard({ url })).toEqual({ ok: false, status: 400, reason });
  });

  test.each([
    ['65 characters', 'a'.repeat(65)],
    ['CR', 'a\r'],
    ['LF', 'a\n'],
    ['LF at its beginning', '\na'],
    ['CR LF encoded', 'a%0d%0ab'],
    ['NUL', 'a\0b'],
    ['NUL encoded', 'a%00b'],
    ['a bidi override', 'a\u202eb'],
    ['a bidi override encoded', 'a%E2%80%AEb'],
    ['a space', 'a b'],
    ['a plus', 'a+b'],
    ['an encoded letter', '%61da'],
    ['a parent folder', '..'],
    ['an equals sign', 'a=b'],
    ['markup', '<b>'],
    ['a letter of another script', 'аda'],
    ['a zero-width space', 'a\u200b'],
    ['__proto__ with a dot', '__proto__.x'],
  ])('a user_id with %s', (_title, userId) => {
    expect(guard({ url: `/ws/voice?user_id=${userId}` })).toEqual({ ok: false, status: 400, reason: 'user_id' });
  });

  test('__proto__ is a valid label and pollutes nothing', () => {
    expect(guard({ url: '/ws/voice?user_id=__proto__' })).toMatchObject({ ok: true, userId: '__proto__' });
    expect(({} as { ok?: unknown }).ok).toBeUndefined();
  });

  test('up to 1,024 characters are accepted, or as many as the policy permits', () => {
    const url = (length: number) => `/ws/voice?user_id=${'a'.repeat(length - 'user_id='.length)}`;
    expect(guard({ url: url(1024) })).toMatchObject({ reason: 'user_id' });
    expect(guard({ url: url(40) }, { queryBytes: 40 }).ok).toBe(true);
    expect(guard({ url: url(41) }, { queryBytes: 40 })).toMatchObject({ reason: 'query too long' });
  });

  test('a bridge accepts no query', () => {
    const policy = { path: '/ws/bridge', userId: 'none' } as const;
    expect(guard({ url: '/ws/bridge?', protocols: BRIDGE_OFFER }, policy).ok).toBe(true);
    expect(guard({ url: '/ws/bridge?user_id=ada', protocols: BRIDGE_OFFER }, policy)).toMatchObject({
      status: 400,
      reason: 'query',
    });
  });
});

describe('a method other than GET: 405', () => {
  test.each(['POST', 'OPTIONS', 'HEAD', 'CONNECT', 'PUT', 'get', '', undefined])('%s', (method) => {
    expect(guard({ method })).toEqual({ ok: false, status: 405, reason: 'method' });
  });
});

describe('HTTP that is invalid for a WebSocket: 400', () => {
  test.each(['0.9', '1.0', '2.0', '1.10', '', 'HTTP/1.1'])('version %j', (http) => {
    expect(guard({ http })).toEqual({ ok: false, status: 400, reason: 'http version' });
  });

  test.each([[['Content-Length']], [['transfer-encoding']], [['CONTENT-LENGTH', 'Transfer-Encoding']]])(
    'a body: %j',
    (body) => {
      expect(guard({ body })).toEqual({ ok: false, status: 400, reason: 'body' });
    },
  );
});

describe('another version of the WebSocket protocol: 426', () => {
  test.each([[[]], [['']], [['8']], [['7']], [['14']], [['013']], [['13 ']], [['0xd']], [['13', '13']], [['13', '8']]])(
    '%j',
    (versions) => {
      expect(guard({ versions })).toEqual({ ok: false, status: 426, reason: 'websocket version' });
    },
  );
});

describe('the order of the checks: the first one that fails decides', () => {
  /** One violation per check, in the order of the checks. */
  const STEPS: Array<[reason: string, status: number, change: Partial<Request>, policy?: Partial<GuardPolicy>]> = [
    ['not running', 503, {}, { running: false }],
    ['full', 503, {}, { capacity: { full: true } }],
    ['method', 405, { method: 'POST' }],
    ['http version', 400, { http: '1.0' }],
    ['request target', 400, { url: 'x' }],
    ['path', 404, { url: `/elsewhere?${'x'.repeat(2_000)}` }],
    ['query too long', 400, { url: `/ws/voice?${'x'.repeat(2_000)}` }],
    ['host', 403, { host: ['evil.com'] }],
    ['origin', 403, { origin: ['http://evil.com'] }],
    ['address', 403, { address: '10.0.0.1' }],
    ['proof', 401, { protocols: ['auth.wrong, resume.+'] }],
    ['websocket version', 426, { versions: ['8'] }],
    ['body', 400, { body: ['Content-Length'] }],
    ['subprotocol', 400, { protocols: [`${AUTH}, resume.+`] }],
    ['resume', 400, { protocols: [`voice.v1, ${AUTH}, resume.+`] }],
    ['query', 400, { url: '/ws/voice?user_id=&session_id=&x=' }],
    ['user_id', 400, { url: '/ws/voice?user_id=&session_id=' }],
    ['session_id', 400, { url: '/ws/voice?user_id=ada&session_id=' }],
  ];

  test.each(STEPS.map((step, i) => [step[0], step[1], i] as const))(
    '%s (%i) takes precedence over all later checks',
    (reason, status, i) => {
      // Apply later ones first: if two violations change the same part, the earlier one wins.
      const broken = STEPS.slice(i).reverse();
      const change: Partial<Request> = Object.assign({}, ...broken.map((step) => step[2]));
      const policy: Partial<GuardPolicy> = Object.assign({}, ...broken.map((step) => step[3]));
      expect(guard(change, policy)).toEqual({ ok: false, status, reason });
    },
  );

  test.each(STEPS)('%s alone: %i', (reason, status, change, policy) => {
    expect(guard(change, policy)).toEqual({ ok: false, status, reason });
  });
});

describe('fuzz', () => {
  const hostileText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', 'null', '\r\n', ORIGIN, TOKEN, AUTH, 'voice.v1', '127.0.0.1', '/ws/voice'),
  );

  test('arbitrary requests are refused and never cause an exception', () => {
    const proofs = createLaunchProofs(TOKEN);
    fc.assert(
      fc.property(
        fc.record({
          method: fc.option(hostileText, { nil: undefined }),
          url: fc.option(hostileText, { nil: undefined }),
          httpVersion: fc.oneof(fc.constant('1.1'), hostileText),
          // Odd lengths too, although a parser never produces them.
          rawHeaders: fc.array(fc.oneof(hostileText, fc.constantFrom('Host', 'Origin', 'Sec-WebSocket-Protocol'))),
          remoteAddress: fc.option(hostileText, { nil: undefined }),
        }),
        (request) => {
          expect(statusOf(guardUpgrade(request, { ...POLICY, proofs }))).toBeOneOf([400, 401, 403, 404, 405]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('requests with random valid and invalid parts are accepted only if all parts are valid', () => {
    /** Usually a valid value, so all parts are valid often enough. */
    const part = <T>(good: T, bad: fc.Arbitrary<T>) =>
      fc.oneof(
        { weight: 9, arbitrary: fc.constant({ value: good, fine: true }) },
        { weight: 1, arbitrary: bad.map((value) => ({ value, fine: false })) },
      );
    const other = (good: string) => hostileText.filter((text) => text !== good);
    const request = fc.record({
      method: part<string | undefined>('GET', fc.constantFrom('POST', 'get', undefined)),
      url: part<string | undefined>(
        '/ws/voice?user_id=ada',
        hostileText.map((text) => `/ws/voice?user_id=ada&${text}`),
      ),
      address: part<string | undefined>('127.0.0.1', other('127.0.0.1')),
      host: part([`127.0.0.1:${PORT}`], fc.array(other(`127.0.0.1:${PORT}`), { maxLength: 2 })),
      origin: part([ORIGIN], fc.array(other(ORIGIN), { maxLength: 2 })),
      protocols: part(
        [`voice.v1, ${AUTH}`],
        fc.array(
          hostileText.filter((t) => !t.includes('auth.')),
          { maxLength: 2 },
        ),
      ),
    });
    let acceptedCount = 0;
    fc.assert(
      fc.property(request, ({ method, url, address, host, origin, protocols }) => {
        const result = guard({
          method: method.value,
          url: url.value,
          address: address.value,
          host: host.value,
          origin: origin.value,
          protocols: protocols.value,
        });
        const fine = [method, url, address, host, origin, protocols].every((p) => p.fine);
        expect(result.ok).toBe(fine);
        if (fine) acceptedCount += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(acceptedCount).toBeGreaterThan(0);
  });

  test('a single changed character in an exact value is refused', () => {
    const exact = fc.constantFrom('host' as const, 'origin' as const, 'protocols' as const, 'url' as const);
    fc.assert(
      fc.property(exact, fc.nat(), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), (name, at, char) => {
        const text = name === 'url' ? '/ws/voice' : (GOOD[name][0] ?? '');
        const i = at % text.length;
        fc.pre(text[i] !== char && !(name === 'protocols' && char.trim() === ''));
        const changed = text.slice(0, i) + char + text.slice(i + 1);
        const request = name === 'url' ? { url: `${changed}?user_id=ada` } : { [name]: [changed] };
        expect(guard(request).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
