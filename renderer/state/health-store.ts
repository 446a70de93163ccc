import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { Health } from '../../shared/health.ts';
import { text } from '../text/text.ts';

/** How often (ms) a window that shows health requests it. */
export const WATCH_EVERY_MS = 2_000;

export interface HealthState {
  /** The host's latest figures; null until it has sent any. */
  health: Health | null;
  /** A sentence if the request failed. */
  error: string | null;
}

export interface HealthStore extends StoreApi<HealthState> {
  /** Loads the figures again. Never rejects: a failure becomes `error`. */
  load(): Promise<void>;
  /** Requests the figures now and every `WATCH_EVERY_MS`. The host takes some measurements only while it is watched. */
  watch(): Unsubscribe;
  dispose: Unsubscribe;
}

/** The voice server's health: loaded once, then pushed by the host on each change. */
export function createHealthStore(bridge: Pick<Bridge, 'getHealth' | 'watchHealth' | 'onHealth'>): HealthStore {
  const store = createStore<HealthState>(() => ({ health: null, error: null }));
  let pushes = 0;
  const dispose = bridge.onHealth((health) => {
    pushes++;
    store.setState({ health, error: null });
  });

  async function request(call: 'getHealth' | 'watchHealth'): Promise<void> {
    const pushesBefore = pushes;
    try {
      const health = await bridge[call]();
      // A push that arrived meanwhile is newer than the response.
      if (pushes === pushesBefore) store.setState({ health, error: null });
    } catch {
      if (pushes === pushesBefore) store.setState({ error: text.health.loadFailed });
    }
  }

  const load = () => request('getHealth');
  function watch(): Unsubscribe {
    void request('watchHealth');
    const timer = setInterval(() => void request('watchHealth'), WATCH_EVERY_MS);
    return () => clearInterval(timer);
  }

  void load();
  return { ...store, load, watch, dispose };
}
