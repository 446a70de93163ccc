import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, Settings } from '../../shared/settings.ts';
import { migrate, SETTINGS_VERSION, type SettingsForm, versionOf } from './settings-migrations.ts';
import { parseStoredSettings } from './stored-settings.ts';

/** Every form that Earshot's settings file has had, oldest first, each with values that are not the defaults. */
const FIRST = { theme: 'dark', user_id: 'ada', microphone_id: 'usb-1' };
const DESKTOP = { ...FIRST, shortcut: 'F8', start_at_login: true, notifications: false, check_for_updates: false };
const SHORT = { ...DESKTOP, keep_short_recordings: true };
const CHANNEL = { ...SHORT, microphone_channel: 2, microphone_label: 'USB Mic' };
const RETENTION = { ...CHANNEL, retention: 'days', retention_days: 7, retention_number: 5, retention_mb: 50 };
const LOG = { ...RETENTION, log_open: false };
const KEYS = {
  ...LOG,
  turn_limit_minutes: 5,
  key_talk: 'F1',
  key_pause: 'F2',
  key_mute: 'F3',
  key_log: 'F4',
  key_new_window: 'F5',
  key_search: 'F6',
};
const FORMS: [string, SettingsForm][] = [
  ['the first one', FIRST],
  ['with the desktop app', DESKTOP],
  ['with short recordings', SHORT],
  ['with channel and name of the microphone', CHANNEL],
  ['with retention', RETENTION],
  ['with the log that can be closed', LOG],
  ['with shortcuts in the window', KEYS],
];

describe('a settings file without a version', () => {
  test.each(FORMS)('%s: keeps each of its values', (_, form) => {
    const { settings, wrong } = readForm(form);
    expect(settings).toMatchObject(form);
    expect(wrong).toEqual([]);
    expect(Settings.parse(settings)).toEqual(settings);
  });

  test.each<[SettingsForm, boolean]>([
    [FIRST, true],
    [RETENTION, true],
    [LOG, false],
    [{ ...LOG, log_open: true }, true],
  ])('%#: the log stays as the user saw it', (form, open) => {
    expect(readForm(form).settings.log_open).toBe(open);
  });

  test('its user does not see the first steps', () => {
    for (const [, form] of FORMS) expect(readForm(form).settings.first_steps_done).toBe(true);
  });

  test('a global shortcut that is now a default within the window stays the only one with these keys', () => {
    expect(readForm({ ...RETENTION, shortcut: 'Alt+P' }).settings).toMatchObject({
      shortcut: 'Alt+P',
      key_pause: '',
      key_mute: DEFAULT_SETTINGS.key_mute,
    });
    // The user saw both in one list and kept them.
    expect(readForm({ ...KEYS, shortcut: 'Alt+P', key_pause: 'Alt+P' }).settings.key_pause).toBe('Alt+P');
  });
});

test('a file of the current version is not changed', () => {
  const form = { schema_version: SETTINGS_VERSION, theme: 'dark', later: 1 };
  expect(migrate(form, SETTINGS_VERSION)).toEqual(form);
});

test.each([
  [{}, 0],
  [{ schema_version: 0 }, 0],
  [{ schema_version: 7 }, 7],
  ...[-1, 1.5, '1', null, Number.NaN, 2 ** 60].map((schema_version): [SettingsForm, null] => [
    { schema_version },
    null,
  ]),
])('the version of %j is %j', (form, version) => {
  expect(versionOf(form)).toBe(version);
});

test('property: a migration keeps every value, known or not, and migrating twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('theme', 'shortcut', 'key_pause', 'later'), fc.jsonValue()), (form) => {
      const once = migrate(form, 0);
      expect(once).toMatchObject(form);
      expect(migrate(once, SETTINGS_VERSION)).toEqual(once);
    }),
  );
});

function readForm(form: SettingsForm) {
  const stored = parseStoredSettings(JSON.stringify(form));
  if (stored.kind !== 'settings') throw new Error(stored.kind);
  return stored;
}
