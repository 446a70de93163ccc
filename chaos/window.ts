import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { createVoiceClient } from '../renderer/voice/client.ts';
import type { VoiceClient, VoiceSnapshot } from '../renderer/voice/voice-client.ts';
import type { VoiceAddress } from '../shared/bridge.ts';
import type { Log } from '../shared/log-event.ts';
import { parseServerMessage, VOICE_PATH } from '../shared/protocol.ts';
import type { SeededRandom } from '../testing/seeded-random.ts';
import { FakeMicrophone, type Pace } from './fake-microphone.ts';
import { ORIGIN, TOKEN } from './host.ts';

// The client asks the browser's class for the number of a socket's state; that of `ws` is the same (WHATWG WebSockets).
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket;

export interface WindowOptions {
  log: Log;
  /**
   * Where a window connects, where the server behind it stands (the guard wants its own port as `Host`), and whether it
   * has room.
   */
  route: () => { port: number; hostPort: number; accepting: boolean };
  /** The voice that its microphones hear, 1 to 32767, and the samples of the last, shorter frame of each. */
  voice: number;
  tail: number;
  pace: Pace;
  rng: SeededRandom;
  /** The jitter of the backoff, in [0, 1). */
  random: () => number;
  /** A socket has heard a message, or has closed. */
  onSocket: () => void;
}

/** A window's client, the real one, with `ws` for a browser's socket and a tagged voice for a microphone. */
export class ChaosWindow {
  readonly client: VoiceClient;
  readonly microphones: FakeMicrophone[] = [];
  /** The close code of each socket that has closed, in the order in which they did. */
  readonly closeCodes: number[] = [];
  readonly #sockets = new Set<WebSocket>();
  readonly #addressListeners = new Set<(address: VoiceAddress) => void>();
  readonly #options: WindowOptions;
  /** The TCP connection of the newest socket. */
  #line: Socket | null = null;

  constructor(options: WindowOptions) {
    this.#options = options;
    this.client = createVoiceClient({
      bridge: {
        getVoiceAddress: async () => this.#address(),
        onVoiceAddress: (listener) => {
          this.#addressListeners.add(listener);
          return () => this.#addressListeners.delete(listener);
        },
      },
      openMicrophone: (micOptions) => {
        const { voice: id, tail, pace, rng } = options;
        const from = this.microphones.at(-1)?.position ?? 0;
        const microphone = new FakeMicrophone(micOptions, { id, from, tail }, pace, rng, (give) => {
          // As a browser does: what is sent in one task leaves together.
          const line = this.#line;
          line?.cork();
          give();
          line?.uncork();
        });
        this.microphones.push(microphone);
        return microphone;
      },
      origin: ORIGIN,
      log: options.log,
      settings: () => ({ user_id: this.user, microphone_id: '', microphone_channel: 0 }),
      createSocket: (url, protocols) => this.#open(url, protocols) as unknown as globalThis.WebSocket,
      random: options.random,
    });
  }

  get voice(): number {
    return this.#options.voice;
  }

  get user(): string {
    return `voice-${this.voice}`;
  }

  get snapshot(): VoiceSnapshot {
    return this.client.snapshot();
  }

  /** The newest one. */
  get microphone(): FakeMicrophone {
    const microphone = this.microphones.at(-1);
    if (microphone === undefined) throw new Error('no microphone was opened');
    return microphone;
  }

  /** Sockets that have not closed yet. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** The host tells where the voice server is now. */
  tellAddress(): void {
    for (const listener of this.#addressListeners) listener(this.#address());
  }

  dispose(): void {
    this.client.dispose();
    for (const socket of this.#sockets) socket.terminate();
  }

  #address(): VoiceAddress {
    const { hostPort, accepting } = this.#options.route();
    return { url: hostPort === 0 ? null : `ws://127.0.0.1:${hostPort}${VOICE_PATH}`, token: TOKEN, accepting };
  }

  #open(url: string, protocols: string[]): WebSocket {
    // Past the proxy, as the server itself: what both sides prove names the server's port.
    const dial = (): Socket => {
      this.#line = connect({ port: this.#options.route().port, host: '127.0.0.1', noDelay: true });
      return this.#line;
    };
    const socket = new WebSocket(url, protocols, {
      origin: ORIGIN,
      perMessageDeflate: false,
      createConnection: dial as unknown as typeof connect,
    });
    this.#sockets.add(socket);
    // The client lets go of a socket that it abandons; one without a listener would end the process.
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.closeCodes.push(code);
      this.#sockets.delete(socket);
      this.#options.onSocket();
    });
    socket.on('message', (data) => {
      const parsed = parseServerMessage(String(data));
      if (parsed.kind !== 'message') throw new Error(`the server said ${String(data)}`);
      const { message } = parsed;
      if (message.event === 'audio_ack') this.microphones.at(-1)?.acknowledge(message.through + 1);
      if (message.event === 'connected' && message.resumed) {
        this.microphones.at(-1)?.acknowledge(message.received_through + 1);
      }
      this.#options.onSocket();
    });
    return socket;
  }
}
