import { once } from 'node:events';
import { connect } from 'node:net';
import type { ServerMessage } from '../../shared/protocol.ts';
import type { CutKind } from '../../testing/faults/proxied-connection.ts';
import { reset } from '../../testing/faults/reset.ts';
import { messageIn, RawConnection } from '../../testing/raw-connection.ts';
import { close, OP, type ServerFrame } from '../../testing/websocket-frames.ts';
import type { Ending } from './attack.ts';
import type { SessionCredentials } from './bytes.ts';

/** Bytes written before waiting for the socket to drain. */
const WRITE_BYTES = 64 * 1024;

/** A peer that runs an attack: counts what it sends and what the server answers. */
export class AttackPeer extends RawConnection {
  /** Number of messages and requests written to the socket. */
  sent = 0;
  /** The last request sent. */
  request = '';
  readonly #rude: boolean;
  readonly #onGranted: (grant: SessionCredentials) => void;
  /** Number of received events that no `waitFor` has consumed. */
  readonly #received = new Map<ServerMessage['event'], number>();
  #left = false;

  /**
   * @param rude does not answer close frames
   * @param onGranted called for each welcome
   */
  constructor(port: number, rude: boolean, onGranted: (grant: SessionCredentials) => void) {
    super(connect({ port, host: '127.0.0.1' }));
    this.#rude = rude;
    this.#onGranted = onGranted;
  }

  get ending(): Ending {
    if (this.#left) return 'left';
    if (this.closeCode !== null) return `closed ${this.closeCode}`;
    if (this.refused) return `refused ${this.status ?? 0}`;
    return this.socket.closed ? 'cut' : 'silence';
  }

  /** The refusal had a Retry-After header. */
  get asksToRetry(): boolean {
    return /\r\nretry-after: \d+/i.test(this.head);
  }

  /** The server has sent a close frame or the connection is gone. */
  get over(): boolean {
    return this.socket.destroyed || this.closeCode !== null;
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

  /** Destroys the connection, for use after a timeout. */
  destroy(): void {
    this.socket.destroy();
  }

  protected override onFrame({ opcode, payload }: ServerFrame): void {
    if (opcode === OP.close && !this.#rude) this.socket.end(close(this.closeCode));
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
