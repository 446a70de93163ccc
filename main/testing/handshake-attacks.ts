import { BRIDGE_PATH } from '../../shared/bridge.ts';
import { VOICE_PATH } from '../../shared/protocol.ts';
import { LOOPBACK } from '../guard/own-address.ts';
import { authFor, type Endpoint, type RawHandshake, validHandshake, withHeader } from './raw-handshake.ts';

/** A valid upgrade with one fault, which every server must refuse. `why` is the reason in the log. */
export type HandshakeAttack = readonly [
  title: string,
  status: number,
  why: string,
  handshake: (at: Endpoint) => RawHandshake,
];

const withValues =
  (name: string, values: (at: Endpoint) => readonly string[]) =>
  (at: Endpoint): RawHandshake =>
    withHeader(validHandshake(at), name, ...values(at));
const withTarget =
  (target: (valid: string) => string) =>
  (at: Endpoint): RawHandshake => ({ ...validHandshake(at), target: target(at.target) });
const withVersion =
  (version: string) =>
  (at: Endpoint): RawHandshake => ({ ...validHandshake(at), version });
const withMethod =
  (method: string) =>
  (at: Endpoint): RawHandshake => ({ ...validHandshake(at), method });
const withMore =
  (...more: ReadonlyArray<readonly [string, string]>) =>
  (at: Endpoint): RawHandshake => {
    const handshake = validHandshake(at);
    return { ...handshake, headers: [...handshake.headers, ...more] };
  };
const without = (name: string) => withValues(name, () => []);

/** More headers than Node keeps by default (1,000), and fewer bytes than it accepts (16 KiB). */
const MANY_HEADERS = Array.from({ length: 1_500 }, (_, i) => [i.toString(36), ''] as const);

function originIs(title: string, values: (origin: string, port: number) => readonly string[]): HandshakeAttack {
  return [title, 403, 'origin', withValues('Origin', ({ origin, port }) => values(origin, port))];
}
/** The origin with another host name. */
function renamed(origin: string, name: string): string {
  return origin.replace(/\/\/[^:]+/, `//${name}`);
}
function hostIs(title: string, values: (port: number, name: string) => readonly string[]): HandshakeAttack {
  return [title, 403, 'host', withValues('Host', ({ port, name = LOOPBACK }) => values(port, name))];
}
function proofIs(
  title: string,
  offered: (auth: string, protocol: string, at: Endpoint) => readonly string[],
): HandshakeAttack {
  return [title, 401, 'proof', withValues('Sec-WebSocket-Protocol', (at) => offered(authFor(at), at.protocol, at))];
}
/** A proof for another endpoint or secret than the request's. */
function provenFor(title: string, other: (at: Endpoint) => Partial<Endpoint>): HandshakeAttack {
  return proofIs(title, (_, protocol, at) => [`${protocol}, ${authFor({ ...at, ...other(at) })}`]);
}

/** No `Origin`, as sent by a program or after entering the address in a browser. */
export const NO_ORIGIN: HandshakeAttack = originIs('none', () => []);

export const FOREIGN_ORIGINS: readonly HandshakeAttack[] = [
  originIs('empty', () => ['']),
  originIs('null', () => ['null']),
  originIs('file://', () => ['file://']),
  originIs('http://localhost with its port', (origin) => [renamed(origin, 'localhost')]),
  originIs('http://127.0.0.1.evil.com', () => ['http://127.0.0.1.evil.com']),
  originIs('ours with a longer host name', (origin) => [`${origin}.evil.com`]),
  originIs('ours with another port', (origin) => [`${origin}1`]),
  originIs('ours without its port', () => ['http://127.0.0.1']),
  originIs('ours with https', (origin) => [origin.replace('http:', 'https:')]),
  originIs('ours with ws', (origin) => [origin.replace('http:', 'ws:')]),
  originIs('ours in upper case', (origin) => [origin.toUpperCase()]),
  originIs('ours with a trailing dot', (origin) => [origin.replace(/:\d+$/, '.$&')]),
  originIs('ours with a dot after its port', (origin) => [`${origin}.`]),
  originIs('ours with a trailing slash', (origin) => [`${origin}/`]),
  originIs('ours with a user', (origin) => [origin.replace('//', '//me@')]),
  originIs('ours with a no-break space', (origin) => [`\u00a0${origin}`]),
  originIs('ours with a space inside', (origin) => [origin.replace('://', ':// ')]),
  originIs('ours with a decimal IP address', (origin) => [renamed(origin, '2130706433')]),
  originIs('ours with an IPv6 address', (origin) => [renamed(origin, '[::1]')]),
  originIs('ours twice', (origin) => [origin, origin]),
  originIs('ours, then a foreign one', (origin) => [origin, 'http://evil.com']),
  originIs('a foreign one, then ours', (origin) => ['http://evil.com', origin]),
  originIs('ours and a foreign one in one header', (origin) => [`${origin}, http://evil.com`]),
  originIs('ours and a foreign one in one header, separated by a space', (origin) => [`${origin} http://evil.com`]),
  ['ours, and a foreign one in a header of other case', 403, 'origin', withMore(['oRIGIN', 'http://evil.com'])],
  [
    'ours, and a foreign one after many headers',
    403,
    'origin',
    withMore(...MANY_HEADERS, ['Origin', 'http://evil.com']),
  ],
];

export const FOREIGN_HOSTS: readonly HandshakeAttack[] = [
  hostIs('none', () => []),
  hostIs('empty', () => ['']),
  hostIs('evil.com', () => ['evil.com']),
  hostIs('evil.com with our port', (port) => [`evil.com:${port}`]),
  hostIs('localhost', () => ['localhost']),
  hostIs('localhost with our port', (port) => [`localhost:${port}`]),
  hostIs('ours without its port', (_, name) => [name]),
  hostIs('ours with another port', (port, name) => [`${name}:${port + 1}`]),
  hostIs('ours with port 1', (_, name) => [`${name}:1`]),
  hostIs('ours with a leading zero in its port', (port, name) => [`${name}:0${port}`]),
  hostIs('[::1]', () => ['[::1]']),
  hostIs('[::1] with our port', (port) => [`[::1]:${port}`]),
  hostIs('another loopback address', (port) => [`127.0.0.2:${port}`]),
  hostIs('ours with a trailing dot', (port, name) => [`${name}.:${port}`]),
  hostIs('ours with a user', (port, name) => [`me@${name}:${port}`]),
  hostIs('ours with a decimal IP address', (port) => [`2130706433:${port}`]),
  hostIs('ours in short form', (port) => [`127.1:${port}`]),
  hostIs('ours with a tab inside', (port, name) => [`${name}:\t${port}`]),
  hostIs('ours twice', (port, name) => [`${name}:${port}`, `${name}:${port}`]),
  hostIs('ours, then a foreign one', (port, name) => [`${name}:${port}`, 'evil.com']),
  hostIs('a foreign one, then ours', (port, name) => ['evil.com', `${name}:${port}`]),
  hostIs('ours and a foreign one in one header', (port, name) => [`${name}:${port}, evil.com`]),
  [
    'a foreign one, and ours in forwarding headers',
    403,
    'host',
    (at) => {
      const ours = `${at.name ?? LOOPBACK}:${at.port}`;
      return withHeader(withMore(['X-Forwarded-Host', ours], ['Forwarded', `host=${ours}`])(at), 'Host', 'evil.com');
    },
  ],
  ['ours, and a foreign one after many headers', 403, 'host', withMore(...MANY_HEADERS, ['Host', 'evil.com'])],
];

/** Requests that Node's parser rejects. */
export const MALFORMED_REQUESTS: readonly HandshakeAttack[] = [
  [
    'a Host that continues on the next line',
    400,
    'malformed',
    withValues('Host', ({ port }) => [`127.0.0.1:${port}\r\n .evil.com`]),
  ],
  [
    'a Host that begins on the next line',
    400,
    'malformed',
    withValues('Host', ({ port }) => [`\r\n 127.0.0.1:${port}`]),
  ],
  ['a space after a header name', 400, 'malformed', withMore(['X ', 'y'])],
  ['NUL in a header', 400, 'malformed', withMore(['X', 'a\0b'])],
  ['NUL in the path', 400, 'malformed', withTarget((target) => target.replace('/ws', '/ws\0'))],
  ['a bidi override in the path', 400, 'malformed', withTarget((target) => target.replace('/ws', '/\u202ews'))],
  ['a space in the path', 400, 'malformed', withTarget((target) => target.replace('/ws', '/ ws'))],
  ['no HTTP version', 400, 'malformed', withVersion('')],
  ['HTTP/1.2', 400, 'malformed', withVersion('HTTP/1.2')],
  ['an unknown method', 400, 'malformed', withMethod('GETS')],
  ['a method in lower case', 400, 'malformed', withMethod('get')],
  ['17 KiB of headers', 431, 'headers too large', withMore(['X', 'x'.repeat(17 * 1_024)])],
  ['a path of 17 KiB', 431, 'headers too large', withTarget((target) => target + 'x'.repeat(17 * 1_024))],
  ['a body with two lengths', 400, 'malformed', withMore(['Content-Length', '5'], ['Content-Length', '6'])],
  [
    'a chunked body with a length',
    400,
    'malformed',
    withMore(['Content-Length', '5'], ['Transfer-Encoding', 'chunked']),
  ],
];

/** The token itself, as former clients sent it; logged with its own reason so that their authors see the cause. */
function retired(title: string, offered: (at: Endpoint) => readonly string[]): HandshakeAttack {
  return [title, 400, 'retired token', withValues('Sec-WebSocket-Protocol', offered)];
}

export const MISSING_PROOFS: readonly HandshakeAttack[] = [
  proofIs('no subprotocol', () => []),
  proofIs('no proof', (_, protocol) => [protocol]),
  proofIs('an empty proof', (_, protocol) => [`${protocol}, auth.`]),
  proofIs('only a nonce', (auth, protocol) => [`${protocol}, ${auth.slice(0, auth.lastIndexOf('.'))}`]),
  proofIs('a nonce and an empty proof', (auth, protocol) => [
    `${protocol}, ${auth.slice(0, auth.lastIndexOf('.') + 1)}`,
  ]),
  proofIs('no nonce', (auth, protocol) => [`${protocol}, auth..${auth.slice(auth.lastIndexOf('.') + 1)}`]),
  proofIs('a wrong proof', (auth, protocol) => [`${protocol}, ${auth.slice(0, -43)}${'x'.repeat(43)}`]),
  proofIs('half of the proof', (auth, protocol) => [`${protocol}, ${auth.slice(0, auth.length / 2)}`]),
  proofIs('without its last character', (auth, protocol) => [`${protocol}, ${auth.slice(0, -1)}`]),
  proofIs('an extra character', (auth, protocol) => [`${protocol}, ${auth}x`]),
  proofIs('an extra part', (auth, protocol) => [`${protocol}, ${auth}.x`]),
  proofIs('in upper case', (auth, protocol) => [`${protocol}, auth.${auth.slice(5).toUpperCase()}`]),
  proofIs('without its prefix', (auth, protocol) => [`${protocol}, ${auth.slice(5)}`]),
  proofIs('a valid proof twice', (auth, protocol) => [`${protocol}, ${auth}, ${auth}`]),
  proofIs('two valid proofs', (auth, protocol, at) => [`${protocol}, ${auth}, ${authFor(at)}`]),
  proofIs('a valid and a wrong proof', (auth, protocol) => [`${protocol}, ${auth}, auth.wrong`]),
  proofIs('a valid and a wrong proof in two headers', (auth, protocol) => [`${protocol}, ${auth}`, 'auth.no']),
  provenFor('made with another token', ({ token }) => ({ token: `${token}x` })),
  provenFor('made with an empty token', () => ({ token: '' })),
  provenFor('made with a truncated token', ({ token }) => ({ token: token.slice(0, -1) })),
  provenFor('made with the first character changed', ({ token }) => ({
    token: `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`,
  })),
  provenFor('made with the token in upper case', ({ token }) => ({ token: token.toUpperCase() })),
  provenFor('made with another token of the same length', ({ token }) => ({ token: 'l'.repeat(token.length) })),
  provenFor('for another port', ({ port }) => ({ port: port + 1 })),
  provenFor('for another path', ({ target }) => ({ target: `${target.split('?')[0]}s` })),
  provenFor('for another origin', () => ({ origin: 'http://evil.com' })),
  retired('the token itself', ({ protocol, token }) => [`${protocol}, token.${token}`]),
  retired('the token itself, with a valid proof', (at) => [`${at.protocol}, ${authFor(at)}, token.${at.token}`]),
  retired('a wrong token itself', ({ protocol }) => [`${protocol}, token.wrong`]),
  [
    'the token as a bearer token and as a cookie',
    401,
    'proof',
    (at) =>
      withHeader(
        withMore(['Authorization', `Bearer ${at.token}`], ['Cookie', `token=${at.token}`])(at),
        'Sec-WebSocket-Protocol',
        at.protocol,
      ),
  ],
];

export const WRONG_PATHS: readonly HandshakeAttack[] = [
  ['a trailing slash', 404, 'path', withTarget((target) => target.replace(/^\/ws\/\w+/, '$&/'))],
  ['two leading slashes', 404, 'path', withTarget((target) => `/${target}`)],
  ['a trailing encoded slash', 404, 'path', withTarget((target) => target.replace(/^\/ws\/\w+/, '$&%2f'))],
  ['an encoded letter', 404, 'path', withTarget((target) => target.replace('/ws', '/%77s'))],
  ['a parent folder', 404, 'path', withTarget((target) => `/ws/..${target}`)],
  ['a leading dot segment', 404, 'path', withTarget((target) => `/.${target}`)],
  ['a backslash', 404, 'path', withTarget((target) => target.replace('/ws/', '/ws\\'))],
  ['upper case', 404, 'path', withTarget((target) => target.replace('/ws', '/WS'))],
  ['all upper case', 404, 'path', withTarget((target) => target.replace(/^[^?]+/, (path) => path.toUpperCase()))],
  [
    'the path of the other server',
    404,
    'path',
    withTarget((target) => (target.startsWith(BRIDGE_PATH) ? VOICE_PATH : BRIDGE_PATH)),
  ],
  ['an inherited name', 404, 'path', withTarget(() => '/__proto__')],
  ['the root', 404, 'path', withTarget(() => '/')],
  [
    'an absolute URL',
    400,
    'request target',
    (at) => ({ ...validHandshake(at), target: `http://127.0.0.1:${at.port}${at.target}` }),
  ],
  ['an asterisk', 400, 'request target', withTarget(() => '*')],
  ['CR LF and a header', 400, 'http version', withTarget((target) => `${target}\r\nX: y`)],
  ['LF and a header', 400, 'http version', withTarget((target) => `${target}\nX: y`)],
  [
    'a query of 10 KiB',
    400,
    'query too long',
    withTarget((target) => `${target.split('?')[0]}?${'x'.repeat(10 * 1_024)}`),
  ],
  [
    'an inherited name in the query',
    400,
    'query',
    withTarget((target) => `${target}${target.includes('?') ? '&' : '?'}__proto__=x`),
  ],
];

/** Queries that the voice server refuses. */
export const WRONG_VOICE_QUERIES: readonly HandshakeAttack[] = (
  [
    ['user_id twice', '?user_id=ada&user_id=ada', 'query'],
    ['two user_ids', '?user_id=a&user_id=b', 'query'],
    ['no user_id', '', 'user_id'],
    ['an empty query', '?', 'user_id'],
    ['an empty user_id', '?user_id=', 'user_id'],
    ['a user_id of 65 characters', `?user_id=${'a'.repeat(65)}`, 'user_id'],
    ['CR LF in user_id', '?user_id=ada%0d%0aWS_CONNECT', 'user_id'],
    ['a header in user_id', '?user_id=%0d%0aSet-Cookie:a', 'user_id'],
    ['NUL in user_id', '?user_id=a%00b', 'user_id'],
    ['a bidi override in user_id', '?user_id=a%E2%80%AEb', 'user_id'],
    ['a bidi override as user_id', '?user_id=%e2%80%ae', 'user_id'],
    ['a parent folder as user_id', '?user_id=..%2f..', 'user_id'],
    ['a parent folder as session_id', '?user_id=ada&session_id=../x', 'session_id'],
    ['a session_id of 2,000 characters', `?user_id=a&session_id=${'s'.repeat(2_000)}`, 'query too long'],
    ['an inherited name', '?__proto__=ada', 'query'],
    ['an inherited name after user_id', '?user_id=a&__proto__=b', 'query'],
  ] as const
).map(([title, query, why]) => [title, 400, why, withTarget((target) => `${target.split('?')[0]}${query}`)]);

/** Bytes that are not an HTTP request. */
export const NOT_HTTP: ReadonlyArray<readonly [title: string, status: number, why: string, bytes: Buffer]> = [
  ['a TLS handshake', 400, 'malformed', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])],
  ['the preface of HTTP/2', 400, 'malformed', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
  ['lines that end in a bare LF', 400, 'malformed', Buffer.from('GET / HTTP/1.1\nHost: a\n\n')],
  ['random bytes', 400, 'malformed', Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 89) % 256))],
  ['a line of text', 400, 'malformed', Buffer.from('\r\nhello\r\n\r\n')],
  ['a space in a header name', 400, 'malformed', Buffer.from('GET / HTTP/1.1\r\nHo st: a\r\n\r\n')],
  ['HTTP/9.9', 400, 'malformed', Buffer.from('GET / HTTP/9.9\r\n\r\n')],
  ['NUL in a header value', 400, 'malformed', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n')],
  [
    'a header of 20,000 bytes',
    431,
    'headers too large',
    Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
  ],
];

export const BAD_HANDSHAKES: readonly HandshakeAttack[] = [
  ...['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE'].map(
    (method) => [method, 405, 'method', withMethod(method)] as const,
  ),
  ['CONNECT', 405, 'method', (at) => ({ ...validHandshake(at), method: 'CONNECT', target: `127.0.0.1:${at.port}` })],
  ['HTTP/1.0', 400, 'http version', withVersion('HTTP/1.0')],
  ['HTTP/2.0', 400, 'http version', withVersion('HTTP/2.0')],
  ['no Upgrade', 426, 'no upgrade', without('Upgrade')],
  ['no Connection', 426, 'no upgrade', without('Connection')],
  ['Connection: close', 426, 'no upgrade', withValues('Connection', () => ['close'])],
  ['Upgrade: h2c', 400, 'handshake', withValues('Upgrade', () => ['h2c'])],
  ['Upgrade: websocket and h2c', 400, 'handshake', withValues('Upgrade', () => ['websocket', 'h2c'])],
  ['no Sec-WebSocket-Version', 426, 'websocket version', without('Sec-WebSocket-Version')],
  ...['8', '0', '14', '013', '0xd', '13, 8', '-13'].map(
    (version) =>
      [
        `Sec-WebSocket-Version ${version}`,
        426,
        'websocket version',
        withValues('Sec-WebSocket-Version', () => [version]),
      ] as const,
  ),
  ['Sec-WebSocket-Version twice', 426, 'websocket version', withValues('Sec-WebSocket-Version', () => ['13', '13'])],
  ['no Sec-WebSocket-Key', 400, 'handshake', without('Sec-WebSocket-Key')],
  ['a short Sec-WebSocket-Key', 400, 'handshake', withValues('Sec-WebSocket-Key', () => ['c2hvcnQ='])],
  [
    'a Sec-WebSocket-Key that is not base64',
    400,
    'handshake',
    withValues('Sec-WebSocket-Key', () => ['!'.repeat(22).concat('==')]),
  ],
  ['Sec-WebSocket-Key twice', 400, 'handshake', withMore(['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='])],
  ['without our subprotocol', 400, 'subprotocol', withValues('Sec-WebSocket-Protocol', (at) => [authFor(at)])],
  [
    'our subprotocol twice',
    400,
    'handshake',
    withValues('Sec-WebSocket-Protocol', (at) => [`${at.protocol}, ${at.protocol}, ${authFor(at)}`]),
  ],
  [
    'an empty subprotocol',
    400,
    'handshake',
    withValues('Sec-WebSocket-Protocol', (at) => [`${at.protocol}, , ${authFor(at)}`]),
  ],
  ['a body', 400, 'body', (at) => ({ ...withMore(['Content-Length', '5'])(at), tail: 'hello' })],
  ['an empty body', 400, 'body', withMore(['Content-Length', '0'])],
  ['a chunked body', 400, 'body', (at) => ({ ...withMore(['Transfer-Encoding', 'chunked'])(at), tail: '0\r\n\r\n' })],
];

/** Unusual but valid handshakes, which must be accepted. */
export const UNUSUAL_BUT_VALID: ReadonlyArray<readonly [title: string, handshake: (at: Endpoint) => RawHandshake]> = [
  ['the usual handshake', validHandshake],
  // RFC 9110 section 5.5: white space around a value is not part of it.
  ['with white space around Origin', withValues('Origin', ({ origin }) => [`  ${origin} \t`])],
  ['with white space around Host', withValues('Host', ({ port, name = LOOPBACK }) => [`\t${name}:${port}  `])],
  ['with two Connection options', withValues('Connection', () => ['keep-alive, Upgrade'])],
  ['with Upgrade in upper case', withValues('Upgrade', () => ['WEBSOCKET'])],
  ['with compression offered', withMore(['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'])],
  ['with its subprotocols in two headers', withValues('Sec-WebSocket-Protocol', (at) => [at.protocol, authFor(at)])],
  [
    'after many headers',
    (at) => ({ ...validHandshake(at), headers: [...MANY_HEADERS, ...validHandshake(at).headers] }),
  ],
];
