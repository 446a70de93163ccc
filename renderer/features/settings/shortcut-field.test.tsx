// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { APP_INFO, desktopInfo } from '../../testing/fakes.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { SettingsDialog } from './settings-dialog.tsx';

async function open(settings: Partial<Settings> = {}, info = APP_INFO) {
  const rendered = await act(async () =>
    renderWindow(<SettingsDialog open section="shortcuts" onClose={() => {}} />, {}, info),
  );
  act(() => rendered.emit('onSettings', { ...DEFAULT_SETTINGS, ...settings }));
  return { ...rendered, current: () => rendered.services.settings.getState().settings };
}
const row = (name: string) => screen.getByTestId(name);
const keys = (name: string) => screen.getByTestId(`${name}-keys`);
const click = (element: Element) => act(async () => void fireEvent.click(element));
const press = (name: string, init: KeyboardEventInit) => act(async () => void fireEvent.keyDown(keys(name), init));
const NAMES = ['key_talk', 'key_pause', 'key_mute', 'key_log', 'key_new_window', 'key_search'];

describe('the list of shortcuts', () => {
  test('shows each with its keys; the one for all programs only in the desktop app', async () => {
    await open();
    expect(NAMES.map((name) => keys(name).textContent)).toEqual([
      'Space',
      'Alt+P',
      'Alt+M',
      'Alt+L',
      'Ctrl+N',
      'Ctrl+K',
    ]);
    expect(screen.queryByTestId('shortcut')).toBeNull();
  });

  test('has the shortcut for all programs first in the desktop app', async () => {
    await open({}, desktopInfo('linux'));
    const section = within(screen.getByTestId('section-shortcuts'));
    expect(section.getAllByText(/^(Mic, from any program|Talk)$/).map((name) => name.textContent)).toEqual([
      'Mic, from any program',
      'Talk',
    ]);
  });

  test('a change is saved', async () => {
    const { current } = await open();
    await click(keys('key_pause'));
    await press('key_pause', { key: 'F7', code: 'F7' });
    expect([current().key_pause, keys('key_pause').textContent]).toEqual(['F7', 'F7']);
  });

  test('keys of another shortcut are not saved, and its name is said', async () => {
    const { current } = await open();
    await click(keys('key_pause'));
    await press('key_pause', { key: 'm', code: 'KeyM', altKey: true });
    expect(row('key_pause').textContent).toContain('“Mute” has these keys');
    expect(current().key_pause).toBe('Alt+P');
    await press('key_pause', { key: 'F7', code: 'F7' });
    expect(current().key_pause).toBe('F7');
  });

  test('two with the same keys from a settings file are both marked', async () => {
    await open({ key_mute: 'F9', key_log: 'F9' });
    expect(row('key_mute').textContent).toContain('“Show or hide the log” has the same keys');
    expect(row('key_log').textContent).toContain('“Mute” has the same keys');
    expect(row('key_pause').textContent).not.toContain('same keys');
  });

  test('Space alone is accepted to talk, and nowhere else', async () => {
    const { current } = await open({ key_talk: 'F9' });
    await click(keys('key_pause'));
    await press('key_pause', { key: ' ', code: 'Space' });
    expect(row('key_pause').textContent).toContain('you need this key for typing');
    await click(keys('key_talk'));
    await press('key_talk', { key: ' ', code: 'Space' });
    expect(current().key_talk).toBe('Space');
  });

  test('Ctrl+N can be chosen again for a new window, and not for anything else', async () => {
    const { current } = await open({ key_new_window: '' });
    await click(keys('key_log'));
    await press('key_log', { key: 'n', code: 'KeyN', ctrlKey: true });
    expect(row('key_log').textContent).toContain('Every program needs these keys');
    await click(keys('key_new_window'));
    await press('key_new_window', { key: 'n', code: 'KeyN', ctrlKey: true });
    expect(current().key_new_window).toBe('CommandOrControl+N');
  });

  test('all can be reset', async () => {
    const { current } = await open({ key_mute: 'F9', key_log: '' });
    await click(screen.getByTestId('reset-shortcuts'));
    expect(current()).toEqual(DEFAULT_SETTINGS);
    expect(screen.getByTestId('reset-shortcuts')).toHaveProperty('disabled', true);
  });
});
