import { connect, type Socket } from 'node:net';
import { createClientProof } from '../../shared/client-proof.ts';
import { LOOPBACK } from '../guard/own-address.ts';

/** An HTTP request that may be invalid. */
export interface RawHandshake {
  method: string;
  target: string;
  /** `HTTP/1.1`, another version, or empty. */
  version: string;
  /** In order; names may repeat. */
  headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** Bytes after the headers, sent in the same packet. */
  tail: string;
}

/** A WebSocket endpoint and the credentials of its page. */
export interface Endpoint {
  port: number;
  /** Host name; default `127.0.0.1`. */
  name?: string;
  origin: string;
  token: string;
  protocol: string;
  /** Path and query. */
  target: string;
  /** Token of the session to resume. */
  resumeToken?: string;
}

/** The subprotocols of a new attempt: the protocol itself, the proof with a new nonce, and the proof to resume. */
function offeredBy({ port, name = LOOPBACK, origin, token, protocol, target, resumeToken }: Endpoint): string[] {
  const url = `ws://${name}:${port}${target}`;
  return createClientProof({ secret: token, url, origin, protocol, resumeToken }).protocols;
}

/** The subprotocol that proves knowledge of the token, with a new nonce for each call. */
export function authFor(at: Endpoint): string {
  return offeredBy(at)[1] ?? '';
}

/** A valid upgrade request. */
export function validHandshake(at: Endpoint): RawHandshake {
  const { port, name = LOOPBACK, origin, target } = at;
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
      ['Sec-WebSocket-Protocol', offeredBy(at).join(', ')],
    ],
    tail: '',
  };
}

/** Replaces the values of one header, at its position; without values the header is removed. */
export function withHeader(handshake: RawHandshake, name: string, ...values: string[]): RawHandshake {
  const index = handshake.headers.findIndex(([other]) => other === name);
  const others = handshake.headers.filter(([other]) => other !== name);
  const replacement = values.map((value) => [name, value] as const);
  return { ...handshake, headers: others.toSpliced(index < 0 ? others.length : index, 0, ...replacement) };
}

/** The request as UTF-8. */
export function bytesOf({ method, target, version, headers, tail }: RawHandshake): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} ${version}\r\n${lines.join('')}\r\n${tail}`);
}

export interface Answer {
  /** 0: closed without a response. */
  status: number;
  /** Header lines without the status line. */
  headers: string[];
  /** All received bytes, as Latin-1. */
  bytes: string;
}

const END_OF_HEADERS = '\r\n\r\n';

/** Collects all bytes until the socket closes. After a 101 it destroys the socket at the end of the headers. */
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

/** Sends a request in one write and resolves with the whole response. */
export function sendHandshake(port: number, handshake: RawHandshake | Buffer): Promise<Answer> {
  const socket = connect({ port, host: '127.0.0.1' });
  const answer = answerOn(socket);
  socket.write(Buffer.isBuffer(handshake) ? handshake : bytesOf(handshake));
  return answer;
}

/** Writes a byte every 20 ms until the socket closes. */
export function sendSlowly(socket: Socket, bytes: Buffer): void {
  let sent = 0;
  const timer = setInterval(() => void socket.write(bytes.subarray(sent, ++sent)), 20);
  socket.once('close', () => clearInterval(timer));
}
