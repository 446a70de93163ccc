import type { Settings } from '../../shared/settings.ts';
import type { DesktopStore } from './desktop-state.ts';
import type { LoginItem } from './login-item.ts';
import type { Shortcut } from './shortcut.ts';

export interface SettingsEffects {
  theme: (theme: Settings['theme']) => void;
  shortcut: Shortcut;
  login: LoginItem;
  desktop: DesktopStore;
  watchForUpdates: (on: boolean) => void;
}

/**
 * Makes what a person chose true outside of the windows: at the start, and at each change.
 * @returns what to call with the settings after a change
 */
export function setupSettings(first: Settings, effects: SettingsEffects): (after: Settings) => void {
  const { theme, shortcut, login, desktop, watchForUpdates } = effects;
  let before = first;
  theme(first.theme);
  shortcut.apply(first.shortcut);
  desktop.change({ login: login.state() });
  if (first.check_for_updates) watchForUpdates(true);

  return (after) => {
    const former = before;
    before = after;
    if (after.theme !== former.theme) theme(after.theme);
    shortcut.apply(after.shortcut);
    if (after.start_at_login !== former.start_at_login) {
      login.change(after.start_at_login);
      desktop.change({ login: login.state() });
    }
    if (after.check_for_updates !== former.check_for_updates) watchForUpdates(after.check_for_updates);
  };
}
