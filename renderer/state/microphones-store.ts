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
  /** The target of `focus` events and of the events of pointer and keyboard. */
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  /** Whether the window has the focus: only then can the user see that a list is old. */
  hasFocus: () => boolean;
}

/** Shortest time (ms) between two readings of the list that the use of the window causes. */
export const USE_READ_MS = 2_000;
/** What counts as use of the window. */
const USE_EVENTS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;

/**
 * The lists of microphones and of output devices. Read when the browser reports a change, when the window gets the
 * focus, and while it is used, at most every two seconds, because not every system reports changes. There is no timer:
 * a reading costs about 10 ms of CPU time in several processes, which an idle window must not spend.
 */
export function createMicrophonesStore({ bridge, media, window, hasFocus }: MicrophonesOptions): MicrophonesStore {
  const store = createStore<MicrophonesState>(() => ({ microphones: null, outputs: null, opened: null }));
  let disposed = false;
  let latest = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  /** What the last list contained. */
  let seen = '';

  async function refresh(): Promise<void> {
    const call = ++latest;
    readAt = performance.now();
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
  const onUse = () => {
    if (hasFocus() && performance.now() - readAt >= USE_READ_MS) listen();
  };
  media?.addEventListener('devicechange', listen);
  window.addEventListener('focus', listen);
  // In the capture phase, because menus keep some events to themselves.
  for (const name of USE_EVENTS) window.addEventListener(name, onUse, { capture: true, passive: true });
  listen();
  return {
    ...store,
    refresh,
    setOpened: (opened) => store.setState({ opened }),
    dispose() {
      disposed = true;
      media?.removeEventListener('devicechange', listen);
      window.removeEventListener('focus', listen);
      for (const name of USE_EVENTS) window.removeEventListener(name, onUse, { capture: true });
    },
  };
}

/** Text that differs if two lists differ in what the window shows. */
function contentsOf(list: readonly InputDevice[], hostDefault: string): string {
  const devices = list.map(({ kind, deviceId, label, groupId }) => [kind, deviceId, label, groupId]);
  return JSON.stringify([hostDefault, devices]);
}
