import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { AudioProcessing } from '../capture/audio-processing.ts';
import {
  type InputDevice,
  type Microphones,
  type Outputs,
  readMicrophones,
  readOutputs,
} from '../capture/choose-microphone.ts';

/** A microphone that was opened, and what the browser does to its sound. */
export interface OpenedMicrophone {
  /** The browser's name for it. */
  label: string;
  asked: AudioProcessing;
  /** As the browser reports it. */
  effective: Partial<AudioProcessing>;
}

export interface MicrophonesState {
  /** The microphones that the browser lists; null until the list was read. */
  microphones: Microphones | null;
  /** The output devices that the browser lists; null until the list was read. */
  outputs: Outputs | null;
  /** The last microphone that this window has opened. */
  opened: OpenedMicrophone | null;
}

export interface MicrophonesStore extends StoreApi<MicrophonesState> {
  /** Reads the list again. Never rejects. */
  refresh(): Promise<void>;
  setOpened(opened: OpenedMicrophone): void;
  dispose: Unsubscribe;
}

export interface MicrophonesOptions {
  bridge: Pick<Bridge, 'getDefaultMicrophone'>;
  /** Null if the page is not in a secure context. */
  media: Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'> | null;
  /** The target of `focus` events. */
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  /** Whether the window has the focus: only then can the user see that a list is old. */
  hasFocus: () => boolean;
}

/** Interval (ms) at which the list is read while the window has the focus. */
export const DEVICE_POLL_MS = 2_000;

/**
 * The lists of microphones and of output devices. Read when the browser reports a change, when the window gets the
 * focus, and every two seconds while it has the focus, because not every system reports changes.
 */
export function createMicrophonesStore({ bridge, media, window, hasFocus }: MicrophonesOptions): MicrophonesStore {
  const store = createStore<MicrophonesState>(() => ({ microphones: null, outputs: null, opened: null }));
  let disposed = false;
  let latest = 0;
  /** What the last list contained. */
  let seen = '';

  async function refresh(): Promise<void> {
    const call = ++latest;
    const [list, hostDefault] = await Promise.all([
      media?.enumerateDevices().catch(() => null),
      bridge.getDefaultMicrophone().then(
        ({ label }) => label,
        () => '',
      ),
    ]);
    // The result of an earlier call that resolves late is ignored.
    if (!list || disposed || call !== latest) return;
    const now = contentsOf(list, hostDefault);
    if (now === seen) return;
    seen = now;
    store.setState({ microphones: readMicrophones(list, hostDefault), outputs: readOutputs(list) });
  }

  const listen = () => void refresh();
  const poll = () => {
    if (hasFocus()) listen();
  };
  media?.addEventListener('devicechange', listen);
  window.addEventListener('focus', listen);
  const ticker = media ? setInterval(poll, DEVICE_POLL_MS) : undefined;
  listen();
  return {
    ...store,
    refresh,
    setOpened: (opened) => store.setState({ opened }),
    dispose() {
      disposed = true;
      clearInterval(ticker);
      media?.removeEventListener('devicechange', listen);
      window.removeEventListener('focus', listen);
    },
  };
}

/** Text that differs if two lists differ in what the window shows. */
function contentsOf(list: readonly InputDevice[], hostDefault: string): string {
  const devices = list.map(({ kind, deviceId, label, groupId }) => [kind, deviceId, label, groupId]);
  return JSON.stringify([hostDefault, devices]);
}
