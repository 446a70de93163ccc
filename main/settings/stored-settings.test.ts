import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, Settings } from '../../shared/settings.ts';
import { parseStoredSettings } from './stored-settings.ts';

describe('parseStoredSettings', () => {
  test('takes what is right, gives defaults for what is missing, minds no unknown names', () => {
    expect(parseStoredSettings('{"theme":"dark","later":{"a":1}}')).toEqual({
      settings: { ...DEFAULT_SETTINGS, theme: 'dark' },
      wrong: [],
    });
    expect(parseStoredSettings('\ufeff{"user_id":"ann"}').settings.user_id).toBe('ann');
  });

  test('a wrong value gives way to its default and spoils no other', () => {
    expect(parseStoredSettings('{"theme":"pink","user_id":"ann","microphone_id":7}')).toEqual({
      settings: { theme: 'system', user_id: 'ann', microphone_id: '' },
      wrong: ['theme', 'microphone_id'],
    });
  });

  test.each(['', '{"theme":"da', 'null', '[]', '"dark"', '7', '\0\0\0\0'])('%j is no settings file', (text) => {
    expect(parseStoredSettings(text)).toEqual({ settings: DEFAULT_SETTINGS, wrong: null });
  });

  test('property: any JSON at all gives whole settings and changes no prototype', () => {
    const file = fc.oneof(
      fc.json(),
      fc
        .dictionary(fc.constantFrom('theme', 'user_id', 'microphone_id', '__proto__'), fc.jsonValue())
        .map((o) => JSON.stringify(o)),
    );
    fc.assert(
      fc.property(file, (text) => {
        const { settings } = parseStoredSettings(text);
        expect(Settings.parse(settings)).toEqual(settings);
        expect(Object.keys(settings).sort()).toEqual(['microphone_id', 'theme', 'user_id']);
      }),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
