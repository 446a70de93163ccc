import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';
import { APP_INFO } from '../testing/fakes.ts';
import { followLogSettings } from './follow-log-settings.ts';
import type { SettingsState } from './settings-store.ts';

function setUp(chosen: Partial<Settings>) {
  let state = { settings: { ...DEFAULT_SETTINGS, ...chosen }, info: APP_INFO } as SettingsState;
  const listeners = new Set<(now: SettingsState, before: SettingsState) => void>();
  const setFilter = vi.fn();
  const stop = followLogSettings(
    {
      getState: () => state,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    { setFilter },
  );
  return {
    setFilter,
    stop,
    change(patch: Partial<Settings>) {
      const before = state;
      state = { ...state, settings: { ...state.settings, ...patch } };
      for (const listener of listeners) listener(state, before);
    },
  };
}

test('the log begins as the settings say', () => {
  expect(setUp({ log_detail: 'plain' }).setFilter).toHaveBeenCalledWith({ plain: true, onlyMatches: true });
  const { setFilter } = setUp({ log_detail: 'everything', log_only_matches: false });
  expect(setFilter).toHaveBeenCalledWith({ plain: false, onlyMatches: false });
});

test('a change of its settings changes the filter at once, and other settings do not', () => {
  const { setFilter, change, stop } = setUp({});
  change({ theme: 'dark' });
  expect(setFilter).toHaveBeenCalledTimes(1);
  change({ log_detail: 'everything' });
  expect(setFilter).toHaveBeenLastCalledWith({ plain: false, onlyMatches: true });
  stop();
  change({ log_detail: 'plain' });
  expect(setFilter).toHaveBeenCalledTimes(2);
});
