import WebSocket from 'ws';
import type { VoiceClient, VoiceView } from '../../renderer/voice/voice-client.ts';
import type { Bridge, VoiceAddress } from '../../shared/bridge.ts';
import type { Log } from '../../shared/log-event.ts';
import type { Settings } from '../../shared/settings.ts';
import { ORIGIN } from '../voice-client.ts';
import type { Ports } from './contract.ts';
import type { Speaker } from './peer-clients.ts';

/**
 * What this bench uses of `renderer/voice/client.ts`, the client of the window. That file is typed for a browser and this
 * one for Node, so it is not imported but loaded as it was built.
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

/**
 * Opens the window's own client with a microphone that gives what it is told.
 * @param clientModule path of the built client
 */
export async function openEarshot({ bridge: bridgePort }: Ports, clientModule: string): Promise<Speaker> {
  // The browser's global, of which the client reads the states of a socket.
  Object.assign(globalThis, { WebSocket });
  const { createVoiceClient } = (await import(clientModule)) as ClientModule;
  const bridge = await connectBridge(bridgePort ?? 0);
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
      // In a browser an error that nobody listens to is none.
      socket.on('error', () => undefined);
      return socket;
    },
  });
  const until = (view: VoiceView): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (client.snapshot().view !== view) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = client.subscribe(look);
      look();
    });

  client.press();
  await until('listening');
  return {
    say: (frame) => onFrame?.(frame),
    async end() {
      client.press();
      await until('idle');
      const { lostMs } = client.snapshot();
      client.dispose();
      bridge.close();
      return { lostMs };
    },
  };
}

/** The window's line to its host: a socket on which the host tells the voice server's address, first and at each change. */
async function connectBridge(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const listeners = new Set<(address: VoiceAddress) => void>();
  let address: VoiceAddress | null = null;
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => {
      const told = JSON.parse(data.toString()) as VoiceAddress;
      address = told;
      for (const listener of listeners) listener(told);
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
