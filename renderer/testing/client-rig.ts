import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { VoiceAddress } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { LogEventName } from '../../shared/log-catalogue.ts';
import type { Log } from '../../shared/log-event.ts';
import { createVoiceClient, type VoiceClientOptions } from '../voice/client.ts';
import type { VoiceClient } from '../voice/voice-client.ts';
import { FakeMicrophone } from './fake-microphone.ts';
import { CLOSED, FakeVoiceSocket, ORIGIN, RESUME_SECRET, type SentFrame, TOKEN } from './fake-voice-socket.ts';

export { TOKEN } from './fake-voice-socket.ts';

/** A client for tests, with controllable clock, sockets, microphones, host and network. */

export const URL_1 = 'ws://127.0.0.1:4001/ws/voice';
export const URL_2 = 'ws://127.0.0.1:4002/ws/voice';
export const ADDRESS: VoiceAddress = { url: URL_1, token: TOKEN, accepting: true };
/** Delay of the first retry with jitter 0.5: half of 250 ms. */
export const FIRST_RETRY_MS = 125;

interface Line {
  event: LogEventName;
  fields: Record<string, string | number | boolean>;
  level: string | undefined;
}

/** A network that counts its listeners. */
export class FakeNetwork extends EventTarget {
  readonly #registered = new Set<unknown>();
  get listeners(): number {
    return this.#registered.size;
  }
  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.#registered.add(args[1]);
    super.addEventListener(...args);
  }
  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.#registered.delete(args[1]);
    super.removeEventListener(...args);
  }
}

/** A client and its environment. */
export function rig(options: { address?: VoiceAddress | null; random?: number } = {}) {
  const sockets: FakeVoiceSocket[] = [];
  const mics: FakeMicrophone[] = [];
  const log: Line[] = [];
  const order: string[] = [];
  const addressListeners = new Set<(address: VoiceAddress) => void>();
  const network = new FakeNetwork();
  const settings = { user_id: 'ada', microphone_id: 'desk', microphone_channel: 0, turn_limit_minutes: 0 };
  const state = {
    address: options.address === undefined ? ADDRESS : options.address,
    tooManyCookies: false,
    onSocket: (_socket: FakeVoiceSocket): void => undefined,
    onMic: (_mic: FakeMicrophone): void => undefined,
  };
  const getVoiceAddress = vi.fn(async (): Promise<VoiceAddress> => {
    if (state.address === null) throw new EarshotError('bridge_gone', 'The host does not answer.');
    return state.address;
  });
  const writeLog: Log = (event, fields = {}, level) => log.push({ event, fields, level });
  const clientOptions: VoiceClientOptions = {
    bridge: {
      getVoiceAddress,
      onVoiceAddress: (listener) => {
        addressListeners.add(listener);
        return () => addressListeners.delete(listener);
      },
    },
    openMicrophone: (micOptions) => {
      const mic = new FakeMicrophone(micOptions);
      mics.push(mic);
      order.push('microphone');
      state.onMic(mic);
      return mic;
    },
    origin: ORIGIN,
    hasTooManyCookies: async () => state.tooManyCookies,
    log: writeLog,
    settings: () => settings,
    network,
    createSocket: (url, protocols) => {
      const socket = new FakeVoiceSocket(url, protocols);
      sockets.push(socket);
      order.push('socket');
      state.onSocket(socket);
      return socket as unknown as WebSocket;
    },
    random: () => options.random ?? 0.5,
  };
  const client = createVoiceClient(clientOptions);
  /** Undelivered audio: by microphone, each frame as its only sample. */
  const undelivered: Array<{ mic: number; samples: Array<number | null> }> = [];
  client.onUndelivered(({ mic, frames }) => {
    undelivered.push({ mic, samples: frames.map((pcm) => pcm?.[0] ?? null) });
  });
  const testRig = {
    client,
    sockets,
    mics,
    log,
    order,
    settings,
    state,
    network,
    getVoiceAddress,
    addressListeners,
    undelivered,
    changeAddress(address: VoiceAddress): void {
      state.address = address;
      for (const listener of addressListeners) listener(address);
    },
    /** The newest socket. */
    get socket(): FakeVoiceSocket {
      return last(sockets);
    },
    get mic(): FakeMicrophone {
      return last(mics);
    },
    get view() {
      return client.snapshot().view;
    },
    logged: (event: LogEventName) => log.filter((line) => line.event === event).map((line) => line.fields),
    /** Connects and listens, with the microphone live. */
    async startListening(sessionId = 's1'): Promise<void> {
      client.press();
      await settle();
      last(mics).allow();
      last(sockets).open().welcome(sessionId);
      await settle();
      last(sockets).answer('listening');
      expect(client.snapshot().view).toBe('listening');
    },
    /** Stops with a press and completes the stop. */
    async stopTurn(): Promise<void> {
      client.press();
      await vi.advanceTimersByTimeAsync(last(mics).flushMs);
      last(sockets)
        .acknowledge(last(sockets).frames.at(-1)?.seq ?? -1)
        .answer('idle')
        .end(1000);
      expect(client.snapshot().view).toBe('idle');
    },
    /** Loses the connection and opens the next one after the retry delay. */
    async reconnect(code = 1006): Promise<FakeVoiceSocket> {
      last(sockets).end(code);
      const { retryAt } = client.snapshot();
      if (retryAt !== null) await vi.advanceTimersByTimeAsync(retryAt - performance.now());
      return last(sockets).open();
    },
  };
  rigs.push(testRig);
  return testRig;
}

export type Rig = ReturnType<typeof rig>;

export function last<T>(list: readonly T[]): T {
  const item = list.at(-1);
  if (item === undefined) throw new Error('none yet');
  return item;
}

/** Expected frames of one sample each: the samples [from, to), numbered from `seq`. */
export function framesOf(from: number, to: number, seq = from): SentFrame[] {
  return Array.from({ length: to - from }, (_, i) => ({ seq: seq + i, pcm: [from + i] }));
}

/** Runs pending microtasks without advancing the clock. */
export const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** Creates a client that knows the address, as in the app when the button is visible. */
export async function readyRig(options: Parameters<typeof rig>[0] = {}): Promise<Rig> {
  const r = rig(options);
  await settle();
  return r;
}

/** Simulates a correct server and microphone that each take `ms` to answer. */
export function simulateServer(r: Rig, ms = 1): void {
  let sessions = 0;
  r.state.onSocket = (socket) => {
    const later = (work: () => void) => setTimeout(() => socket.readyState !== CLOSED && work(), ms);
    later(() => {
      if (socket.live) socket.open().welcome(`s${++sessions}`);
    });
    socket.onSent = (message) =>
      later(() => {
        if (message === 'start') socket.answer('listening');
        if (message === 'stop') socket.acknowledge(socket.frames.length - 1).answer('idle');
        if (message === 'close') socket.end(1000);
      });
  };
  r.state.onMic = (mic) => {
    setTimeout(() => mic.allow(), ms);
  };
}

interface Leftovers {
  client: VoiceClient;
  log: Line[];
  sockets: FakeVoiceSocket[];
  network: FakeNetwork;
  addressListeners: Set<unknown>;
}
const rigs: Leftovers[] = [];

/** Uses fake timers for every test of the file, and checks afterwards that no client left anything behind. */
export function setupFakeClient(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeVoiceSocket);
  });

  afterEach(async () => {
    for (const { client } of rigs) client.dispose();
    await vi.advanceTimersByTimeAsync(100);
    // A disposed client has no timer and no listener.
    expect(vi.getTimerCount()).toBe(0);
    for (const { log, sockets, network, addressListeners } of rigs.splice(0)) {
      expect([network.listeners, addressListeners.size]).toEqual([0, 0]);
      // No secret may appear in the log or a URL.
      const written = JSON.stringify([log, sockets.map(({ url }) => url)]);
      expect(written).not.toContain(TOKEN);
      expect(written).not.toContain(RESUME_SECRET);
    }
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
}
