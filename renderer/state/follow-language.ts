import type { AppInfo, Unsubscribe } from '../../shared/bridge.ts';
import { chooseLanguage, type SystemLanguages } from '../../shared/language.ts';
import { applyLanguage, type Page } from '../text/text.ts';
import type { SettingsStore } from './settings-store.ts';

/** What the system says about its user's languages. In a tab only the browser knows them. */
export function systemLanguages({ system }: Pick<AppInfo, 'system'>): SystemLanguages {
  return system ?? { languages: navigator.languages };
}

/**
 * Keeps the page in the language of the settings. Call before the first component subscribes to the settings, so that a
 * change is applied before they are drawn again.
 * @param onChange called after each change
 */
export function followLanguage(settings: SettingsStore, page: Page, onChange: () => void): Unsubscribe {
  const apply = () => {
    const { info, settings: current } = settings.getState();
    applyLanguage(chooseLanguage(systemLanguages(info), current.language), page);
  };
  apply();
  return settings.subscribe((state, before) => {
    if (state.settings.language === before.settings.language) return;
    apply();
    onChange();
  });
}
