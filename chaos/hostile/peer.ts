import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import type { CutKind } from '../../testing/faults/proxied-connection.ts';
import { reset } from '../../testing/faults/reset.ts';
import type { Ending } from './attempt.ts';
import { closeBytes, type SessionCredentials } from './bytes.ts';

/** No head of an answer is longer, in bytes; what comes after it is not ours. */
const MAX_HEAD_BYTES = 16 * 1024;
/** So much is given to the socket before its peer has to have taken it. */
const WRITE_BYTES = 64 * 1024;

/** A TCP connection whose bytes are written by hand, and what came back on it. */
export class RawPeer {
  /** Resolves when it is over, whoever ended it. */
  readonly ended: Promise<void>;
  /** The refusal said when to come back. */
  asksToRetry = false;
  /** Messages and requests that were given to the socket. */
  sent = 0;
  /** The last request that was written on it. */
  request = '';
  readonly #socket: Socket;
  readonly #rude: boolean;
  readonly #onGranted: (grant: SessionCredentials) => void;
  readonly #heard = new Map<ServerMessage['event'], number>();
  readonly #listeners = new Set<() => void>();
  #status: number | null = null;
  #closeCode: number | null = null;
  #left = false;
  #unread = Buffer.alloc(0);

  /**
   * @param rude leaves close frames unanswered
   * @param onGranted a welcome has come
   */
  constructor(port: number, rude: boolean, onGranted: (grant: SessionCredentials) => void) {
    this.#rude = rude;
    this.#onGranted = onGranted;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (bytes: Buffer) => this.#take(bytes));
    this.ended = new Promise((resolve) => {
      this.#socket.once('close', () => {
        resolve();
        this.#tell();
      });
    });
  }

  get ending(): Ending {
    if (this.#left) return 'left';
    if (this.#closeCode !== null) return `closed ${this.#closeCode}`;
    if (this.#status !== null && this.#status !== 101) return `refused ${this.#status}`;
    return this.#socket.closed ? 'cut' : 'silence';
  }

  /** The server has said its last word, or is gone. */
  get over(): boolean {
    return this.#socket.destroyed || this.#closeCode !== null;
  }

  /** Gives bytes to the socket so many times, as fast as they are taken, until they are or it is over. */
  async send(bytes: Uint8Array, times = 1): Promise<void> {
    await this.sendAll(function* () {
      for (let i = 0; i < times; i++) yield bytes;
    });
  }

  async sendAll(messages: () => Iterable<Uint8Array>): Promise<void> {
    let batch: Uint8Array[] = [];
    let size = 0;
    for (const bytes of messages()) {
      if (this.over) return;
      this.sent += 1;
      batch.push(bytes);
      size += bytes.byteLength;
      if (size < WRITE_BYTES) continue;
      await this.#write(Buffer.concat(batch));
      [batch, size] = [[], 0];
    }
    if (!this.over) await this.#write(Buffer.concat(batch));
  }

  /** @returns false: it was over before */
  async hear(event: ServerMessage['event']): Promise<boolean> {
    const heard = this.#heard.get(event) ?? 0;
    if (heard > 0) {
      this.#heard.set(event, heard - 1);
      return true;
    }
    if (this.over || (this.#status !== null && this.#status !== 101)) return false;
    await new Promise<void>((resolve) => {
      const listener = (): void => {
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
    return this.hear(event);
  }

  deafen(): void {
    this.#socket.pause();
  }

  listen(): void {
    this.#socket.resume();
  }

  leave(how: CutKind): void {
    if (this.over) return;
    this.#left = true;
    if (how === 'reset') reset(this.#socket);
    else this.#socket.destroySoon();
  }

  /** For a peer that waited long enough. */
  destroy(): void {
    this.#socket.destroy();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#socket.write(bytes)) return;
    await Promise.race([once(this.#socket, 'drain').catch(() => undefined), this.ended]);
  }

  #take(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    if (this.#status === null) this.#readHead();
    if (this.#status === 101) while (this.#readFrame());
    else if (this.#unread.length > MAX_HEAD_BYTES) this.#unread = Buffer.alloc(0);
    this.#tell();
  }

  #readHead(): void {
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#unread.subarray(0, end).toString('latin1');
    this.#status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
    this.asksToRetry = /\r\nretry-after: \d+/i.test(head);
    this.#unread = this.#unread.subarray(end + 4);
  }

  /** One frame of the server: never masked, never in parts. @returns whether there was a whole one */
  #readFrame(): boolean {
    const unread = this.#unread;
    if (unread.length < 2) return false;
    const short = unread.readUInt8(1) & 0x7f;
    const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (unread.length < headBytes) return false;
    const length = short < 126 ? short : short === 126 ? unread.readUInt16BE(2) : Number(unread.readBigUInt64BE(2));
    if (unread.length < headBytes + length) return false;
    this.#unread = unread.subarray(headBytes + length);
    this.#hearFrame(unread.readUInt8(0) & 0x0f, unread.subarray(headBytes, headBytes + length));
    return true;
  }

  #hearFrame(opcode: number, payload: Buffer): void {
    if (opcode === 8) {
      this.#closeCode ??= payload.length < 2 ? 1005 : payload.readUInt16BE(0);
      if (!this.#rude) this.#socket.end(closeBytes(this.#closeCode));
    }
    if (opcode !== 1) return;
    const parsed = parseServerMessage(payload.toString());
    if (parsed.kind !== 'message') throw new Error(`the server said ${payload.toString()}`);
    const { message } = parsed;
    this.#heard.set(message.event, (this.#heard.get(message.event) ?? 0) + 1);
    if (message.event === 'connected') {
      const { session_id: sessionId, resume_token: token, challenge } = message;
      this.#onGranted({ sessionId, token, challenge, request: this.request });
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
