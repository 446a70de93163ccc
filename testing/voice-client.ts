import type { LookupFunction } from 'node:net';
import WebSocket from 'ws';
import { FRAME_SAMPLES } from '../shared/audio-format.ts';
import { encodeAudioFrame } from '../shared/audio-frame.ts';
import { type ClientProof, createClientProof } from '../shared/client-proof.ts';
import { NOTHING_TO_RESUME, readReason } from '../shared/proof.ts';
import { CLOSE, PROTOCOL, parseServerMessage, type ServerMessage } from '../shared/protocol.ts';

export interface VoiceServerTarget {
  /** URL with the query. */
  url: string;
  token: string;
  origin: string;
  lookup?: LookupFunction;
}

export interface TestVoiceClientOptions {
  /** Whether to answer the welcome with `ready`; default: true. */
  autoReady?: boolean;
  /** Resume token. */
  resume?: string;
}

/** A client of the voice server that keeps all messages it receives. */
export class TestVoiceClient {
  readonly socket: WebSocket;
  /** All messages, oldest first. */
  readonly received: ServerMessage[] = [];
  /**
   * Resolves when the socket is closed. If the server refuses to resume without proving that it knows the token, the
   * reason is `unproven`.
   */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #proof: ClientProof;
  readonly #waiters = new Set<() => void>();
  #challenge = '';

  constructor(
    { url, token: secret, origin, lookup }: VoiceServerTarget,
    { autoReady = true, resume: resumeToken }: TestVoiceClientOptions = {},
  ) {
    const proof = createClientProof({ secret, url, origin, protocol: PROTOCOL, resumeToken });
    this.#proof = proof;
    this.socket = new WebSocket(url, proof.protocols, lookup ? { origin, lookup } : { origin });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, bytes) => {
        const { text, proof: shown } = readReason(bytes.toString());
        const isProven = shown !== null && proof.accepts(shown, NOTHING_TO_RESUME);
        resolve({ code, reason: text === NOTHING_TO_RESUME && !isProven ? 'unproven' : text });
      });
    });
    // `closed` reports a failed connection.
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => {
      const parsed = parseServerMessage(data.toString());
      if (parsed.kind !== 'message') throw new Error(`the server sent an invalid message: ${data.toString()}`);
      const { message } = parsed;
      if (message.event === 'connected') {
        if (!proof.accepts(message.proof, message.session_id)) throw new Error('the server has not proven itself');
        this.#challenge = message.challenge;
      }
      this.received.push(message);
      if (message.event === 'connected' && autoReady) this.ready(message.session_id);
      for (const waiter of this.#waiters) waiter();
      this.#waiters.clear();
    });
  }

  /** Session ID of the newest welcome. */
  get session(): string {
    return this.received.findLast((message) => message.event === 'connected')?.session_id ?? '';
  }

  /** Resolves with the `n`th message (from 1) of this event, even if it has already arrived. */
  async until<Event extends ServerMessage['event']>(
    event: Event,
    n = 1,
  ): Promise<Extract<ServerMessage, { event: Event }>> {
    for (;;) {
      const found = this.received.filter((m): m is Extract<ServerMessage, { event: Event }> => m.event === event);
      const message = found[n - 1];
      if (message) return message;
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  /** @param message an object is sent as JSON */
  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  ready(sessionId: string): void {
    this.say({ event: 'ready', session_id: sessionId, proof: this.#proof.answer(this.#challenge) });
  }

  /** Sends the frames `from` to `through`, inclusive. */
  frames(from: number, through: number): void {
    for (let seq = from; seq <= through; seq++) this.frame(seq);
  }

  frame(seq: number, samples: Int16Array = new Int16Array(FRAME_SAMPLES).fill(seq)): void {
    this.socket.send(encodeAudioFrame(seq, seq * 20, samples));
  }

  /** Starts a turn. @returns the session ID */
  async listen(): Promise<string> {
    const { session_id } = await this.until('connected');
    this.say({ event: 'start' });
    await this.until('voice_state');
    return session_id;
  }

  /** Closes the connection as a closing window does. Resolves when the server has closed it too. */
  async close(): Promise<void> {
    this.socket.close(CLOSE.done);
    await this.closed;
  }
}
