import type { Settings } from '../../shared/settings.ts';
import type { DesktopStore } from './desktop-state.ts';
import type { LoginItem } from './login-item.ts';
import type { Shortcut } from './shortcut.ts';

export interface SettingsEffects {
  theme: (theme: Settings['theme']) => void;
  /** Sets the language of the texts, and of what is shown already, except for the menu. */
  language: (language: Settings['language']) => void;
  /** Sets the application menu, which shows the keys of New Window. */
  menu: (newWindowKeys: string) => void;
  shortcut: Shortcut;
  login: LoginItem;
  desktop: DesktopStore;
  watchForUpdates: (on: boolean) => void;
}

/**
 * Applies the settings that take effect outside of the windows: at the start, and at each change.
 * @returns a function to call with the settings after each change
 */
export function setupSettings(initial: Settings, effects: SettingsEffects): (next: Settings) => void {
  const { theme, language, menu, shortcut, login, desktop, watchForUpdates } = effects;
  let current = initial;
  theme(initial.theme);
  language(initial.language);
  menu(initial.key_new_window);
  shortcut.apply(initial.shortcut);
  desktop.change({ login: login.state() });
  if (initial.check_for_updates) watchForUpdates(true);

  return (next) => {
    const previous = current;
    current = next;
    if (next.theme !== previous.theme) theme(next.theme);
    const isOtherLanguage = next.language !== previous.language;
    if (isOtherLanguage) language(next.language);
    if (isOtherLanguage || next.key_new_window !== previous.key_new_window) menu(next.key_new_window);
    shortcut.apply(next.shortcut);
    if (next.start_at_login !== previous.start_at_login) {
      login.change(next.start_at_login);
      desktop.change({ login: login.state() });
    }
    if (next.check_for_updates !== previous.check_for_updates) watchForUpdates(next.check_for_updates);
  };
}
