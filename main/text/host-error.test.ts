import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { HostError, sentenceOf } from './host-error.ts';
import { setLanguage } from './text.ts';

const MAIN = join(import.meta.dirname, '..');
/** The sources of the host and the desktop app, by path. */
const SOURCES = readdirSync(MAIN, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing'))
  .map((path) => ({ path, source: readFileSync(join(MAIN, path), 'utf8') }));
/**
 * Errors without a sentence in the user's language, which no window shows: they are logged, or printed or answered to a
 * program.
 */
const NOT_SHOWN = new Set([
  // Logged at the start or in the background.
  'folder_closed',
  'folder_file_damaged',
  'move_copies_left',
  'move_unfinished',
  'page_name_not_kept',
  'page_name_renewed',
  'page_name_unreadable',
  'recordings_left_out',
  'repair_failed',
  'log_incomplete',
  'log_not_written',
  'log_set_aside',
  // The cache of waveforms works without it.
  'folder_unsafe',
  // Logged while a recording is served.
  'recording_unreadable',
  // Answers to a voice client that breaks the protocol.
  'bad_audio',
  'bad_message',
  'no_recording',
  // Problems of the settings file: the window has a text for each kind.
  'code',
  'problem.code',
  // Thrown by a parser that only tests use; the library's own `bad_wav` has a sentence.
  'bad_wav',
  // At the end.
  'host_stopping',
  'stop_incomplete',
  // A restart of the voice server, which is logged.
  'listen_failed',
  'port_in_use',
]);

afterEach(() => setLanguage({ language: 'en' }));

test('a window reads the sentence in its language, and the log in English', () => {
  const error = new HostError('folder_same', ({ folderSame }) => folderSame({ path: '/a' }));
  setLanguage({ language: 'de' });
  expect(error.message).toBe('Your recordings are already in /a.');
  expect(sentenceOf(error)).toBe('Ihre Aufnahmen liegen bereits in /a.');
  expect(sentenceOf(new EarshotError('other', 'Other.'))).toBe('Other.');
  setLanguage({ language: 'en' });
  expect(sentenceOf(error)).toBe(error.message);
});

test('an error is written in the user’s language, or it is one that no window shows', () => {
  expect(SOURCES.length).toBeGreaterThan(100);
  const found = SOURCES.flatMap(({ path, source }) =>
    [...source.matchAll(/new EarshotError\(\s*([^,]+),\s*([^)]*)/g)]
      // A sentence from the catalogue is in the user's language.
      .filter(([, , sentence = '']) => !sentence.startsWith('text.') && !sentence.startsWith('en.web.pageName'))
      .map(([, code = '']) => ({ path, code: code.replaceAll("'", '') })),
  );
  expect(found.length).toBeGreaterThan(10);
  expect(found.filter(({ code }) => !NOT_SHOWN.has(code))).toEqual([]);
});
