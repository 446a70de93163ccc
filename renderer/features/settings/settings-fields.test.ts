import { afterEach, describe, expect, test } from 'vitest';
import { chooseLanguage } from '../../../shared/language.ts';
import { setLanguage, text } from '../../text/text.ts';
import { fieldsOf } from './settings-fields.tsx';
import { matchesSearch } from './settings-search.ts';

/** Words that users type, and the field that each should find. */
const WORDS = {
  en: {
    dark: 'theme',
    mic: 'microphone',
    noise: 'processing',
    headphones: 'output',
    beep: 'sounds',
    'storage space': 'retention',
    drive: 'recordings-folder',
    timer: 'turn-limit',
    hotkey: 'shortcut',
    keyboard: 'key_talk',
    hold: 'key_talk',
    autostart: 'login',
    alerts: 'notifications',
    overlay: 'overlay',
    version: 'updates',
    welcome: 'first-steps',
  },
  de: {
    dunkel: 'theme',
    mikro: 'microphone',
    rauschen: 'processing',
    kopfhörer: 'output',
    piepen: 'sounds',
    'speicher platz': 'retention',
    laufwerk: 'recordings-folder',
    dauer: 'turn-limit',
    tastatur: 'key_talk',
    autostart: 'login',
    benachrichtigung: 'notifications',
    overlay: 'overlay',
    aktualisierung: 'updates',
    willkommen: 'first-steps',
  },
} as const;

describe.each(['en', 'de'] as const)('in %s', (language) => {
  afterEach(() => setLanguage(chooseLanguage({ languages: ['en'] })));

  test.each(Object.entries(WORDS[language]))('"%s" finds the field %s', (word, id) => {
    setLanguage(chooseLanguage({ languages: [language] }));
    const found = fieldsOf('desktop').filter((field) =>
      matchesSearch(word, [field.texts(), text.settings.sections[field.section]]),
    );
    expect(found.map((field) => field.id)).toContain(id);
  });
});
