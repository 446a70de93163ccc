import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';
import { setupSettings } from './apply-settings.ts';
import { createDesktopStore } from './desktop-state.ts';

function follow(first: Settings = DEFAULT_SETTINGS) {
  let on = false;
  const shortcut = { apply: vi.fn<(keys: string) => void>() };
  const login = {
    state: () => (on ? ('on' as const) : ('off' as const)),
    change: vi.fn((wanted: boolean) => {
      on = wanted;
    }),
  };
  const desktop = createDesktopStore(() => {});
  const watchForUpdates = vi.fn();
  const theme = vi.fn<(theme: Settings['theme']) => void>();
  const menu = vi.fn<(keys: string) => void>();
  const language = vi.fn<(language: Settings['language']) => void>();
  const changed = setupSettings(first, { menu, theme, language, shortcut, login, desktop, watchForUpdates });
  return { menu, theme, language, shortcut, login, desktop, watchForUpdates, changed };
}

test('the start registers the shortcut, checks for updates, and does not change the login item', () => {
  const { shortcut, login, watchForUpdates } = follow({ ...DEFAULT_SETTINGS, shortcut: 'F8', start_at_login: true });
  expect(shortcut.apply.mock.calls).toEqual([['F8']]);
  expect(watchForUpdates.mock.calls).toEqual([[true]]);
  expect(login.change).not.toHaveBeenCalled();
});

test('the menu is set at the start, and again only when the keys of New Window change', () => {
  const { changed, menu } = follow();
  changed({ ...DEFAULT_SETTINGS, theme: 'dark' });
  changed({ ...DEFAULT_SETTINGS, key_new_window: 'F6' });
  expect(menu.mock.calls).toEqual([['CommandOrControl+N'], ['F6']]);
});

test('updates are checked for only while the setting is on', () => {
  const { changed, watchForUpdates } = follow({ ...DEFAULT_SETTINGS, check_for_updates: false });
  changed({ ...DEFAULT_SETTINGS, check_for_updates: false, theme: 'dark' });
  expect(watchForUpdates).not.toHaveBeenCalled();
  changed(DEFAULT_SETTINGS);
  changed({ ...DEFAULT_SETTINGS, theme: 'dark' });
  changed({ ...DEFAULT_SETTINGS, check_for_updates: false });
  expect(watchForUpdates.mock.calls).toEqual([[true], [false]]);
});

test('a change of the login item is applied once, and its state is the result', () => {
  const { changed, login, desktop } = follow();
  changed({ ...DEFAULT_SETTINGS, start_at_login: true });
  changed({ ...DEFAULT_SETTINGS, start_at_login: true, shortcut: 'F8' });
  expect(login.change.mock.calls).toEqual([[true]]);
  expect(desktop.get().login).toBe('on');
  changed(DEFAULT_SETTINGS);
  expect(desktop.get().login).toBe('off');
});

test('the theme is applied at the start and once at each change', () => {
  const { changed, theme } = follow({ ...DEFAULT_SETTINGS, theme: 'dark' });
  changed({ ...DEFAULT_SETTINGS, theme: 'dark', shortcut: 'F8' });
  changed({ ...DEFAULT_SETTINGS, theme: 'light' });
  expect(theme.mock.calls).toEqual([['dark'], ['light']]);
});

test('the language is set before the menu is made, at the start and once at each change', () => {
  const { changed, language, menu } = follow({ ...DEFAULT_SETTINGS, language: 'de' });
  changed({ ...DEFAULT_SETTINGS, language: 'de', theme: 'light' });
  changed({ ...DEFAULT_SETTINGS, language: 'en' });
  expect(language.mock.calls).toEqual([['de'], ['en']]);
  expect(menu).toHaveBeenCalledTimes(2);
  const order = [language, menu].map(({ mock }) => mock.invocationCallOrder);
  expect(order[0]?.map((call, index) => call < (order[1]?.[index] ?? 0))).toEqual([true, true]);
});
