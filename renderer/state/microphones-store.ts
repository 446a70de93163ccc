import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { type Microphones, readMicrophones } from '../capture/choose-microphone.ts';

export interface MicrophonesState {
  /** What the browser shows of the machine's microphones; null: it was not read yet. */
  microphones: Microphones | null;
}

export interface MicrophonesStore extends StoreApi<MicrophonesState> {
  /** Reads the list anew. Never rejects. */
  refresh(): Promise<void>;
  dispose: Unsubscribe;
}

export interface MicrophonesOptions {
  bridge: Pick<Bridge, 'getDefaultMicrophone'>;
  /** Null where the page is not in a secure context. */
  media: Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'> | null;
  /** Where `focus` is heard. */
  window: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

/**
 * Which microphones there are while none is open. Read when the browser tells of a change, and when a person comes back to the
 * window: not every system tells.
 */
export function createMicrophonesStore({ bridge, media, window }: MicrophonesOptions): MicrophonesStore {
  const store = createStore<MicrophonesState>(() => ({ microphones: null }));
  let disposed = false;
  let newest = 0;

  async function refresh(): Promise<void> {
    const mine = ++newest;
    const [list, hostDefault] = await Promise.all([
      media?.enumerateDevices().catch(() => null),
      bridge.getDefaultMicrophone().then(
        ({ label }) => label,
        () => '',
      ),
    ]);
    // A later look knows better than one that was answered late.
    if (list && !disposed && mine === newest) store.setState({ microphones: readMicrophones(list, hostDefault) });
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
