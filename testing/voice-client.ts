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

/** A client of the voice server for tests. It proves that it knows the secret, and keeps all messages it receives. */
export class TestVoiceClient {
  readonly socket: WebSocket;
  /** All messages, oldest first. */
  readonly received: ServerMessage[] = [];
  /**
   * Resolves when the socket is closed. `reason` is without the server's proof, or `unproven` if the server refuses to
   * resume without a valid proof.
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
        const { text, proof: serverProof } = readReason(bytes.toString());
        const isProven = serverProof !== null && proof.accepts(serverProof, NOTHING_TO_RESUME);
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
        if (!proof.accepts(message.proof, message.session_id)) throw new Error('the server’s proof is invalid');
        this.#challenge = message.challenge;
      }
      this.received.push(message);
      if (message.event === 'connected' && autoReady) this.sendReady(message.session_id);
      for (const waiter of this.#waiters) waiter();
      this.#waiters.clear();
    });
  }

  /** Session id of the newest welcome; empty before the first one. */
  get session(): string {
    return this.received.findLast((message) => message.event === 'connected')?.session_id ?? '';
  }

  /** Resolves with the `n`th message (from 1) of this event, even if it has already arrived. */
  async until<Event extends ServerMessage['event']>(
    event: Event,
    n = 1,
  ): Promise<Extract<ServerMessage, { event: Event }>> {
    for (;;) {
      const matching = this.received.filter((m): m is Extract<ServerMessage, { event: Event }> => m.event === event);
      const message = matching[n - 1];
      if (message) return message;
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  /** Sends a text frame: a string as it is, anything else as JSON. */
  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Answers the welcome. */
  sendReady(sessionId: string): void {
    this.send({ event: 'ready', session_id: sessionId, proof: this.#proof.answer(this.#challenge) });
  }

  /** Sends the frames `from` to `through`, inclusive. */
  sendFrames(from: number, through: number): void {
    for (let seq = from; seq <= through; seq++) this.sendFrame(seq);
  }

  /** Sends an audio frame. Default: each sample is `seq`. */
  sendFrame(seq: number, samples: Int16Array = new Int16Array(FRAME_SAMPLES).fill(seq)): void {
    this.socket.send(encodeAudioFrame(seq, seq * 20, samples));
  }

  /** Starts a turn and waits until the server listens. @returns the session id */
  async startTurn(): Promise<string> {
    const { session_id } = await this.until('connected');
    this.send({ event: 'start' });
    await this.until('voice_state');
    return session_id;
  }

  /** Closes the connection with the code of a closing window. Resolves when the server has closed it too. */
  async close(): Promise<void> {
    this.socket.close(CLOSE.done);
    await this.closed;
  }
}
