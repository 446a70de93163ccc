import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Settings } from '../../shared/settings.ts';

// Compares docs/settings.md with the settings that it documents.

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');
const SETTINGS = Object.keys(Settings.shape);
/** The rows of the table of settings. */
const ROWS =
  PAGE.split('\n## ')[1]
    ?.split('\n')
    .filter((line) => line.startsWith('| ')) ?? [];

test('every setting has a row in docs/settings.md, with its name in the file', () => {
  expect(ROWS.length).toBeGreaterThan(20);
  expect(SETTINGS.filter((name) => !ROWS.some((row) => row.includes(`\`${name}\``)))).toEqual([]);
});

test('docs/settings.md names no setting that does not exist', () => {
  const named = ROWS.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([a-z_]+)`/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !SETTINGS.includes(name ?? ''))).toEqual([]);
});
