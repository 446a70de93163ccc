import type { Socket } from 'node:net';
import { parseServerMessage, type ServerMessage } from '../shared/protocol.ts';
import { decodeServerFrame, OP, type ServerFrame } from './websocket-frames.ts';

/** Maximum length of a response head, in bytes. Further bytes of a refusal are dropped. */
const MAX_HEAD_BYTES = 16 * 1024;

/**
 * A TCP connection to a voice server on which a test can write any bytes, valid or not. It parses the HTTP response
 * and, after a 101, the server's frames.
 */
export abstract class RawConnection {
  /** Status of the HTTP response; null before it has arrived. */
  status: number | null = null;
  /** Status line and header lines of the response. */
  head = '';
  /** Code of the server's close frame: 1005 if the frame has none, null before it has arrived. */
  closeCode: number | null = null;
  /** Whether the server has ended the connection, with FIN or RST. */
  ended = false;
  /** Resolves when both directions are closed or the connection was reset. */
  readonly closed: Promise<void>;
  readonly socket: Socket;
  readonly #waiters = new Set<() => void>();
  #unread = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, chunk]);
      this.#parse();
      this.#notify();
    });
    for (const event of ['end', 'close'] as const) {
      socket.on(event, () => {
        this.ended = true;
        this.#notify();
      });
    }
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Whether the server has refused the upgrade. */
  get refused(): boolean {
    return this.status !== null && this.status !== 101;
  }

  /** Resolves when the server has sent something or ended the connection. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiters.add(resolve));
  }

  /**
   * Resolves when the condition holds. Checks it after each change. Rejects if the server ends the connection first.
   */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.ended) throw new Error('the server ended the connection first');
      await this.changed();
    }
  }

  async untilEnded(): Promise<void> {
    while (!this.ended) await this.changed();
  }

  protected abstract onFrame(frame: ServerFrame): void;

  #notify(): void {
    for (const waiter of this.#waiters) waiter();
    this.#waiters.clear();
  }

  #parse(): void {
    if (this.status === null) this.#parseHead();
    if (this.status !== 101) {
      if (this.#unread.length > MAX_HEAD_BYTES) this.#unread = Buffer.alloc(0);
      return;
    }
    for (let next = decodeServerFrame(this.#unread); next !== null; next = decodeServerFrame(this.#unread)) {
      this.#unread = this.#unread.subarray(next.bytes);
      const { opcode, payload } = next.frame;
      if (opcode === OP.close) this.closeCode ??= payload.length < 2 ? 1005 : payload.readUInt16BE(0);
      this.onFrame(next.frame);
    }
  }

  #parseHead(): void {
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.head = this.#unread.subarray(0, end).toString('latin1');
    this.status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(this.head)?.[1] ?? 0);
    this.#unread = this.#unread.subarray(end + 4);
  }
}

/** @throws if the payload of a text frame is not a valid server message */
export function messageIn(payload: Buffer): ServerMessage {
  const parsed = parseServerMessage(payload.toString('utf8'));
  if (parsed.kind !== 'message') throw new Error(`the server sent an invalid message: ${payload.toString('utf8')}`);
  return parsed.message;
}
