import { setImmediate as nextLoopIteration } from 'node:timers/promises';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import type { ConnectedMessage, ServerMessage } from '../../shared/protocol.ts';
import { messageIn, RawConnection } from '../../testing/raw-connection.ts';
import { binary, close, OP, type ServerFrame, text } from '../../testing/websocket-frames.ts';
import { rawSocket, readyAfter, upgradeRequest } from './voice-rig.ts';

/** A frame of 20 ms of audio; each sample is the sequence number. */
export const audio = (seq: number): Buffer => binary(encodeAudioFrame(seq, seq * 20, new Int16Array(320).fill(seq)));

/** A voice `ping`, padded with white space to `length` bytes; the server answers with a `pong` of the same id. */
export function voicePing(id: number | string = 1, length = 0): string {
  return JSON.stringify({ event: 'ping', id, client_time: 5 }).padEnd(length);
}

/** A client of the test server that encodes its frames itself. By default it is ready and listens. */
export class RawPeer extends RawConnection {
  /** Frames received after the welcome, except repeated welcomes. */
  readonly received: ServerFrame[] = [];
  welcome: ConnectedMessage | null = null;

  static async connect(port: number, options: { listens?: boolean } = {}): Promise<RawPeer> {
    const peer = new RawPeer(await rawSocket(port));
    const request = upgradeRequest(port);
    peer.write(request);
    await peer.until(() => peer.welcome !== null || peer.refused);
    if (peer.refused) throw new Error(peer.head);
    if (options.listens === false || peer.welcome === null) return peer;
    peer.send(readyAfter(port, request, peer.welcome));
    peer.send({ event: 'start' });
    await peer.until(() => peer.messages('voice_state').length === 1);
    peer.received.length = 0;
    return peer;
  }

  get session(): string {
    return this.welcome?.session_id ?? '';
  }

  messages<Event extends ServerMessage['event']>(event: Event): Array<Extract<ServerMessage, { event: Event }>> {
    return this.received
      .flatMap(({ opcode, payload }) => (opcode === OP.text ? [messageIn(payload)] : []))
      .filter((message): message is Extract<ServerMessage, { event: Event }> => message.event === event);
  }

  send(message: object): void {
    this.write(text(JSON.stringify(message)));
  }

  write(bytes: Uint8Array | string): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** Writes each byte in its own turn of the event loop, so that the server reads it alone. */
  async writeOctets(bytes: Uint8Array): Promise<void> {
    for (let i = 0; i < bytes.length && !this.ended; i++) {
      this.write(bytes.subarray(i, i + 1));
      await nextLoopIteration();
    }
  }

  untilCloseFrame(): Promise<void> {
    return this.until(() => this.closeCode !== null);
  }

  protected override onFrame(frame: ServerFrame): void {
    const message = frame.opcode === OP.text ? messageIn(frame.payload) : null;
    if (message?.event === 'connected') this.welcome = message;
    else this.received.push(frame);
  }

  /** Answers the server's close frame and ends this direction, as RFC 6455 section 5.5.1 requires. */
  leave(code: number): void {
    this.socket.end(close(code));
  }
}
