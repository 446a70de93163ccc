import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { ariaKeys, type Keys } from './accelerator.ts';
import { conflictsOf, SHORTCUTS, shortcutOf } from './shortcuts.ts';

const keys = (code: string, held: Partial<Keys> = {}): Keys => ({
  key: code.startsWith('Key') ? code.slice(3).toLowerCase() : code === 'Space' ? ' ' : code,
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
});

describe('the shortcut of pressed keys', () => {
  test.each([
    ['Space', keys('Space'), 'key_talk'],
    ['Alt+P', keys('KeyP', { altKey: true }), 'key_pause'],
    ['Alt+M', keys('KeyM', { altKey: true }), 'key_mute'],
    ['Ctrl+N', keys('KeyN', { ctrlKey: true }), 'key_new_window'],
    ['Ctrl+K', keys('KeyK', { ctrlKey: true }), 'key_search'],
  ] as const)('%s is found with the default settings', (_title, pressed, expected) => {
    expect(shortcutOf(pressed, DEFAULT_SETTINGS, 'linux')).toBe(expected);
  });

  test('on macOS ⌘ takes the place of Ctrl', () => {
    expect(shortcutOf(keys('KeyN', { metaKey: true }), DEFAULT_SETTINGS, 'darwin')).toBe('key_new_window');
    expect(shortcutOf(keys('KeyN', { ctrlKey: true }), DEFAULT_SETTINGS, 'darwin')).toBeNull();
  });

  test('letters alone, more modifiers, and a removed shortcut are none', () => {
    expect(shortcutOf(keys('KeyP'), DEFAULT_SETTINGS, 'linux')).toBeNull();
    expect(shortcutOf(keys('KeyP', { altKey: true, shiftKey: true }), DEFAULT_SETTINGS, 'linux')).toBeNull();
    expect(shortcutOf(keys('Space'), { ...DEFAULT_SETTINGS, key_talk: '' }, 'linux')).toBeNull();
  });

  test('the order of the modifiers in a settings file does not matter', () => {
    const all = { ...DEFAULT_SETTINGS, key_pause: 'Shift+Control+P' };
    expect(shortcutOf(keys('KeyP', { ctrlKey: true, shiftKey: true }), all, 'linux')).toBe('key_pause');
  });

  test('of two with the same keys the first in the list is used', () => {
    expect(shortcutOf(keys('F9'), { ...DEFAULT_SETTINGS, key_mute: 'F9', key_log: 'F9' }, 'linux')).toBe('key_mute');
  });
});

describe('conflicts', () => {
  test('the default shortcuts have none, on any platform', () => {
    for (const platform of ['linux', 'darwin', 'win32']) {
      for (const name of SHORTCUTS) {
        expect(conflictsOf(name, DEFAULT_SETTINGS[name], DEFAULT_SETTINGS, platform)).toEqual([]);
      }
    }
  });

  test('are named for both sides, the shortcut of all programs included', () => {
    const all = { ...DEFAULT_SETTINGS, shortcut: 'Alt+M' };
    expect(conflictsOf('shortcut', 'Alt+M', all, 'linux')).toEqual(['key_mute']);
    expect(conflictsOf('key_mute', 'Alt+M', all, 'linux')).toEqual(['shortcut']);
  });

  test('are found in other spellings of the same keys', () => {
    expect(conflictsOf('key_pause', 'Control+N', DEFAULT_SETTINGS, 'linux')).toEqual(['key_new_window']);
    expect(conflictsOf('key_pause', 'Control+N', DEFAULT_SETTINGS, 'darwin')).toEqual([]);
    expect(conflictsOf('key_pause', 'Option+M', DEFAULT_SETTINGS, 'darwin')).toEqual(['key_mute']);
  });

  test('removed shortcuts have none', () => {
    const all = { ...DEFAULT_SETTINGS, key_mute: '', key_log: '' };
    expect(conflictsOf('key_mute', '', all, 'linux')).toEqual([]);
  });
});

test('the keys for assistive technology have the names of WAI-ARIA', () => {
  expect(ariaKeys('CommandOrControl+N', 'linux')).toBe('Control+N');
  expect(ariaKeys('CommandOrControl+N', 'darwin')).toBe('Meta+N');
  expect(ariaKeys('Shift+Alt+P', 'win32')).toBe('Alt+Shift+P');
  expect(ariaKeys('', 'linux')).toBeUndefined();
});
