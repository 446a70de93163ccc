import WebSocket from 'ws';
import type { VoiceClient, VoiceView } from '../../renderer/voice/voice-client.ts';
import type { Bridge, VoiceAddress } from '../../shared/bridge.ts';
import type { Log } from '../../shared/log-event.ts';
import type { Settings } from '../../shared/settings.ts';
import { ORIGIN } from '../voice-client.ts';
import type { Ports } from './child-api.ts';
import type { Sender } from './peer-clients.ts';

/**
 * The part of `renderer/voice/client.ts` that this bench uses. That file needs a browser's types and this one Node's,
 * so the built module is loaded at run time.
 */
interface ClientModule {
  createVoiceClient(options: {
    bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>;
    openMicrophone(options: { events: { onFrame(pcm: Int16Array): void } }): {
      ready: Promise<{ label: string; sampleRate: number }>;
      stop(): Promise<void>;
    };
    origin: string;
    log: Log;
    settings(): Pick<Settings, 'user_id' | 'microphone_id'>;
    createSocket(url: string, protocols: string[]): WebSocket;
  }): VoiceClient;
}

/** Opens the window's client, which gets the voice server's address from a host that restarts it. */
export async function openEarshot({ bridge: bridgePort }: Ports, clientModule: string): Promise<Sender> {
  const bridge = await connectBridge(bridgePort ?? 0);
  const { send, end } = await openWindowClient(bridge, clientModule);
  return {
    send,
    async end() {
      const sent = await end();
      bridge.close();
      return sent;
    },
  };
}

/**
 * Opens the window's client with a fake microphone, and begins a turn.
 * @param clientModule path of the built client
 */
export async function openWindowClient(
  bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>,
  clientModule: string,
): Promise<Sender> {
  // The client reads the readyState constants from this browser global.
  Object.assign(globalThis, { WebSocket });
  const { createVoiceClient } = (await import(clientModule)) as ClientModule;
  let onFrame: ((pcm: Int16Array) => void) | null = null;
  const client = createVoiceClient({
    bridge,
    openMicrophone: ({ events }) => {
      onFrame = events.onFrame;
      return {
        ready: Promise.resolve({ label: 'bench', sampleRate: 16_000 }),
        async stop() {
          onFrame = null;
        },
      };
    },
    origin: ORIGIN,
    log: () => undefined,
    settings: () => ({ user_id: 'bench', microphone_id: '' }),
    createSocket(url, protocols) {
      const socket = new WebSocket(url, protocols, { origin: ORIGIN });
      // A browser ignores errors that have no listener; ws throws them.
      socket.on('error', () => undefined);
      return socket;
    },
  });
  const untilView = (view: VoiceView): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (client.snapshot().view !== view) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = client.subscribe(check);
      check();
    });

  client.press();
  await untilView('listening');
  return {
    send: (frame) => onFrame?.(frame),
    async end() {
      client.press();
      await untilView('idle');
      const { lostMs } = client.snapshot();
      client.dispose();
      return { lostMs };
    },
  };
}

/** Connects the window's bridge: a socket on which the host sends the voice server's address and each change of it. */
async function connectBridge(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const listeners = new Set<(address: VoiceAddress) => void>();
  let address: VoiceAddress | null = null;
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => {
      const current = JSON.parse(data.toString()) as VoiceAddress;
      address = current;
      for (const listener of listeners) listener(current);
      resolve();
    });
  });
  return {
    getVoiceAddress: async () => address ?? { url: null, token: '', accepting: false },
    onVoiceAddress(listener: (address: VoiceAddress) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => socket.close(),
  };
}
