import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, Settings } from '../../shared/settings.ts';
import { parseStoredSettings } from './stored-settings.ts';

describe('parseStoredSettings', () => {
  test('keeps valid values, uses defaults for missing ones, and gives unknown names as they are', () => {
    expect(parseStoredSettings('{"schema_version":1,"theme":"dark","later":{"a":1}}')).toEqual({
      kind: 'settings',
      settings: { ...DEFAULT_SETTINGS, theme: 'dark' },
      wrong: [],
      form: { schema_version: 1, theme: 'dark', later: { a: 1 } },
    });
    expect(parseStoredSettings('\ufeff{"user_id":"ann"}')).toMatchObject({ settings: { user_id: 'ann' } });
  });

  test('replaces a wrong value by its default and keeps the others', () => {
    expect(parseStoredSettings('{"schema_version":"1","theme":"pink","user_id":"ann","microphone_id":7}')).toEqual({
      kind: 'settings',
      settings: { ...DEFAULT_SETTINGS, user_id: 'ann' },
      wrong: ['schema_version', 'theme', 'microphone_id'],
      form: { schema_version: '1', theme: 'pink', user_id: 'ann', microphone_id: 7 },
    });
  });

  test('does not read a file of a newer version', () => {
    expect(parseStoredSettings('{"schema_version":2,"theme":"dark"}')).toEqual({ kind: 'newer' });
  });

  test.each(['', '{"theme":"da', 'null', '[]', '"dark"', '7', '\0\0\0\0'])('%j is not a settings file', (text) => {
    expect(parseStoredSettings(text)).toEqual({ kind: 'damaged' });
  });

  test('property: any text is a valid file, a file with wrong values or not a settings file; valid settings are unchanged', () => {
    const windowKeys = fc.constantFrom('', 'Space', 'F9', 'Alt+P');
    const valid = fc.record({
      theme: fc.constantFrom('system', 'light', 'dark'),
      language: fc.constantFrom('system', 'en', 'de'),
      log_open: fc.boolean(),
      log_detail: fc.constantFrom('plain', 'everything'),
      log_only_matches: fc.boolean(),
      user_id: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
      microphone_id: fc.string({ maxLength: 256, unit: 'binary' }),
      keep_short_recordings: fc.boolean(),
      sounds: fc.boolean(),
      turn_limit_minutes: fc.integer({ min: 0, max: 1_440 }),
      retention: fc.constantFrom('all', 'days', 'number', 'size', 'none'),
      retention_days: fc.integer({ min: 1, max: 3_650 }),
      retention_number: fc.integer({ min: 1, max: 100_000 }),
      retention_mb: fc.integer({ min: 10, max: 10_000_000 }),
      microphone_channel: fc.integer({ min: 0, max: 32 }),
      microphone_label: fc.string({ maxLength: 256, unit: 'binary' }),
      echo_cancellation: fc.boolean(),
      noise_suppression: fc.boolean(),
      automatic_gain: fc.boolean(),
      output_id: fc.string({ maxLength: 256, unit: 'binary' }),
      output_label: fc.string({ maxLength: 256, unit: 'binary' }),
      first_steps_done: fc.boolean(),
      key_talk: windowKeys,
      key_pause: windowKeys,
      key_mute: windowKeys,
      key_log: windowKeys,
      key_new_window: windowKeys,
      key_search: windowKeys,
      shortcut: fc.constantFrom('', 'F8', 'CommandOrControl+Shift+M'),
      start_at_login: fc.boolean(),
      notifications: fc.boolean(),
      overlay: fc.boolean(),
      check_for_updates: fc.boolean(),
    });
    fc.assert(
      fc.property(valid, fc.nat(), fc.string({ unit: 'binary' }), (settings, at, noise) => {
        const form = { schema_version: 1, ...settings };
        const text = JSON.stringify(form);
        expect(parseStoredSettings(text)).toEqual({ kind: 'settings', settings, wrong: [], form });
        const cut = at % text.length;
        for (const damaged of [noise, text.slice(0, cut), text.slice(0, cut) + noise + text.slice(cut)]) {
          const stored = parseStoredSettings(damaged);
          if (stored.kind === 'settings') expect(Settings.parse(stored.settings)).toEqual(stored.settings);
        }
      }),
    );
  });

  test('property: any JSON results in complete settings and changes no prototype', () => {
    const file = fc.oneof(
      fc.json(),
      fc
        .dictionary(fc.constantFrom('theme', 'user_id', 'microphone_id', '__proto__'), fc.jsonValue())
        .map((o) => JSON.stringify(o)),
    );
    fc.assert(
      fc.property(file, (text) => {
        const stored = parseStoredSettings(text);
        if (stored.kind !== 'settings') return;
        expect(Settings.parse(stored.settings)).toEqual(stored.settings);
        expect(Object.keys(stored.settings).sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
      }),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
