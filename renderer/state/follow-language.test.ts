// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { createLink } from '../bridge/link.ts';
import { APP_INFO, fakeBridge } from '../testing/fakes.ts';
import { dates } from '../text/dates.ts';
import { formatSeconds } from '../text/format.ts';
import { applyLanguage, text } from '../text/text.ts';
import { followLanguage, systemLanguages } from './follow-language.ts';
import { createSettingsStore } from './settings-store.ts';

afterEach(() => applyLanguage({ language: 'en', locale: 'en-US' }, document));

const evening = new Date(2026, 10, 27, 19, 41);
const shown = () => [
  document.documentElement.lang,
  text.app.settings,
  dates.short(evening, new Date(2025, 0)),
  formatSeconds(0.3),
];

function follow(system: { languages: string[]; locale: string }, language: 'system' | 'en' | 'de' = 'system') {
  const { bridge } = fakeBridge();
  const info = { ...APP_INFO, system };
  const settings = createSettingsStore(bridge, createLink(), { settings: { ...DEFAULT_SETTINGS, language }, info });
  const onChange = vi.fn();
  const stop = followLanguage(settings, document, onChange);
  return { settings, onChange, stop };
}

test('the language of the settings is applied at once, and after each change before others hear of it', () => {
  const { settings, onChange, stop } = follow({ languages: ['en-US'], locale: 'en-US' }, 'de');
  expect(shown().slice(0, 2)).toEqual(['de', 'Einstellungen']);
  const seen: string[] = [];
  settings.subscribe(() => void seen.push(text.app.settings));
  void settings.change({ language: 'en' });
  expect(seen[0]).toBe('Settings');
  expect(onChange).toHaveBeenCalledOnce();
  void settings.change({ theme: 'dark' });
  expect(onChange).toHaveBeenCalledOnce();
  stop();
});

test('texts follow the language, dates and numbers the region of the system', () => {
  const { settings, stop } = follow({ languages: ['en-US'], locale: 'de-DE' });
  expect(shown()).toEqual(['en', 'Settings', '27 Nov 2026, 19:41', '0,3\u00a0s']);
  void settings.change({ language: 'de' });
  expect(shown()).toEqual(['de', 'Einstellungen', '27. Nov. 2026, 19:41', '0,3\u00a0s']);
  stop();
});

test('in a tab, the browser says which languages the user has', () => {
  expect(systemLanguages({ system: null })).toEqual({ languages: navigator.languages });
});
