import { afterEach, describe, expect, test } from 'vitest';
import { chooseLanguage } from '../../shared/language.ts';
import { dates } from './dates.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { formatBytes, formatCount, formatDbfs, formatPosition, formatSeconds, formatShare } from './format.ts';
import { setLanguage, text } from './text.ts';

afterEach(() => setLanguage({ language: 'en', locale: 'en-US' }));

const use = (...languages: string[]) => setLanguage(chooseLanguage({ languages }));
/** Node separates the time from AM and PM by a narrow no-break space. */
const plain = (words: string) => words.replaceAll('\u202f', ' ');

test('the texts follow the language', () => {
  expect(text).toBe(en);
  use('de-AT');
  expect(text).toBe(de);
  use('fr-FR');
  expect(text).toBe(en);
});

describe('numbers and dates follow the region', () => {
  const evening = new Date(2026, 10, 27, 19, 41);
  const now = new Date(2026, 10, 28, 9);
  const written = () => ({
    count: formatCount(4567),
    short: plain(dates.short(evening, now)),
    day: dates.day(evening, now),
  });

  test('in the USA and in Britain', () => {
    use('en-US');
    expect(written()).toEqual({ count: '4,567', short: 'Nov 27, 7:41 PM', day: 'Yesterday' });
    use('en-GB');
    expect(written()).toEqual({ count: '4,567', short: '27 Nov, 19:41', day: 'Yesterday' });
  });

  test('in Germany and in Austria', () => {
    use('de-DE');
    expect(written()).toEqual({ count: '4.567', short: '27. Nov., 19:41', day: 'Gestern' });
    use('de-AT');
    expect(written()).toEqual({ count: '4\u00a0567', short: '27. Nov., 19:41', day: 'Gestern' });
  });

  test('in German, decimals have a comma', () => {
    use('de-DE');
    expect([
      formatSeconds(0.3),
      formatDbfs(-18.44),
      formatPosition(64.2),
      formatBytes(1_240_000),
      formatShare(0.104),
    ]).toEqual(['0,3\u00a0s', '−18,4', '1:04,2', '1,2\u00a0MB', '10,4\u00a0%']);
  });

  test('the year is given where it is another one', () => {
    use('de-DE');
    expect(dates.short(new Date(2025, 0, 2, 3, 4), now)).toBe('2. Jan. 2025, 03:04');
  });
});

/** Every text of a catalogue with its place; functions as their source. */
function allTexts(entry: unknown, place = ''): [string, string][] {
  if (typeof entry === 'string') return [[place, entry]];
  if (entry === null) return [];
  if (typeof entry === 'function') return [[place, entry.toString()]];
  return Object.entries(entry as object).flatMap(([name, inner]) => allTexts(inner, `${place}.${name}`));
}

describe('German', () => {
  const texts = allTexts(de);

  test('has German quotation marks', () => {
    expect(texts.filter(([, words]) => words.replace(/„[^“]*“/g, '').match(/[“”„]/))).toEqual([]);
  });

  test('leaves no sentence in English', () => {
    const english = new Map(allTexts(en));
    expect(texts.filter(([place, words]) => /\w+ \w+ \w+/.test(words) && english.get(place) === words)).toEqual([]);
  });

  test('addresses the user formally, with an instruction as a whole sentence', () => {
    const informal = /\b(?:du|dich|dir|dein\w*|euch|euer|eure)\b/;
    const withoutSubject =
      /\b(?:erneut versuchen|neu laden|neu starten|erneut drücken)\.|(?:^|\. )(?:Prüfen|Wählen) (?!Sie|…)/;
    expect(texts.filter(([, words]) => informal.test(words) || withoutSubject.test(words))).toEqual([]);
  });

  test('has a space before an ellipsis, which stands for words', () => {
    expect(texts.filter(([, words]) => /\p{L}…/u.test(words))).toEqual([]);
  });

  test('counts in singular and plural', () => {
    expect([0, 1, 2].map((recordings) => de.recordings.count({ recordings }))).toEqual([
      '0 Aufnahmen',
      '1 Aufnahme',
      '2 Aufnahmen',
    ]);
  });
});
