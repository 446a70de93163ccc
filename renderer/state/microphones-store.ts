import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { type Microphones, readMicrophones } from '../capture/choose-microphone.ts';

export interface MicrophonesState {
  /** The microphones that the browser lists; null until the list was read. */
  microphones: Microphones | null;
}

export interface MicrophonesStore extends StoreApi<MicrophonesState> {
  /** Reads the list again. Never rejects. */
  refresh(): Promise<void>;
  dispose: Unsubscribe;
}

export interface MicrophonesOptions {
  bridge: Pick<Bridge, 'getDefaultMicrophone'>;
  /** Null if the page is not in a secure context. */
  media: Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'> | null;
  /** The target of `focus` events. */
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

/**
 * The list of microphones. Read when the browser reports a change and when the window gets the focus, because not every
 * system reports changes.
 */
export function createMicrophonesStore({ bridge, media, window }: MicrophonesOptions): MicrophonesStore {
  const store = createStore<MicrophonesState>(() => ({ microphones: null }));
  let disposed = false;
  let latest = 0;

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
    if (list && !disposed && call === latest) store.setState({ microphones: readMicrophones(list, hostDefault) });
  }

  const listen = () => void refresh();
  media?.addEventListener('devicechange', listen);
  window.addEventListener('focus', listen);
  listen();
  return {
    ...store,
    refresh,
    dispose() {
      disposed = true;
      media?.removeEventListener('devicechange', listen);
      window.removeEventListener('focus', listen);
    },
  };
}
