import type { EarshotWindow } from './window.ts';

/** Faults of a page's microphone and voice connections. A test sets them in `window.faults`. */
export interface PageFaults {
  /** `getUserMedia` resolves, never resolves, resolves without sound, or rejects with this `DOMException`. */
  microphone: 'opens' | 'waits' | 'soundless' | 'NotAllowedError' | 'NotFoundError' | 'NotReadableError';
  /** Whether the page can see all devices, none, or all but the one with this id. */
  devices: 'all' | 'none' | { without: string };
  /** New voice connections succeed, fail at once, or end with this close code after their welcome. */
  connection: 'works' | 'fails' | number;
  /** Whether the page receives the voice server's messages. */
  receives: boolean;
  /** How many of the next welcomes the page does not receive. */
  welcomesLost: number;
  /** Breaks every open voice connection. */
  cut(): void;
  /** Mutes the track that was opened last, as the system does. */
  mute(): void;
}

declare global {
  interface Window {
    faults: PageFaults;
  }
}

/** Breaks and restores the voice connections of a window. */
export interface ControlledConnection {
  /** Breaks every open connection and makes new ones fail. */
  disconnect(): Promise<void>;
  /** Lets new connections succeed again. */
  allow(): Promise<void>;
}

/** Reloads a window with control over its voice connections. */
export async function controlConnection(earshot: EarshotWindow): Promise<ControlledConnection> {
  const { page } = earshot;
  await page.addInitScript(installPageFaults);
  await page.reload();
  await earshot.expectView('idle');
  return {
    disconnect: () =>
      page.evaluate(() => {
        window.faults.connection = 'fails';
        window.faults.cut();
      }),
    allow: () =>
      page.evaluate(() => {
        window.faults.connection = 'works';
      }),
  };
}

/** An init script: it can use nothing from this file. */
export function installPageFaults(): void {
  const open = new Set<FaultySocket>();
  let track: MediaStreamTrack | undefined;
  const faults: PageFaults = {
    microphone: 'opens',
    devices: 'all',
    connection: 'works',
    receives: true,
    welcomesLost: 0,
    cut() {
      for (const socket of open) socket.closeWith(1011);
    },
    mute() {
      Object.defineProperty(track, 'muted', { value: true });
      track?.dispatchEvent(new Event('mute'));
    },
  };
  window.faults = faults;

  const media = navigator.mediaDevices;
  const getUserMedia = media.getUserMedia.bind(media);
  media.getUserMedia = async (constraints) => {
    const behaviour = faults.microphone;
    if (behaviour === 'waits') return new Promise(() => {});
    if (behaviour === 'soundless') {
      const context = new AudioContext();
      await context.suspend();
      return context.createMediaStreamDestination().stream;
    }
    if (behaviour !== 'opens') throw new DOMException('simulated', behaviour);
    const { audio } = constraints as { audio: { deviceId?: { exact: string } } };
    const requestedId = audio.deviceId?.exact;
    if (typeof faults.devices === 'object' && requestedId === faults.devices.without) {
      throw new DOMException('simulated', 'NotFoundError');
    }
    const stream = await getUserMedia(constraints);
    [track] = stream.getAudioTracks();
    return stream;
  };
  const enumerateDevices = media.enumerateDevices.bind(media);
  media.enumerateDevices = async () => {
    const { devices } = faults;
    if (devices === 'none') return [];
    const list = await enumerateDevices();
    return devices === 'all' ? list : list.filter(({ deviceId }) => deviceId !== devices.without);
  };

  class FaultySocket extends WebSocket {
    #onmessage: WebSocket['onmessage'] = null;
    #onclose: WebSocket['onclose'] = null;
    /** The close code that the page sees instead of the real one. */
    #reportedCode: number | null = null;

    constructor(url: string | URL, protocols?: string | string[]) {
      const isVoice = String(url).includes('/ws/voice');
      // Without the secret the server refuses the window like any unauthorised client.
      super(url, isVoice && faults.connection === 'fails' ? [] : protocols);
      super.onmessage = (event) => {
        if (isVoice && !faults.receives) return;
        if (isVoice && faults.welcomesLost > 0 && String(event.data).startsWith('{"event":"connected"')) {
          faults.welcomesLost--;
          return;
        }
        this.#onmessage?.(event);
      };
      super.onclose = (event) => {
        open.delete(this);
        this.#onclose?.(this.#reportedCode === null ? event : new CloseEvent('close', { code: this.#reportedCode }));
      };
      if (!isVoice) return;
      open.add(this);
      const { connection } = faults;
      // Runs after the page's own handler, because the page trusts a close code only after the proof in the welcome.
      if (typeof connection === 'number')
        this.addEventListener('message', () => this.closeWith(connection), { once: true });
    }
    override get onmessage() {
      return this.#onmessage;
    }
    override set onmessage(listener) {
      this.#onmessage = listener;
    }
    override get onclose() {
      return this.#onclose;
    }
    override set onclose(listener) {
      this.#onclose = listener;
    }
    /** Closes the socket. The server gets code 4000, which has no meaning to it. */
    closeWith(code: number): void {
      this.#reportedCode = code;
      super.close(4000);
    }
  }
  window.WebSocket = FaultySocket;
}
