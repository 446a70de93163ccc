import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { CATALOGUE, type LogEventName, type LogFields } from '../../shared/log-catalogue.ts';
import { CLOSE } from '../../shared/protocol.ts';
import { ROOT } from '../../testing/host-process.ts';
import { setLanguage } from '../text/text.ts';
import { closeCodeMeaning, plainLine } from './plain-line.ts';

afterEach(() => setLanguage({ language: 'en', locale: 'en-US' }));

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];
const LANGUAGES = [
  ['en', 'en-US'],
  ['de', 'de-DE'],
] as const;

/** Types that come with a whole sentence of the host, in `detail`. */
const OWN_WORDS = new Set(['recording_failed']);

/** The types of errors and warnings in the code of the app. */
function namedTypes(): Set<string> {
  const files = ['main', 'renderer'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|testing/.test(name))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
  const types = files.flatMap((code) =>
    [...code.matchAll(/'(?:WARNING|ERROR)',\s*\{\s*type: '(\w+)'/g)].map(([, type = '']) => type),
  );
  return new Set(types.filter((type) => !OWN_WORDS.has(type)));
}

function line(event: LogEventName, fields: LogFields = {}, side: 'server' | 'client' | 'app' = 'client') {
  return plainLine({ side, level: 'info', event, fields });
}

test('the plain log tells what happened in the words of the user', () => {
  expect(line('MIC_OPENED', { label: 'Built-in Audio', rate: 48_000 })).toBe(
    'The microphone was opened: Built-in Audio.',
  );
  expect(line('WS_REFUSED', { on: 'voice', status: 403, why: 'origin' }, 'server')).toBe(
    'A connection was refused: it came from a page that is not Earshot’s.',
  );
  expect(line('WS_DISCONNECT', { code: 1006 })).toBe('The connection ended: it broke without a goodbye.');
  expect(line('RECONNECTING', { ms: 0, failures: 1 })).toBe('Trying to connect again.');
  expect(line('RECONNECTING', { ms: 1_300, failures: 2 })).toBe('Trying to connect again in 1.3\u00a0s.');
  expect(line('ERROR', { type: 'server_gone', detail: 'x' })).toBe('The voice server does not answer');
  setLanguage({ language: 'de', locale: 'de-DE' });
  expect(line('RECORDINGS_DELETED', { recordings: 1 }, 'app')).toBe('Eine Aufnahme wurde gelöscht.');
  expect(line('RECORDINGS_DELETED', { recordings: 1_200 }, 'app')).toBe('1.200 Aufnahmen wurden gelöscht.');
});

test('what both sides log is told once', () => {
  expect(line('MIC_STATE', { status: 'silent' }, 'client')).not.toBeNull();
  expect(line('MIC_STATE', { status: 'silent' }, 'server')).toBeNull();
  expect(line('WS_DISCONNECT', { code: 1000 }, 'server')).toBeNull();
});

test('an error of unknown type is told in its own words', () => {
  expect(line('ERROR', { type: 'recording_failed', detail: 'The disk is full.' })).toBe('The disk is full.');
  expect(line('WARNING', { type: 'of_another_version' })).toBe('of another version');
});

test('settings that the window changes by itself are not told', () => {
  expect(line('SETTINGS_CHANGED', { names: 'log_open' }, 'app')).toBeNull();
  expect(line('SETTINGS_CHANGED', { names: 'log_open,theme' }, 'app')).not.toBeNull();
});

test('technical lines and events of other versions are not shown', () => {
  expect(plainLine({ side: 'client', level: 'debug', event: 'WARNING', fields: { type: 'microphone' } })).toBeNull();
  expect(line('toString' as LogEventName)).toBeNull();
  expect(line('EVENT_OF_ANOTHER_VERSION' as LogEventName)).toBeNull();
});

describe.each(LANGUAGES)('in %s', (language, locale) => {
  test('each type of error and warning that the code names has a sentence', () => {
    setLanguage({ language, locale });
    const types = namedTypes();
    expect(types.size).toBeGreaterThan(40);
    const detail = 'a detail in English';
    const without = [...types].filter((type) => {
      const sentence = line('WARNING', { type, detail });
      return sentence === null || sentence === detail;
    });
    expect(without).toEqual([]);
  });

  test('no event without its fields gives a sentence that names a missing value', () => {
    setLanguage({ language, locale });
    const lines = EVENTS.flatMap((event) =>
      (['server', 'client', 'app'] as const).map((side) => line(event, {}, side) ?? ''),
    );
    expect(lines.filter((sentence) => /undefined|null|NaN/.test(sentence))).toEqual([]);
  });

  test('each close code of the protocol has a meaning', () => {
    setLanguage({ language, locale });
    const meanings = Object.values(CLOSE).map(closeCodeMeaning);
    expect(new Set(meanings).size).toBe(meanings.length);
    expect(closeCodeMeaning(4999)).toMatch(/4999$/);
  });
});
