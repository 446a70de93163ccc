import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { Health } from '../../shared/health.ts';
import { text } from '../text/en.ts';

/** How often (ms) a window that shows health asks for it. */
export const WATCH_EVERY_MS = 2_000;

export interface HealthState {
  /** What the host told last; null until it told anything. */
  health: Health | null;
  /** A sentence when the host could not be asked. */
  error: string | null;
}

export interface HealthStore extends StoreApi<HealthState> {
  /** Asks the host anew, as when a person tries again. Never rejects: a failure becomes `error`. */
  load(): Promise<void>;
  /** A person looks: asks at once and every `WATCH_EVERY_MS`, which has the host measure what it does not by itself. */
  watch(): Unsubscribe;
  dispose: Unsubscribe;
}

/** Follows the voice server's health: asked for once, then told by the host whenever it changes. */
export function createHealthStore(bridge: Pick<Bridge, 'getHealth' | 'watchHealth' | 'onHealth'>): HealthStore {
  const store = createStore<HealthState>(() => ({ health: null, error: null }));
  let told = 0;
  const dispose = bridge.onHealth((health) => {
    told++;
    store.setState({ health, error: null });
  });

  async function ask(call: 'getHealth' | 'watchHealth'): Promise<void> {
    const before = told;
    try {
      const health = await bridge[call]();
      // What was told meanwhile is newer than the answer.
      if (told === before) store.setState({ health, error: null });
    } catch {
      if (told === before) store.setState({ error: text.health.loadFailed });
    }
  }

  const load = () => ask('getHealth');
  function watch(): Unsubscribe {
    void ask('watchHealth');
    const timer = setInterval(() => void ask('watchHealth'), WATCH_EVERY_MS);
    return () => clearInterval(timer);
  }

  void load();
  return { ...store, load, watch, dispose };
}
