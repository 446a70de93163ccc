import { expect } from '@playwright/test';
import { CLOSE } from '../../shared/protocol.ts';
import type { EarshotWindow } from './window.ts';

/** What a window can show of a turn, each brought about by what brings it about in use. */
export const WINDOW_STATES = [
  'idle',
  'asking',
  'waiting-for-sound',
  'connecting',
  'listening',
  'mic-muted',
  'resumed',
  'reconnecting',
  'unreachable',
  'stopping',
  'finishing',
  'finishing-and-speaking',
  'offered',
  'saved',
  'mic-denied',
  'mic-missing',
  'mic-busy',
  'no-sound-devices',
  'refused-policy',
  'refused-size',
  // Chooses a microphone: the states after it would have it too.
  'another-mic',
] as const;
export type WindowState = (typeof WINDOW_STATES)[number];

/** What the page's microphone and voice connections do; `installStage` obeys it. */
interface PageFaults {
  /** It opens, never answers, opens without a sound, or fails with a `DOMException` of that name. */
  microphone: 'opens' | 'waits' | 'soundless' | 'NotAllowedError' | 'NotFoundError' | 'NotReadableError';
  /** What the page sees: every device, none at all, or every one but that with this id. */
  devices: 'all' | 'none' | { without: string };
  /** New connections pass, break at once, or end with a close code behind their welcome. */
  connection: 'passes' | 'broken' | number;
  /** Whether the page hears what the server says. */
  receives: boolean;
  /** Breaks every open connection. */
  cut(): void;
  /** As the system does it: the last microphone that was opened is muted. */
  mute(): void;
}

declare global {
  interface Window {
    faults: PageFaults;
  }
}

const MIC_FAILURES: Partial<Record<WindowState, PageFaults['microphone']>> = {
  'mic-denied': 'NotAllowedError',
  'mic-missing': 'NotFoundError',
  'no-sound-devices': 'NotFoundError',
  'mic-busy': 'NotReadableError',
};
const REFUSALS: Partial<Record<WindowState, number>> = {
  'refused-policy': CLOSE.policy,
  'refused-size': CLOSE.tooLarge,
};

/** Errors that belong to these states, for `app.allowErrors`: Chromium reports refused sockets by itself. */
export const SIMULATED_ERRORS =
  /MIC_FAILED|type=refused_|type=server_gone|send_connected_failed|WebSocket connection to/;

/** The voice connections of a window, which a test breaks and mends. */
export interface ControlledConnection {
  /** Every open connection breaks, and new ones are refused. */
  disconnect(): Promise<void>;
  /** New ones pass again. */
  allow(): Promise<void>;
}

/** Loads a window anew, with its voice connections in the test's hands. */
export async function controlConnection(earshot: EarshotWindow): Promise<ControlledConnection> {
  const { page } = earshot;
  await page.addInitScript(installPageFaults);
  await page.reload();
  await earshot.expectView('idle');
  return {
    disconnect: () =>
      page.evaluate(() => {
        window.faults.connection = 'broken';
        window.faults.cut();
      }),
    allow: () =>
      page.evaluate(() => {
        window.faults.connection = 'passes';
      }),
  };
}

/** Takes the microphone and the voice connections of a window into the test's hands. */
export async function prepareWindowStates(earshot: EarshotWindow): Promise<(state: WindowState) => Promise<void>> {
  const { page } = earshot;
  await page.addInitScript(installPageFaults);

  const set = (change: Partial<PageFaults>) =>
    page.evaluate((change) => void Object.assign(window.faults, change), change);
  const cut = () => page.evaluate(() => window.faults.cut());

  async function listen(): Promise<void> {
    await earshot.press();
    await earshot.expectView('listening');
  }

  async function loseConnection(): Promise<void> {
    await listen();
    await set({ connection: 'broken' });
    await cut();
  }

  /** Loads the window anew and brings it into a state. */
  return async function enter(state) {
    await page.reload();
    await earshot.expectView('idle');
    const microphone = MIC_FAILURES[state];
    const connection = REFUSALS[state];
    if (microphone !== undefined || connection !== undefined) {
      const devices = state === 'no-sound-devices' ? 'none' : 'all';
      await set({ microphone: microphone ?? 'opens', connection: connection ?? 'passes', devices });
      await earshot.press();
      return earshot.expectView('error', 20_000);
    }
    switch (state) {
      case 'asking':
        await set({ microphone: 'waits' });
        await earshot.press();
        return expect(earshot.status).toContainText('Allow the microphone');
      case 'waiting-for-sound':
        await set({ microphone: 'soundless' });
        await earshot.press();
        return expect(earshot.status).toContainText('Waiting for the microphone');
      case 'mic-muted':
        await listen();
        await page.evaluate(() => window.faults.mute());
        return expect(earshot.status).toContainText('The microphone is muted');
      case 'another-mic': {
        await page.getByTestId('settings').click();
        const field = page.getByRole('dialog').getByLabel('Microphone', { exact: true });
        await field.selectOption({ index: 1 });
        const without = await field.inputValue();
        await page.keyboard.press('Escape');
        await set({ devices: { without } });
        await listen();
        return expect(page.getByTestId('microphone-notice')).toBeVisible();
      }
      case 'connecting':
        await set({ receives: false });
        await earshot.press();
        return earshot.expectView('connecting');
      case 'listening':
        await listen();
        return earshot.expectListenedFor(1);
      case 'resumed':
        await listen();
        await cut();
        return expect(page.getByTestId('loss')).toBeVisible();
      case 'reconnecting':
        await loseConnection();
        return expect(page.getByTestId('retry-now')).toBeVisible();
      case 'unreachable':
        await loseConnection();
        return expect(earshot.status).toContainText('does not answer', { timeout: 40_000 });
      case 'stopping':
        await listen();
        await set({ receives: false });
        await earshot.press();
        return earshot.expectView('stopping');
      case 'finishing':
        await loseConnection();
        await earshot.press();
        return expect(earshot.status).toContainText(/kept for \d+\ss more/);
      case 'finishing-and-speaking':
        await loseConnection();
        await earshot.press();
        await earshot.expectView('stopping');
        await earshot.press();
        return expect(earshot.status).toContainText(/kept for \d+\ss more/);
      case 'offered':
        await loseConnection();
        return expect(page.getByTestId('unsaved-audio')).toBeVisible({ timeout: 45_000 });
      case 'saved':
        await listen();
        await earshot.expectListenedFor(1);
        await earshot.press();
        await earshot.expectView('idle');
        return expect(earshot.recording).toBeVisible();
    }
  };
}

/** Runs in the page before its own scripts, and so stands alone. */
function installPageFaults(): void {
  const open = new Set<FaultySocket>();
  let track: MediaStreamTrack | undefined;
  const faults: PageFaults = {
    microphone: 'opens',
    devices: 'all',
    connection: 'passes',
    receives: true,
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
    if (behaviour !== 'opens') throw new DOMException('staged', behaviour);
    const { audio } = constraints as { audio: { deviceId?: { exact: string } } };
    const requestedId = audio.deviceId?.exact;
    if (typeof faults.devices === 'object' && requestedId === faults.devices.without) {
      throw new DOMException('staged', 'NotFoundError');
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
    /** The code that the page is told instead of the real one. */
    #reportedCode: number | null = null;

    constructor(url: string | URL, protocols?: string | string[]) {
      const isVoice = String(url).includes('/ws/voice');
      // Without the secret the server refuses the window like any unauthorised client.
      super(url, isVoice && faults.connection === 'broken' ? [] : protocols);
      super.onmessage = (event) => {
        if (faults.receives || !isVoice) this.#onmessage?.(event);
      };
      super.onclose = (event) => {
        open.delete(this);
        this.#onclose?.(this.#reportedCode === null ? event : new CloseEvent('close', { code: this.#reportedCode }));
      };
      if (!isVoice) return;
      open.add(this);
      const { connection } = faults;
      // Behind the page's own handler: without the proof in the welcome it believes no code.
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
    /** Ends it; 4000 says nothing to the server. */
    closeWith(code: number): void {
      this.#reportedCode = code;
      super.close(4000);
    }
  }
  window.WebSocket = FaultySocket;
}
