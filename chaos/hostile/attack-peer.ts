import { once } from 'node:events';
import { connect } from 'node:net';
import type { ServerMessage } from '../../shared/protocol.ts';
import type { CutKind } from '../../testing/faults/proxied-connection.ts';
import { reset } from '../../testing/faults/reset.ts';
import { messageIn, RawConnection } from '../../testing/raw-connection.ts';
import { close, OP, type ServerFrame } from '../../testing/websocket-frames.ts';
import type { Ending } from './attack.ts';
import type { SessionCredentials } from './request-bytes.ts';

/** Number of bytes to collect before each write, after which `send` waits for backpressure. */
const WRITE_BYTES = 64 * 1024;

/** A peer that runs an attack. It counts what it sends and what the server answers. */
export class AttackPeer extends RawConnection {
  /** Number of requests and messages sent. */
  sent = 0;
  /** The last upgrade request that it sent. */
  request = '';
  readonly #ignoresClose: boolean;
  readonly #onGranted: (grant: SessionCredentials) => void;
  /** Number of received messages of each event that `waitFor` has not yet consumed. */
  readonly #received = new Map<ServerMessage['event'], number>();
  #left = false;

  /**
   * @param ignoresClose whether it ignores close frames instead of answering them
   * @param onGranted called for each welcome
   */
  constructor(port: number, ignoresClose: boolean, onGranted: (grant: SessionCredentials) => void) {
    super(connect({ port, host: '127.0.0.1' }));
    this.#ignoresClose = ignoresClose;
    this.#onGranted = onGranted;
  }

  get ending(): Ending {
    if (this.#left) return 'left';
    if (this.closeCode !== null) return `closed ${this.closeCode}`;
    if (this.refused) return `refused ${this.status ?? 0}`;
    return this.socket.closed ? 'cut' : 'silence';
  }

  /** Whether the refusal had a Retry-After header. */
  get hasRetryAfter(): boolean {
    return /\r\nretry-after: \d+/i.test(this.head);
  }

  /** Whether the server has sent a close frame or the connection has ended. */
  get over(): boolean {
    return this.socket.destroyed || this.closeCode !== null;
  }

  /** Sends the bytes `times` times, with backpressure. Stops early if the connection ends. */
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
  async waitFor(event: ServerMessage['event']): Promise<boolean> {
    for (;;) {
      const count = this.#received.get(event) ?? 0;
      if (count > 0) {
        this.#received.set(event, count - 1);
        return true;
      }
      if (this.over || this.refused) return false;
      await this.changed();
    }
  }

  pauseReading(): void {
    this.socket.pause();
  }

  resumeReading(): void {
    this.socket.resume();
  }

  leave(how: CutKind): void {
    if (this.over) return;
    this.#left = true;
    if (how === 'reset') reset(this.socket);
    else this.socket.destroySoon();
  }

  /** Destroys the connection after a timeout. */
  destroy(): void {
    this.socket.destroy();
  }

  protected override onFrame({ opcode, payload }: ServerFrame): void {
    if (opcode === OP.close && !this.#ignoresClose) this.socket.end(close(this.closeCode));
    if (opcode !== OP.text) return;
    const message = messageIn(payload);
    this.#received.set(message.event, (this.#received.get(message.event) ?? 0) + 1);
    if (message.event === 'connected') {
      const { session_id: sessionId, resume_token: token, challenge } = message;
      this.#onGranted({ sessionId, token, challenge, request: this.request });
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.socket.write(bytes)) return;
    await Promise.race([once(this.socket, 'drain').catch(() => undefined), this.closed]);
  }
}
