import { afterEach, describe, expect, test } from 'vitest';
import { CATALOGUE, type LogEventName, type LogFields } from '../../shared/log-catalogue.ts';
import { CLOSE } from '../../shared/protocol.ts';
import { setLanguage } from '../text/text.ts';
import { closeCodeMeaning, plainLine } from './plain-line.ts';

afterEach(() => setLanguage({ language: 'en', locale: 'en-US' }));

const EVENTS = Object.keys(CATALOGUE) as LogEventName[];
const LANGUAGES = [
  ['en', 'en-US'],
  ['de', 'de-DE'],
] as const;

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
  expect(line('WARNING', { type: 'no_tray' })).toBe('no tray');
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
