import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import type { Link } from '../bridge/link.ts';
import { text } from '../text/en.ts';

export interface SettingsState {
  /** What this window goes by: the host's settings, and over them what is not saved yet. */
  settings: Settings;
  info: AppInfo;
  /** Something was changed while the host could not be reached. */
  unsaved: boolean;
  /** A sentence when the last change was not kept. */
  error: string | null;
}

export interface SettingsStore extends StoreApi<SettingsState> {
  /**
   * Changes some settings: in this window at once, and for good as soon as the host has them; every window hears of it.
   * Never rejects: a change that the host refuses becomes `error` and is taken back.
   */
  change(patch: SettingsPatch): Promise<void>;
  dispose: Unsubscribe;
}

/**
 * The host owns the settings; this follows them. What is changed while the host is away holds here, and is sent when it is
 * back.
 * @param initial what the host said at start
 */
export function createSettingsStore(
  bridge: Pick<Bridge, 'changeSettings' | 'onSettings'>,
  link: Link,
  initial: { settings: Settings; info: AppInfo },
): SettingsStore {
  let saved = initial.settings;
  /** Changed here, and not known to be saved. */
  let pending: Partial<Settings> = {};
  const store = createStore<SettingsState>(() => ({ ...initial, unsaved: false, error: null }));

  function show(more: Partial<SettingsState> = {}): void {
    const unsaved = Object.keys(pending).length > 0 && link.state() !== 'up';
    store.setState({ settings: { ...saved, ...pending }, unsaved, ...more });
  }

  /** What has been changed again since stays pending. */
  function settle(patch: SettingsPatch): void {
    const isDone = (name: string, value: unknown) => name in patch && patch[name as keyof SettingsPatch] === value;
    pending = Object.fromEntries(Object.entries(pending).filter(([name, value]) => !isDone(name, value)));
  }

  async function send(patch: SettingsPatch): Promise<void> {
    try {
      saved = await bridge.changeSettings(patch);
      settle(patch);
      show({ error: null });
    } catch (error) {
      const code = error instanceof EarshotError ? error.code : '';
      // It may have arrived or not: it is sent again when the host is back.
      if (code === 'bridge_lost') return show();
      settle(patch);
      const isTheHosts = code === 'bad_settings' || code === 'settings_not_saved';
      show({ error: isTheHosts ? (error as EarshotError).message : text.settings.changeFailed });
    }
  }

  const unsubscribe = [
    bridge.onSettings((settings) => {
      saved = settings;
      show();
    }),
    link.subscribe(() => {
      if (link.state() === 'up' && Object.keys(pending).length > 0) void send(pending);
      show();
    }),
  ];
  return {
    ...store,
    dispose() {
      for (const end of unsubscribe) end();
    },
    change(patch) {
      pending = { ...pending, ...(patch as Partial<Settings>) };
      show({ error: null });
      return send(patch);
    },
  };
}
