import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo, Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { Settings, SettingsPatch, SettingsProblem } from '../../shared/settings.ts';
import type { Link } from '../bridge/link.ts';
import { text } from '../text/text.ts';

export interface SettingsState {
  /** The host's settings, with this window's unsaved changes applied. */
  settings: Settings;
  info: AppInfo;
  /** Whether there are unsaved changes because the host is not connected. */
  unsaved: boolean;
  /** A sentence if the last change was rejected. */
  error: string | null;
  /** What was wrong with the settings file, until the user dismisses it. */
  problem: SettingsProblem | null;
}

export interface SettingsStore extends StoreApi<SettingsState> {
  /**
   * Changes settings in this window at once, and in every window once the host has saved them. Never rejects: a change
   * that the host rejects becomes `error` and is undone.
   */
  change(patch: SettingsPatch): Promise<void>;
  dismissProblem(): void;
  dispose: Unsubscribe;
}

/**
 * Follows the host's settings. Changes made while the host is away apply in this window, and are sent when it is back.
 * @param initial the host's settings at start, and what was wrong with their file
 */
export function createSettingsStore(
  bridge: Pick<Bridge, 'changeSettings' | 'onSettings'>,
  link: Link,
  initial: { settings: Settings; info: AppInfo; problem?: SettingsProblem | null },
): SettingsStore {
  let saved = initial.settings;
  /** Changes not confirmed by the host. */
  let pending: Partial<Settings> = {};
  const store = createStore<SettingsState>(() => ({
    problem: null,
    ...initial,
    unsaved: false,
    error: null,
  }));

  function show(more: Partial<SettingsState> = {}): void {
    const unsaved = Object.keys(pending).length > 0 && link.state() !== 'up';
    store.setState({ settings: { ...saved, ...pending }, unsaved, ...more });
  }

  /** Removes saved changes from `pending`. Values that have changed again stay. */
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
      const isHostMessage = code === 'bad_settings' || code === 'settings_not_saved';
      // The change may not have arrived. It is sent again when the host is back.
      if (!isHostMessage && (code === 'bridge_lost' || link.state() !== 'up')) return show();
      settle(patch);
      show({ error: isHostMessage ? (error as EarshotError).message : text.settings.changeFailed });
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
      for (const stop of unsubscribe) stop();
    },
    dismissProblem: () => store.setState({ problem: null }),
    change(patch) {
      pending = { ...pending, ...(patch as Partial<Settings>) };
      show({ error: null });
      return send(patch);
    },
  };
}
