import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { Health } from '../../shared/health.ts';

export interface HealthState {
  /** What the host told last; null until it told anything. */
  health: Health | null;
  /** A sentence when the host could not be asked. */
  error: string | null;
}

export interface HealthStore extends StoreApi<HealthState> {
  /** Asks the host anew, as when a person looks. Never rejects: a failure becomes `error`. */
  load(): Promise<void>;
  dispose: Unsubscribe;
}

/** Follows the voice server's health: asked for once, then told by the host whenever it changes. */
export function createHealthStore(bridge: Pick<Bridge, 'getHealth' | 'onHealth'>): HealthStore {
  const store = createStore<HealthState>(() => ({ health: null, error: null }));
  let told = 0;
  const dispose = bridge.onHealth((health) => {
    told++;
    store.setState({ health, error: null });
  });

  async function load(): Promise<void> {
    const before = told;
    try {
      const health = await bridge.getHealth();
      // What was told meanwhile is newer than the answer.
      if (told === before) store.setState({ health, error: null });
    } catch {
      if (told === before) store.setState({ error: 'Earshot’s host could not be asked for its figures.' });
    }
  }

  void load();
  return { ...store, load, dispose };
}
