import { describe, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsPatch } from '../../shared/settings.ts';
import { createLink } from '../bridge/link.ts';
import { APP_INFO, fakeBridge } from '../testing/fakes.ts';
import { createSettingsStore } from './settings-store.ts';

const initial = { settings: DEFAULT_SETTINGS, info: APP_INFO };

test('a change takes the value that the host saved; changes of other windows arrive too', async () => {
  const { bridge, emit } = fakeBridge();
  const settings = createSettingsStore(bridge, createLink(), initial);
  await settings.change({ theme: 'dark' });
  expect(settings.getState().settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
  emit('onSettings', { ...DEFAULT_SETTINGS, user_id: 'ada' });
  expect(settings.getState().settings.user_id).toBe('ada');
});

test('a change applies in this window before the host answers', () => {
  const { bridge } = fakeBridge({ changeSettings: () => new Promise(() => {}) });
  const settings = createSettingsStore(bridge, createLink(), initial);
  void settings.change({ theme: 'dark' });
  expect(settings.getState()).toMatchObject({ settings: { theme: 'dark' }, unsaved: false, error: null });
});

test.each([
  ['the host’s message, if it rejected the change', new EarshotError('bad_settings', 'Not possible.'), 'Not possible.'],
  ['otherwise a general message', new Error('disk full'), 'The change was not saved. Try again.'],
])('a rejected change sets an error and is undone: %s', async (_words, refusal, error) => {
  const { bridge } = fakeBridge({ changeSettings: () => Promise.reject(refusal) });
  const settings = createSettingsStore(bridge, createLink(), initial);
  await settings.change({ theme: 'dark' });
  expect(settings.getState()).toMatchObject({ settings: DEFAULT_SETTINGS, error, unsaved: false });
});

test('a setting that applies but could not be written stays, with the host’s message', async () => {
  const { bridge, emit } = fakeBridge({
    changeSettings(patch) {
      emit('onSettings', { ...DEFAULT_SETTINGS, ...patch } as Settings);
      return Promise.reject(new EarshotError('settings_not_saved', 'Not on disk.'));
    },
  });
  const settings = createSettingsStore(bridge, createLink(), initial);
  await settings.change({ theme: 'dark' });
  expect(settings.getState()).toMatchObject({ settings: { theme: 'dark' }, error: 'Not on disk.' });
});

describe('while the host is away', () => {
  /** A host that can be away. Calls made meanwhile are lost. */
  function setUp() {
    const link = createLink();
    const changeSettings = vi.fn(async (patch: SettingsPatch): Promise<Settings> => {
      if (link.state() !== 'up') throw new EarshotError('bridge_lost', 'lost');
      return { ...DEFAULT_SETTINGS, ...patch } as Settings;
    });
    const { bridge, emit } = fakeBridge({ changeSettings });
    const settings = createSettingsStore(bridge, link, initial);
    link.set('down');
    return { link, emit, settings, changeSettings };
  }

  test('a change applies in this window at once and counts as unsaved', async () => {
    const { settings } = setUp();
    const changed = settings.change({ theme: 'dark' });
    expect(settings.getState()).toMatchObject({ settings: { theme: 'dark' }, unsaved: true });
    await changed;
    expect(settings.getState()).toMatchObject({ settings: { theme: 'dark' }, unsaved: true, error: null });
  });

  test('when the host is back, the last value of each changed setting is saved', async () => {
    const { link, emit, settings, changeSettings } = setUp();
    await settings.change({ theme: 'dark' });
    await settings.change({ user_id: 'ada' });
    await settings.change({ theme: 'light' });
    changeSettings.mockClear();
    link.set('up');
    emit('onSettings', { ...DEFAULT_SETTINGS, notifications: false });
    expect(settings.getState().settings).toMatchObject({ theme: 'light', user_id: 'ada', notifications: false });
    await vi.waitFor(() => expect(changeSettings).toHaveBeenCalledExactlyOnceWith({ theme: 'light', user_id: 'ada' }));
    await vi.waitFor(() => expect(settings.getState().unsaved).toBe(false));
    // Nothing is pending.
    link.set('down');
    link.set('up');
    expect(changeSettings).toHaveBeenCalledTimes(1);
  });

  test('the change is sent again if the host disconnects before it answers', async () => {
    const { link, settings, changeSettings } = setUp();
    await settings.change({ theme: 'dark' });
    changeSettings.mockImplementationOnce(() => Promise.reject(new EarshotError('bridge_lost', 'lost')));
    link.set('up');
    await vi.waitFor(() => expect(changeSettings).toHaveBeenCalledTimes(2));
    link.set('down');
    expect(settings.getState()).toMatchObject({ settings: { theme: 'dark' }, unsaved: true });
    link.set('up');
    await vi.waitFor(() => expect(changeSettings).toHaveBeenCalledTimes(3));
  });

  test.each(['unproven', 'unreachable', 'too_many_cookies', 'restarted'] as const)(
    'a change also applies while the link is "%s", whatever error the call fails with',
    async (state) => {
      const { link, settings, changeSettings } = setUp();
      link.set(state);
      changeSettings.mockRejectedValueOnce(new EarshotError('bridge_unproven', 'unproven'));
      await settings.change({ log_open: true });
      expect(settings.getState()).toMatchObject({ settings: { log_open: true }, unsaved: true, error: null });
    },
  );

  test('changes saved before the disconnection are not sent again', async () => {
    const { link, settings, changeSettings } = setUp();
    link.set('up');
    await settings.change({ theme: 'dark' });
    link.set('down');
    expect(settings.getState().unsaved).toBe(false);
    expect(changeSettings).toHaveBeenCalledTimes(1);
  });
});
