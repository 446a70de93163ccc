import type { Socket } from 'node:net';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { type ConnectedMessage, parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import { rawSocket, readyAfter, upgradeRequest } from './voice-rig.ts';

/** For tests: a peer that writes its WebSocket frames by hand, right or wrong, and reads the answers bit by bit. */
export const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Not zeros: a server that forgets to unmask must show. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export interface FrameParts {
  opcode: number;
  payload?: Uint8Array | string;
  fin?: boolean;
  /** RSV1, RSV2, RSV3 as 4, 2, 1. */
  rsv?: number;
  masked?: boolean;
  /** Bits of the length field; default: the fewest that hold it, as RFC 6455 section 5.2 demands. */
  lengthBits?: 7 | 16 | 64;
  /** The length that the header tells, in bytes; default: the payload's. */
  toldLength?: bigint;
}

/** One frame of RFC 6455 section 5.2, with whatever the parts say. */
export function frame(parts: FrameParts): Buffer {
  const { opcode, fin = true, rsv = 0, masked = true } = parts;
  const payload = Buffer.from(parts.payload ?? '');
  const told = parts.toldLength ?? BigInt(payload.length);
  const bits = parts.lengthBits ?? (told < 126n ? 7 : told < 65_536n ? 16 : 64);
  const length = Buffer.alloc(bits === 7 ? 1 : 1 + bits / 8);
  length[0] = bits === 7 ? Number(told) : bits === 16 ? 126 : 127;
  if (bits === 16) length.writeUInt16BE(Number(told), 1);
  if (bits === 64) length.writeBigUInt64BE(told, 1);
  if (masked) length[0] |= 0x80;
  const body = masked ? Buffer.concat([MASK, payload.map((byte, i) => byte ^ (MASK[i % 4] ?? 0))]) : payload;
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]), length, body]);
}

export const text = (payload: Uint8Array | string) => frame({ opcode: OP.text, payload });
export const binary = (payload: Uint8Array) => frame({ opcode: OP.binary, payload });
export const ping = (payload: Uint8Array | string = '') => frame({ opcode: OP.ping, payload });
export const pong = (payload: Uint8Array | string = '') => frame({ opcode: OP.pong, payload });
export const audio = (seq: number) => binary(encodeAudioFrame(seq, seq * 20, new Int16Array(320).fill(seq)));

/** @param code null: a close frame without a payload */
export function close(code: number | null, reason: Uint8Array | string = ''): Buffer {
  if (code === null) return frame({ opcode: OP.close });
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  return frame({ opcode: OP.close, payload });
}

/** A voice `ping`, padded with white space to `length` bytes; the server answers it with `pong` of the same id. */
export function voicePing(id: number | string = 1, length = 0): string {
  return JSON.stringify({ event: 'ping', id, client_time: 5 }).padEnd(length);
}

/** One message in as many frames as it has parts. */
export function fragments(opcode: number, parts: ReadonlyArray<Uint8Array | string>): Buffer[] {
  return parts.map((payload, i) =>
    frame({ opcode: i === 0 ? opcode : OP.continuation, fin: i === parts.length - 1, payload }),
  );
}

export interface ServerFrame {
  opcode: number;
  payload: Buffer;
}

/** A peer of the real server that has heard the welcome; unless told otherwise it is ready and listens. */
export class RawPeer {
  /** What came after the welcome, its copies left out. */
  readonly heard: ServerFrame[] = [];
  /** The server has said its last word: FIN or reset. */
  ended = false;
  welcome: ConnectedMessage | null = null;
  private inbox = Buffer.alloc(0);
  private upgraded = false;
  private readonly waiters = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.inbox = Buffer.concat([this.inbox, chunk]);
      this.read();
      this.tell();
    });
    for (const event of ['end', 'close'] as const) {
      socket.on(event, () => {
        this.ended = true;
        this.tell();
      });
    }
  }

  static async connect(port: number, options: { listens?: boolean } = {}): Promise<RawPeer> {
    const peer = new RawPeer(await rawSocket(port));
    const request = upgradeRequest(port);
    peer.write(request);
    await peer.until(() => peer.welcome !== null);
    if (options.listens === false || peer.welcome === null) return peer;
    peer.say(readyAfter(port, request, peer.welcome));
    peer.say({ event: 'start' });
    await peer.until(() => peer.messages('voice_state').length === 1);
    peer.heard.length = 0;
    return peer;
  }

  get session(): string {
    return this.welcome?.session_id ?? '';
  }

  /** The code of the server's close frame; 1005 if it had none, null while there is no such frame. */
  get closeCode(): number | null {
    const last = this.heard.find(({ opcode }) => opcode === OP.close);
    if (last === undefined) return null;
    return last.payload.length < 2 ? 1005 : last.payload.readUInt16BE(0);
  }

  messages<Event extends ServerMessage['event']>(event: Event): Array<Extract<ServerMessage, { event: Event }>> {
    return this.heard
      .flatMap(({ opcode, payload }) => (opcode === OP.text ? [messageOf(payload)] : []))
      .filter((message): message is Extract<ServerMessage, { event: Event }> => message.event === event);
  }

  say(message: object): void {
    this.write(text(JSON.stringify(message)));
  }

  write(bytes: Uint8Array | string): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** Each byte in a turn of the event loop of its own, so that the server reads it alone. */
  async writeOctets(bytes: Uint8Array): Promise<void> {
    for (let i = 0; i < bytes.length && !this.ended; i++) {
      this.write(bytes.subarray(i, i + 1));
      await turnOfTheLoop();
    }
  }

  /** Resolves when it holds; asked again whenever something came. Rejects when the server has ended first. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.ended) throw new Error('the server ended the connection first');
      await new Promise<void>((resolve) => this.waiters.add(resolve));
    }
  }

  untilCloseFrame(): Promise<void> {
    return this.until(() => this.closeCode !== null);
  }

  async untilEnded(): Promise<void> {
    while (!this.ended) await new Promise<void>((resolve) => this.waiters.add(resolve));
  }

  /** Both sides are shut, or the connection was reset. */
  async untilClosed(): Promise<void> {
    if (!this.socket.closed) await new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
  }

  /** Answers the server's close frame and shuts this side, as an honest peer does. */
  leave(code: number): void {
    this.socket.end(close(code));
  }

  private tell(): void {
    for (const waiter of this.waiters) waiter();
    this.waiters.clear();
  }

  private read(): void {
    if (!this.upgraded) {
      const end = this.inbox.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!this.inbox.toString('latin1').startsWith('HTTP/1.1 101 ')) throw new Error(this.inbox.toString('latin1'));
      this.upgraded = true;
      this.inbox = this.inbox.subarray(end + 4);
    }
    for (;;) {
      const next = firstFrame(this.inbox);
      if (next === null) return;
      this.inbox = this.inbox.subarray(next.bytes);
      this.take(next.frame);
    }
  }

  private take(received: ServerFrame): void {
    if (received.opcode === OP.text) {
      const message = messageOf(received.payload);
      if (message.event === 'connected') {
        this.welcome = message;
        return;
      }
    }
    this.heard.push(received);
  }
}

function messageOf(payload: Buffer): ServerMessage {
  const parsed = parseServerMessage(payload.toString('utf8'));
  if (parsed.kind !== 'message') throw new Error(`the server sent ${payload.toString('utf8')}`);
  return parsed.message;
}

/** @throws when it is not what a server sends: whole, unmasked, no reserved bit (RFC 6455 sections 5.1 and 5.2) */
function firstFrame(bytes: Buffer): { frame: ServerFrame; bytes: number } | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  if ((first & 0xf0) !== 0x80 || second > 127)
    throw new Error(`the server sent a frame that begins ${first} ${second}`);
  const head = second < 126 ? 2 : second === 126 ? 4 : 10;
  if (bytes.length < head) return null;
  const length = second < 126 ? second : second === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + length) return null;
  const payload = Buffer.from(bytes.subarray(head, head + length));
  return { frame: { opcode: first & 0x0f, payload }, bytes: head + length };
}
