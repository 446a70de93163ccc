import { connect, type Socket } from 'node:net';

import { createClientProof } from '../../shared/client-proof.ts';
import { LOOPBACK } from '../guard/own-address.ts';

/** For tests: requests as bytes, also those that no client would send, and all that comes back. */
export interface RawHandshake {
  method: string;
  target: string;
  /** `HTTP/1.1`, or nothing at all. */
  version: string;
  /** In order; a name may stand twice. */
  headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** What follows the headers in the same packet. */
  tail: string;
}

/** A socket that can be knocked at, and what an honest page knows about it. */
export interface Endpoint {
  port: number;
  /** By which it is reached; default `127.0.0.1`. */
  name?: string;
  origin: string;
  token: string;
  protocol: string;
  /** Path and query. */
  target: string;
}

/** The subprotocol in which an honest page proves that it knows the secret; with a nonce of its own each time. */
export function authFor({ port, name = LOOPBACK, origin, token, protocol, target }: Endpoint): string {
  const url = `ws://${name}:${port}${target}`;
  return createClientProof({ secret: token, url, origin, protocol }).protocols[1] ?? '';
}

/** The upgrade of an honest page. */
export function validHandshake(at: Endpoint): RawHandshake {
  const { port, name = LOOPBACK, origin, protocol, target } = at;
  return {
    method: 'GET',
    target,
    version: 'HTTP/1.1',
    headers: [
      ['Host', `${name}:${port}`],
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Origin', origin],
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
      ['Sec-WebSocket-Protocol', `${protocol}, ${authFor(at)}`],
    ],
    tail: '',
  };
}

/** The same request with these values of one header, in its place: none, another, or several. */
export function withHeader(knock: RawHandshake, name: string, ...values: string[]): RawHandshake {
  const at = knock.headers.findIndex(([other]) => other === name);
  const rest = knock.headers.filter(([other]) => other !== name);
  const mine = values.map((value) => [name, value] as const);
  return { ...knock, headers: rest.toSpliced(at < 0 ? rest.length : at, 0, ...mine) };
}

/** The request's bytes; its text is taken as UTF-8. */
export function bytesOf({ method, target, version, headers, tail }: RawHandshake): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} ${version}\r\n${lines.join('')}\r\n${tail}`);
}

export interface Answer {
  /** 0: closed without an answer. */
  status: number;
  /** Header lines as they came, the status line left out. */
  headers: string[];
  /** Every byte that came, as Latin-1. */
  bytes: string;
}

/** The last byte of the headers has come. */
const END_OF_HEADERS = '\r\n\r\n';

/**
 * All that comes back on a socket until it closes. An upgrade does not close: there it ends with the answer's headers and
 * what came in the same packet, and the socket is cut.
 */
export function answerOn(socket: Socket): Promise<Answer> {
  return new Promise((resolve) => {
    let bytes = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      if (bytes.startsWith('HTTP/1.1 101') && bytes.includes(END_OF_HEADERS)) socket.destroy();
    });
    socket.once('close', () => {
      const [statusLine = '', ...headers] = (bytes.split(END_OF_HEADERS, 1)[0] ?? '').split('\r\n');
      resolve({ status: Number(statusLine.split(' ')[1] ?? 0), headers, bytes });
    });
  });
}

/** Sends a request in one write and waits for all of the answer. */
export function sendHandshake(port: number, knock: RawHandshake | Buffer): Promise<Answer> {
  const socket = connect({ port, host: '127.0.0.1' });
  const answer = answerOn(socket);
  socket.write(Buffer.isBuffer(knock) ? knock : bytesOf(knock));
  return answer;
}

/** Writes a byte every 20 ms until the socket closes. */
export function sendSlowly(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => void socket.write(bytes.subarray(at, ++at)), 20);
  socket.once('close', () => clearInterval(timer));
}
