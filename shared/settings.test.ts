import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, Settings, SettingsPatch } from './settings.ts';

test('an empty file gives the default of every setting', () => {
  expect(Settings.parse({})).toEqual({
    theme: 'system',
    language: 'system',
    log_open: false,
    log_detail: 'plain',
    log_only_matches: true,
    user_id: 'me',
    microphone_id: '',
    keep_short_recordings: false,
    sounds: false,
    turn_limit_minutes: 0,
    retention: 'all',
    retention_days: 30,
    retention_number: 100,
    retention_mb: 1_000,
    microphone_channel: 0,
    microphone_label: '',
    key_talk: 'Space',
    key_pause: 'Alt+P',
    key_mute: 'Alt+M',
    key_log: 'Alt+L',
    key_new_window: 'CommandOrControl+N',
    key_search: 'CommandOrControl+K',
    shortcut: '',
    start_at_login: false,
    notifications: true,
    overlay: true,
    check_for_updates: true,
    echo_cancellation: false,
    noise_suppression: false,
    automatic_gain: false,
    output_id: '',
    output_label: '',
    first_steps_done: false,
  });
  expect(DEFAULT_SETTINGS).toEqual(Settings.parse({}));
});

test('chosen settings are kept, with defaults for the rest', () => {
  expect(Settings.parse({ user_id: 'Ada_1-x' })).toEqual({ ...DEFAULT_SETTINGS, user_id: 'Ada_1-x' });
});

test.each([
  ['a theme that does not exist', { theme: 'pink' }],
  ['a level of detail that does not exist', { log_detail: 'some' }],
  ['an empty label', { user_id: '' }],
  ['a label of 65 characters', { user_id: 'a'.repeat(65) }],
  ['a label with a space', { user_id: 'a b' }],
  ['a label that would add a parameter to a URL', { user_id: 'a&session_id=b' }],
  ['a label with a line break at its end', { user_id: 'a\n' }],
  ['a device id of 257 characters', { microphone_id: 'm'.repeat(257) }],
  ['a device id that is no text', { microphone_id: 7 }],
  ['a retention that does not exist', { retention: 'some' }],
  ['a retention of no days', { retention_days: 0 }],
  ['half a recording', { retention_number: 0.5 }],
  ['less than 10 MB of recordings', { retention_mb: 9 }],
  ['a turn limit of more than a day', { turn_limit_minutes: 1_441 }],
  ['a turn limit of half a minute', { turn_limit_minutes: 0.5 }],
  ['half a channel', { microphone_channel: 0.5 }],
  ['a channel that no device has', { microphone_channel: 33 }],
  ['null', { theme: null }],
  ['a single letter as a global shortcut, which would be gone from every other program', { shortcut: 'M' }],
  ['a single letter as a shortcut in the window', { key_pause: 'P' }],
  ['Space as a global shortcut', { shortcut: 'Space' }],
  ['modifiers without a key', { shortcut: 'Control+Shift' }],
  ['a key that Electron does not know', { shortcut: 'Control+Nope' }],
  ['a repeated modifier, with which a compromised page could send 400 KB', { shortcut: `${'Alt+'.repeat(20)}M` }],
  ['keys with a line break', { shortcut: 'Control+M\n' }],
])('%s is refused in settings and in a change', (_title, value) => {
  expect(Settings.safeParse(value).success).toBe(false);
  expect(SettingsPatch.safeParse(value).success).toBe(false);
});

test.each([
  [{}],
  [{ theme: 'dark' }],
  [{ user_id: 'ada' }],
  [{ microphone_id: '' }],
  [{ shortcut: '' }],
  [{ shortcut: 'CommandOrControl+Shift+M' }],
  [{ shortcut: 'F8', start_at_login: true }],
  [{ shortcut: 'Command+Control+CommandOrControl+Alt+Option+Shift+Super+Meta+PageDown' }],
  [{ theme: 'light', microphone_id: 'm1' }],
])('a change holds what was given and nothing else: %j', (patch) => {
  expect(SettingsPatch.parse(patch)).toStrictEqual(patch);
});

test('a change of one setting keeps the others, without adding defaults', () => {
  const chosen = { theme: 'dark', user_id: 'ada', microphone_id: 'm1' };
  expect({ ...chosen, ...SettingsPatch.parse({ user_id: 'bea' }) }).toEqual({ ...chosen, user_id: 'bea' });
});

test('unknown names are omitted from a change, inherited names too', () => {
  const hostile: unknown = JSON.parse('{"theme":"dark","admin":true,"__proto__":{"user_id":"eve"},"constructor":1}');
  const patch = SettingsPatch.parse(hostile);
  expect(Object.keys(patch)).toEqual(['theme']);
  expect(patch.user_id).toBeUndefined();
});
