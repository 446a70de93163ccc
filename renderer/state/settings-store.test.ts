import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { APP_INFO, fakeBridge } from '../testing/fakes.ts';
import { createSettingsStore } from './settings-store.ts';

test('a change is what the host kept; a change in another window arrives too', async () => {
  const { bridge, tell } = fakeBridge();
  const settings = createSettingsStore(bridge, { settings: DEFAULT_SETTINGS, info: APP_INFO });
  await settings.change({ theme: 'dark' });
  expect(settings.getState().settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
  tell('onSettings', { ...DEFAULT_SETTINGS, user_id: 'ada' });
  expect(settings.getState().settings.user_id).toBe('ada');
});

test('a change that was not kept is said and changes nothing', async () => {
  const { bridge } = fakeBridge({
    changeSettings: async () => {
      throw new Error('disk full');
    },
  });
  const settings = createSettingsStore(bridge, { settings: DEFAULT_SETTINGS, info: APP_INFO });
  await settings.change({ theme: 'dark' });
  expect(settings.getState()).toMatchObject({
    settings: DEFAULT_SETTINGS,
    error: 'The change was not kept. Try it again.',
  });
});
