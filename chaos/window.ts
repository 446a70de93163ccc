import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { createVoiceClient } from '../renderer/voice/client.ts';
import type { VoiceClient, VoiceSnapshot } from '../renderer/voice/voice-client.ts';
import type { VoiceAddress } from '../shared/bridge.ts';
import type { Log } from '../shared/log-event.ts';
import { parseServerMessage, VOICE_PATH } from '../shared/protocol.ts';
import type { SeededRandom } from '../testing/seeded-random.ts';
import { ORIGIN, TOKEN } from './host.ts';
import { type Pace, TaggedMicrophone } from './tagged-microphone.ts';

// The client reads the readyState constants of the global WebSocket; `ws` has the same values.
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket;

export interface WindowOptions {
  log: Log;
  /**
   * The port to connect to, the port of the server behind it (the guard expects it in `Host`), and whether the server
   * accepts connections.
   */
  route: () => { port: number; hostPort: number; accepting: boolean };
  /** Voice number of its microphones, 1 to 32767; `tail`: number of samples in the last, shorter frame of each. */
  voice: number;
  tail: number;
  pace: Pace;
  rng: SeededRandom;
  /** The jitter of the backoff, in [0, 1). */
  random: () => number;
  /** Called after a socket has received a message or closed. */
  onSocket: () => void;
}

/** The real voice client with `ws` in place of the browser's WebSocket and a microphone that emits tagged audio. */
export class ChaosWindow {
  readonly client: VoiceClient;
  readonly microphones: TaggedMicrophone[] = [];
  /** Close codes of the closed sockets, in order. */
  readonly closeCodes: number[] = [];
  readonly #sockets = new Set<WebSocket>();
  readonly #addressListeners = new Set<(address: VoiceAddress) => void>();
  readonly #options: WindowOptions;
  /** The TCP connection of the newest socket. */
  #tcp: Socket | null = null;

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
        const microphone = new TaggedMicrophone(micOptions, { id, from, tail }, pace, rng, (emit) => {
          // A browser sends everything that one task writes at once.
          const tcp = this.#tcp;
          tcp?.cork();
          emit();
          tcp?.uncork();
        });
        this.microphones.push(microphone);
        return microphone;
      },
      origin: ORIGIN,
      log: options.log,
      settings: () => ({ user_id: this.user, microphone_id: '', microphone_channel: 0, turn_limit_minutes: 0 }),
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

  /** The newest microphone. */
  get microphone(): TaggedMicrophone {
    const microphone = this.microphones.at(-1);
    if (microphone === undefined) throw new Error('no microphone was opened');
    return microphone;
  }

  /** Sockets that have not closed yet. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Notifies the client of the server's current address, as the host does. */
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
    // Connect to the proxy's port, but keep the server's port in the URL because both proofs contain it.
    const dial = (): Socket => {
      this.#tcp = connect({ port: this.#options.route().port, host: '127.0.0.1', noDelay: true });
      return this.#tcp;
    };
    const socket = new WebSocket(url, protocols, {
      origin: ORIGIN,
      perMessageDeflate: false,
      createConnection: dial as unknown as typeof connect,
    });
    this.#sockets.add(socket);
    // The client removes its listeners from an abandoned socket; an unhandled error would end the process.
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.closeCodes.push(code);
      this.#sockets.delete(socket);
      this.#options.onSocket();
    });
    socket.on('message', (data) => {
      const parsed = parseServerMessage(String(data));
      if (parsed.kind !== 'message') throw new Error(`the server sent an invalid message: ${String(data)}`);
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
