import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';

export interface SettingsState {
  settings: Settings;
  info: AppInfo;
  /** A sentence when the last change was not kept. */
  error: string | null;
}

export interface SettingsStore extends StoreApi<SettingsState> {
  /** Asks the host to keep a change; every window hears of it. Never rejects: a failure becomes `error`. */
  change(patch: SettingsPatch): Promise<void>;
  dispose: Unsubscribe;
}

/** The host owns the settings; this follows them. `initial` is what the host said at start. */
export function createSettingsStore(
  bridge: Pick<Bridge, 'changeSettings' | 'onSettings'>,
  initial: { settings: Settings; info: AppInfo },
): SettingsStore {
  const store = createStore<SettingsState>(() => ({ ...initial, error: null }));
  const dispose = bridge.onSettings((settings) => store.setState({ settings }));
  return {
    ...store,
    dispose,
    async change(patch) {
      try {
        store.setState({ settings: await bridge.changeSettings(patch), error: null });
      } catch {
        store.setState({ error: 'The change was not kept. Try it again.' });
      }
    },
  };
}
