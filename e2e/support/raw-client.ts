import { once } from 'node:events';
import { WebSocket } from 'ws';
import { toLoopback } from '../../main/testing/to-loopback.ts';
import { FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { type ClientProof, createClientProof } from '../../shared/client-proof.ts';
import { CLOSE, type ClientMessage, PROTOCOL, parseServerMessage, type ServerMessage } from '../../shared/protocol.ts';
import type { VoiceServerAddress } from './shell.ts';

/** A client that speaks the protocol by hand, so that the test sees the close code itself. */
export class RawClient {
  readonly #socket: WebSocket;
  readonly #proof: ClientProof;
  readonly #heard: ServerMessage[] = [];
  readonly closed: Promise<number>;

  constructor({ voice_url, token, origin }: VoiceServerAddress) {
    this.#proof = createClientProof({ secret: token, url: voice_url, origin, protocol: PROTOCOL });
    this.#socket = new WebSocket(`${voice_url}?user_id=by-hand`, this.#proof.protocols, { origin, lookup: toLoopback });
    this.#socket.on('message', (data) => {
      const parsed = parseServerMessage(String(data));
      if (parsed.kind === 'message') this.#heard.push(parsed.message);
    });
    this.closed = once(this.#socket, 'close').then(([code]) => code as number);
  }

  say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  sendFrame(seq: number): void {
    this.#socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(FRAME_SAMPLES).fill(1000)));
  }

  /** Answers the welcome and begins a turn. @returns the session's id */
  async listen(): Promise<string> {
    const { session_id, challenge } = await this.hear('connected', () => true);
    this.say({ event: 'ready', session_id, proof: this.#proof.answer(challenge) });
    this.say({ event: 'start' });
    await this.hear('voice_state', (message) => message.state === 'listening');
    return session_id;
  }

  /** Hangs up as a window that is closed; resolves when the server has agreed. */
  async close(): Promise<void> {
    this.#socket.close(CLOSE.done);
    await this.closed;
  }

  async hear<Event extends ServerMessage['event']>(
    event: Event,
    matches: (message: Extract<ServerMessage, { event: Event }>) => boolean,
  ): Promise<Extract<ServerMessage, { event: Event }>> {
    type Wanted = Extract<ServerMessage, { event: Event }>;
    const find = () =>
      this.#heard.find((message): message is Wanted => message.event === event && matches(message as Wanted));
    let found = find();
    while (!found) {
      await once(this.#socket, 'message', { signal: AbortSignal.timeout(10_000) });
      found = find();
    }
    return found;
  }
}
