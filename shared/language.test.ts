import { describe, expect, test } from 'vitest';
import { browserLanguages, chooseLanguage, environmentLanguages } from './language.ts';

describe('the language', () => {
  test.each([
    [['de-AT', 'en-GB'], { language: 'de', locale: 'de-AT' }],
    [['en-GB', 'de'], { language: 'en', locale: 'en-GB' }],
    [['de'], { language: 'de', locale: 'de-DE' }],
    [['en'], { language: 'en', locale: 'en-US' }],
    [['fr-FR', 'de-CH'], { language: 'de', locale: 'de-CH' }],
  ])('%j: is the first that has a catalogue, with its region', (languages, choice) => {
    expect(chooseLanguage({ languages })).toEqual(choice);
  });

  test('is English where none has a catalogue, with the formats of the user’s region', () => {
    expect(chooseLanguage({ languages: ['fr-FR', 'it'] })).toEqual({ language: 'en', locale: 'en-FR' });
    expect(chooseLanguage({ languages: ['fr'] })).toEqual({ language: 'en', locale: 'en-US' });
    expect(chooseLanguage({ languages: [] })).toEqual({ language: 'en', locale: 'en-US' });
  });

  test('has the formats of the system’s own region', () => {
    expect(chooseLanguage({ languages: ['en-US'], locale: 'de-AT' })).toEqual({ language: 'en', locale: 'en-AT' });
    expect(chooseLanguage({ languages: ['de-DE'], locale: '' })).toEqual({ language: 'de', locale: 'de-DE' });
  });

  test('is the chosen one, whatever the system has', () => {
    expect(chooseLanguage({ languages: ['en-GB'] }, 'de')).toEqual({ language: 'de', locale: 'de-GB' });
    expect(chooseLanguage({ languages: ['de-AT'] }, 'en')).toEqual({ language: 'en', locale: 'en-AT' });
  });

  test('ignores tags that are none', () => {
    expect(chooseLanguage({ languages: ['', 'C', 'not a tag', 'de_DE', 'de-DE'], locale: 'x y' })).toEqual({
      language: 'de',
      locale: 'de-DE',
    });
  });

  test('has a locale that Intl knows', () => {
    const { locale } = chooseLanguage({ languages: ['de-AT'] });
    expect(Intl.DateTimeFormat.supportedLocalesOf(locale)).toEqual(['de-AT']);
  });
});

describe('the environment', () => {
  test.each([
    [{ LC_ALL: 'de_AT.UTF-8', LANG: 'en_US.UTF-8' }, ['de-AT']],
    [{ LC_ALL: '', LC_MESSAGES: 'de_DE@euro', LANG: 'en_US.UTF-8' }, ['de-DE']],
    [{ LANG: 'en_GB' }, ['en-GB']],
    [{ LANG: 'C.UTF-8' }, []],
    [{ LANG: 'POSIX' }, []],
    [{}, []],
    [{ LANG: '../../etc' }, []],
  ])('%j', (env, languages) => {
    expect(environmentLanguages(env)).toEqual(languages);
  });
});

describe('a browser', () => {
  test.each([
    ['de-AT,de;q=0.9,en;q=0.8', ['de-AT', 'de', 'en']],
    ['*', []],
    ['', []],
    [undefined, []],
    [`de, ${'x'.repeat(10_000)}`, ['de']],
  ])('%s', (header, languages) => {
    expect(browserLanguages(header)).toEqual(languages);
  });
});
