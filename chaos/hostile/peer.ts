import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import type { CutKind } from '../../testing/faults/proxied-connection.ts';
import { reset } from '../../testing/faults/reset.ts';
import type { Ending } from './attempt.ts';
import { closeBytes, type SessionCredentials } from './bytes.ts';

/** Maximum length of a response head, in bytes. */
const MAX_HEAD_BYTES = 16 * 1024;
/** Bytes written before waiting for the socket to drain. */
const WRITE_BYTES = 64 * 1024;

/** A client on a plain TCP socket that sends arbitrary bytes and parses the responses. */
export class RawPeer {
  /** Resolves when the connection has closed. */
  readonly ended: Promise<void>;
  /** The refusal had a Retry-After header. */
  asksToRetry = false;
  /** Number of messages and requests written to the socket. */
  sent = 0;
  /** The last request sent. */
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
   * @param rude does not answer close frames
   * @param onGranted called for each welcome
   */
  constructor(port: number, rude: boolean, onGranted: (grant: SessionCredentials) => void) {
    this.#rude = rude;
    this.#onGranted = onGranted;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    this.ended = new Promise((resolve) => {
      this.#socket.once('close', () => {
        resolve();
        this.#notify();
      });
    });
  }

  get ending(): Ending {
    if (this.#left) return 'left';
    if (this.#closeCode !== null) return `closed ${this.#closeCode}`;
    if (this.#status !== null && this.#status !== 101) return `refused ${this.#status}`;
    return this.#socket.closed ? 'cut' : 'silence';
  }

  /** The server has sent a close frame or the connection is gone. */
  get over(): boolean {
    return this.#socket.destroyed || this.#closeCode !== null;
  }

  /** Writes the bytes `times` times, with backpressure, until done or the connection ends. */
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

  /** Waits for a server event. @returns false if the connection ended first */
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

  /** Destroys the connection, for use after a timeout. */
  destroy(): void {
    this.#socket.destroy();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#socket.write(bytes)) return;
    await Promise.race([once(this.#socket, 'drain').catch(() => undefined), this.ended]);
  }

  #onData(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    if (this.#status === null) this.#readHead();
    if (this.#status === 101) while (this.#readFrame());
    else if (this.#unread.length > MAX_HEAD_BYTES) this.#unread = Buffer.alloc(0);
    this.#notify();
  }

  #readHead(): void {
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#unread.subarray(0, end).toString('latin1');
    this.#status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
    this.asksToRetry = /\r\nretry-after: \d+/i.test(head);
    this.#unread = this.#unread.subarray(end + 4);
  }

  /** Reads one server frame, unmasked and unfragmented. @returns false if it is incomplete */
  #readFrame(): boolean {
    const unread = this.#unread;
    if (unread.length < 2) return false;
    const short = unread.readUInt8(1) & 0x7f;
    const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (unread.length < headBytes) return false;
    const length = short < 126 ? short : short === 126 ? unread.readUInt16BE(2) : Number(unread.readBigUInt64BE(2));
    if (unread.length < headBytes + length) return false;
    this.#unread = unread.subarray(headBytes + length);
    this.#onFrame(unread.readUInt8(0) & 0x0f, unread.subarray(headBytes, headBytes + length));
    return true;
  }

  #onFrame(opcode: number, payload: Buffer): void {
    if (opcode === 8) {
      this.#closeCode ??= payload.length < 2 ? 1005 : payload.readUInt16BE(0);
      if (!this.#rude) this.#socket.end(closeBytes(this.#closeCode));
    }
    if (opcode !== 1) return;
    const parsed = parseServerMessage(payload.toString());
    if (parsed.kind !== 'message') throw new Error(`the server sent an invalid message: ${payload.toString()}`);
    const { message } = parsed;
    this.#heard.set(message.event, (this.#heard.get(message.event) ?? 0) + 1);
    if (message.event === 'connected') {
      const { session_id: sessionId, resume_token: token, challenge } = message;
      this.#onGranted({ sessionId, token, challenge, request: this.request });
    }
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
