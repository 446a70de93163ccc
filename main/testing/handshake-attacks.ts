import { LOOPBACK } from '../guard/own-address.ts';
import { authFor, type Endpoint, type RawHandshake, validHandshake, withHeader } from './raw-handshake.ts';

/**
 * For tests: what must be refused at every socket, one fault each in an otherwise honest upgrade, so that the answer
 * shows which check it was.
 */
type HostileKnock = readonly [title: string, status: number, why: string, knock: (at: Endpoint) => RawHandshake];

const withValues =
  (name: string, values: (at: Endpoint) => readonly string[]) =>
  (at: Endpoint): RawHandshake =>
    withHeader(validHandshake(at), name, ...values(at));
const withTarget =
  (target: (honest: string) => string) =>
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
    const honest = validHandshake(at);
    return { ...honest, headers: [...honest.headers, ...more] };
  };
const without = (name: string) => withValues(name, () => []);

/** More headers than Node keeps unless it is told to keep all (1,000), and fewer bytes than it reads (16 KiB). */
const CROWD = Array.from({ length: 1_500 }, (_, i) => [i.toString(36), ''] as const);

function originIs(title: string, values: (origin: string, port: number) => readonly string[]): HostileKnock {
  return [title, 403, 'origin', withValues('Origin', ({ origin, port }) => values(origin, port))];
}
/** The same origin under another name. */
function renamed(origin: string, name: string): string {
  return origin.replace(/\/\/[^:]+/, `//${name}`);
}
function hostIs(title: string, values: (port: number, name: string) => readonly string[]): HostileKnock {
  return [title, 403, 'host', withValues('Host', ({ port, name = LOOPBACK }) => values(port, name))];
}
function proofIs(
  title: string,
  offered: (auth: string, protocol: string, at: Endpoint) => readonly string[],
): HostileKnock {
  return [title, 401, 'proof', withValues('Sec-WebSocket-Protocol', (at) => offered(authFor(at), at.protocol, at))];
}
/** Proven with other facts than those of the request. */
function provenFor(title: string, other: (at: Endpoint) => Partial<Endpoint>): HostileKnock {
  return proofIs(title, (_, protocol, at) => [`${protocol}, ${authFor({ ...at, ...other(at) })}`]);
}

/** No `Origin` at all: what a program sends, and a page that was typed in. */
export const NO_ORIGIN: HostileKnock = originIs('none', () => []);

export const FOREIGN_ORIGINS: readonly HostileKnock[] = [
  originIs('empty', () => ['']),
  originIs('null', () => ['null']),
  originIs('file://', () => ['file://']),
  originIs('http://localhost with its port', (origin) => [renamed(origin, 'localhost')]),
  originIs('http://127.0.0.1.evil.com', () => ['http://127.0.0.1.evil.com']),
  originIs('ours as the front of a longer name', (origin) => [`${origin}.evil.com`]),
  originIs('ours with another port', (origin) => [`${origin}1`]),
  originIs('ours without its port', () => ['http://127.0.0.1']),
  originIs('ours by https', (origin) => [origin.replace('http:', 'https:')]),
  originIs('ours by ws', (origin) => [origin.replace('http:', 'ws:')]),
  originIs('ours in upper case', (origin) => [origin.toUpperCase()]),
  originIs('ours with a trailing dot', (origin) => [origin.replace(/:\d+$/, '.$&')]),
  originIs('ours with a trailing slash', (origin) => [`${origin}/`]),
  originIs('ours with a user', (origin) => [origin.replace('//', '//me@')]),
  originIs('ours with a no-break space', (origin) => [`\u00a0${origin}`]),
  originIs('ours with a space inside', (origin) => [origin.replace('://', ':// ')]),
  originIs('ours as a number', (origin) => [renamed(origin, '2130706433')]),
  originIs('ours by IPv6', (origin) => [renamed(origin, '[::1]')]),
  originIs('ours twice', (origin) => [origin, origin]),
  originIs('ours, then another', (origin) => [origin, 'http://evil.com']),
  originIs('another, then ours', (origin) => ['http://evil.com', origin]),
  originIs('ours and another in one header', (origin) => [`${origin}, http://evil.com`]),
  originIs('ours and another in one header, as a list of old', (origin) => [`${origin} http://evil.com`]),
  ['ours, and another under a name of other case', 403, 'origin', withMore(['oRIGIN', 'http://evil.com'])],
  ['ours, and another behind a crowd of headers', 403, 'origin', withMore(...CROWD, ['Origin', 'http://evil.com'])],
];

export const FOREIGN_HOSTS: readonly HostileKnock[] = [
  hostIs('none', () => []),
  hostIs('empty', () => ['']),
  hostIs('evil.com', () => ['evil.com']),
  hostIs('evil.com with our port', (port) => [`evil.com:${port}`]),
  hostIs('localhost', () => ['localhost']),
  hostIs('localhost with our port', (port) => [`localhost:${port}`]),
  hostIs('ours without its port', (_, name) => [name]),
  hostIs('ours with another port', (port, name) => [`${name}:${port + 1}`]),
  hostIs('ours with a zero before its port', (port, name) => [`${name}:0${port}`]),
  hostIs('[::1]', () => ['[::1]']),
  hostIs('[::1] with our port', (port) => [`[::1]:${port}`]),
  hostIs('another loopback address', (port) => [`127.0.0.2:${port}`]),
  hostIs('ours with a trailing dot', (port, name) => [`${name}.:${port}`]),
  hostIs('ours with a user', (port, name) => [`me@${name}:${port}`]),
  hostIs('ours as a number', (port) => [`2130706433:${port}`]),
  hostIs('ours in short', (port) => [`127.1:${port}`]),
  hostIs('ours with a tab inside', (port, name) => [`${name}:\t${port}`]),
  hostIs('ours twice', (port, name) => [`${name}:${port}`, `${name}:${port}`]),
  hostIs('ours, then another', (port, name) => [`${name}:${port}`, 'evil.com']),
  hostIs('another, then ours', (port, name) => ['evil.com', `${name}:${port}`]),
  hostIs('ours and another in one header', (port, name) => [`${name}:${port}, evil.com`]),
  [
    'another, and ours as a proxy would forward it',
    403,
    'host',
    (at) => {
      const ours = `${at.name ?? LOOPBACK}:${at.port}`;
      return withHeader(withMore(['X-Forwarded-Host', ours], ['Forwarded', `host=${ours}`])(at), 'Host', 'evil.com');
    },
  ],
  ['ours, and another behind a crowd of headers', 403, 'host', withMore(...CROWD, ['Host', 'evil.com'])],
];

/** Where Node's own parser has the word: it never becomes a request. */
export const MALFORMED_REQUESTS: readonly HostileKnock[] = [
  [
    'a Host that goes on in the next line',
    400,
    'malformed',
    withValues('Host', ({ port }) => [`127.0.0.1:${port}\r\n .evil.com`]),
  ],
  [
    'a Host that begins in the next line',
    400,
    'malformed',
    withValues('Host', ({ port }) => [`\r\n 127.0.0.1:${port}`]),
  ],
  ['a space behind the name of a header', 400, 'malformed', withMore(['X ', 'y'])],
  ['NUL in a header', 400, 'malformed', withMore(['X', 'a\0b'])],
  ['NUL in the path', 400, 'malformed', withTarget((target) => target.replace('/ws', '/ws\0'))],
  ['a bidi override in the path', 400, 'malformed', withTarget((target) => target.replace('/ws', '/\u202ews'))],
  ['a space in the path', 400, 'malformed', withTarget((target) => target.replace('/ws', '/ ws'))],
  ['no version of HTTP', 400, 'malformed', withVersion('')],
  ['HTTP/1.2', 400, 'malformed', withVersion('HTTP/1.2')],
  ['a method that nobody knows', 400, 'malformed', withMethod('GETS')],
  ['a method in lower case', 400, 'malformed', withMethod('get')],
  ['17 KiB of headers', 431, 'headers too large', withMore(['X', 'x'.repeat(17 * 1_024)])],
  ['a path of 17 KiB', 431, 'headers too large', withTarget((target) => target + 'x'.repeat(17 * 1_024))],
  ['a body of two lengths', 400, 'malformed', withMore(['Content-Length', '5'], ['Content-Length', '6'])],
  [
    'a body with a length and in chunks',
    400,
    'malformed',
    withMore(['Content-Length', '5'], ['Transfer-Encoding', 'chunked']),
  ],
];

/** The secret itself, as clients before the proof sent it: told apart, so that their makers see what is wrong. */
function retired(title: string, offered: (at: Endpoint) => readonly string[]): HostileKnock {
  return [title, 400, 'retired token', withValues('Sec-WebSocket-Protocol', offered)];
}

export const MISSING_PROOFS: readonly HostileKnock[] = [
  proofIs('no subprotocol', () => []),
  proofIs('no proof', (_, protocol) => [protocol]),
  proofIs('an empty one', (_, protocol) => [`${protocol}, auth.`]),
  proofIs('a nonce alone', (auth, protocol) => [`${protocol}, ${auth.slice(0, auth.lastIndexOf('.'))}`]),
  proofIs('a nonce and an empty proof', (auth, protocol) => [
    `${protocol}, ${auth.slice(0, auth.lastIndexOf('.') + 1)}`,
  ]),
  proofIs('no nonce', (auth, protocol) => [`${protocol}, auth..${auth.slice(auth.lastIndexOf('.') + 1)}`]),
  proofIs('a wrong one', (auth, protocol) => [`${protocol}, ${auth.slice(0, -43)}${'x'.repeat(43)}`]),
  proofIs('the first half of it', (auth, protocol) => [`${protocol}, ${auth.slice(0, auth.length / 2)}`]),
  proofIs('all but its last character', (auth, protocol) => [`${protocol}, ${auth.slice(0, -1)}`]),
  proofIs('one character more', (auth, protocol) => [`${protocol}, ${auth}x`]),
  proofIs('one part more', (auth, protocol) => [`${protocol}, ${auth}.x`]),
  proofIs('one in upper case', (auth, protocol) => [`${protocol}, auth.${auth.slice(5).toUpperCase()}`]),
  proofIs('one without its prefix', (auth, protocol) => [`${protocol}, ${auth.slice(5)}`]),
  proofIs('the right one twice', (auth, protocol) => [`${protocol}, ${auth}, ${auth}`]),
  proofIs('two right ones', (auth, protocol, at) => [`${protocol}, ${auth}, ${authFor(at)}`]),
  proofIs('the right one and a wrong one', (auth, protocol) => [`${protocol}, ${auth}, auth.wrong`]),
  proofIs('the right one and a wrong one in two headers', (auth, protocol) => [`${protocol}, ${auth}`, 'auth.no']),
  provenFor('one under another secret', ({ token }) => ({ token: `${token}x` })),
  provenFor('one for another port', ({ port }) => ({ port: port + 1 })),
  provenFor('one for another path', ({ target }) => ({ target: `${target.split('?')[0]}s` })),
  provenFor('one for another page', () => ({ origin: 'http://evil.com' })),
  retired('the secret itself', ({ protocol, token }) => [`${protocol}, token.${token}`]),
  retired('the secret itself, beside the right proof', (at) => [`${at.protocol}, ${authFor(at)}, token.${at.token}`]),
  retired('a wrong secret itself', ({ protocol }) => [`${protocol}, token.wrong`]),
  [
    'the secret as a bearer token and as a cookie',
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

export const WRONG_PATHS: readonly HostileKnock[] = [
  ['a trailing slash', 404, 'path', withTarget((target) => target.replace(/^\/ws\/\w+/, '$&/'))],
  ['two slashes at its beginning', 404, 'path', withTarget((target) => `/${target}`)],
  ['an encoded slash at its end', 404, 'path', withTarget((target) => target.replace(/^\/ws\/\w+/, '$&%2f'))],
  ['an encoded letter', 404, 'path', withTarget((target) => target.replace('/ws', '/%77s'))],
  ['a way up and down again', 404, 'path', withTarget((target) => `/ws/..${target}`)],
  ['a dot', 404, 'path', withTarget((target) => `/.${target}`)],
  ['a backslash', 404, 'path', withTarget((target) => target.replace('/ws/', '/ws\\'))],
  ['upper case', 404, 'path', withTarget((target) => target.replace('/ws', '/WS'))],
  ['an inherited name', 404, 'path', withTarget(() => '/__proto__')],
  ['nothing', 404, 'path', withTarget(() => '/')],
  [
    'an absolute address',
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

export const BAD_HANDSHAKES: readonly HostileKnock[] = [
  ...['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'].map(
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
    'a Sec-WebSocket-Key that is no base64',
    400,
    'handshake',
    withValues('Sec-WebSocket-Key', () => ['!'.repeat(22).concat('==')]),
  ],
  ['two of Sec-WebSocket-Key', 400, 'handshake', withMore(['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='])],
  ['no subprotocol of ours', 400, 'subprotocol', withValues('Sec-WebSocket-Protocol', (at) => [authFor(at)])],
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
  ['a body of a stated length', 400, 'body', (at) => ({ ...withMore(['Content-Length', '5'])(at), tail: 'hello' })],
  ['a body of no length', 400, 'body', withMore(['Content-Length', '0'])],
  ['a body in chunks', 400, 'body', (at) => ({ ...withMore(['Transfer-Encoding', 'chunked'])(at), tail: '0\r\n\r\n' })],
];

/** What looks odd and is right: it must not be refused by a check that is too clever. */
export const UNUSUAL_BUT_VALID: ReadonlyArray<readonly [title: string, knock: (at: Endpoint) => RawHandshake]> = [
  ['as it always asks', validHandshake],
  // RFC 9110 section 5.5: white space around a value is none of it.
  ['with white space around Origin', withValues('Origin', ({ origin }) => [`  ${origin} \t`])],
  ['with white space around Host', withValues('Host', ({ port, name = LOOPBACK }) => [`\t${name}:${port}  `])],
  ['with another name of Connection', withValues('Connection', () => ['keep-alive, Upgrade'])],
  ['with Upgrade in upper case', withValues('Upgrade', () => ['WEBSOCKET'])],
  ['with compression offered', withMore(['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'])],
  ['with its subprotocols in two headers', withValues('Sec-WebSocket-Protocol', (at) => [at.protocol, authFor(at)])],
  [
    'behind a crowd of headers',
    (at) => ({ ...validHandshake(at), headers: [...CROWD, ...validHandshake(at).headers] }),
  ],
];
