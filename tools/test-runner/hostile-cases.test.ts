import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './run-tool.ts';

const ROOMS = ['main', 'preload', 'shared', 'renderer', 'tools', 'bench', 'chaos', 'e2e', 'testing'];
/** All that there are. */
const CASES = Array.from({ length: 72 }, (_, i) => `H${String(i + 1).padStart(2, '0')}`);

/** The cases that the titles of a test file begin with; a title may name several, one after the other. */
function casesInTitles(source: string): string[] {
  const titles = source.matchAll(/['"`]((?:H\d\d )+)/g);
  return [...titles].flatMap(([, cases = '']) => cases.trim().split(' '));
}

/** The table's rows: a case, what must hold, and the files, each in backticks. */
function rowsOf(markdown: string): { case: string; words: string; files: string[] }[] {
  return [...markdown.matchAll(/^\| (H\d\d) \| (.+?) \| (.+) \|$/gm)].map(
    ([, number = '', words = '', files = '']) => ({
      case: number,
      words,
      files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    }),
  );
}

/** `case file` for every case of every test file. */
function heldByTests(): string[] {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(test\.tsx?|spec\.ts)$/.test(name))
      .map((name) => `${room}/${name.replaceAll('\\', '/')}`),
  );
  return files.flatMap((file) =>
    [...new Set(casesInTitles(readFileSync(join(ROOT, file), 'utf8')))].map((number) => `${number} ${file}`),
  );
}

const rows = rowsOf(readFileSync(join(ROOT, 'docs/testing.md'), 'utf8'));

test('the table of hostile cases in docs/testing.md has each number once, in order, with words and a test', () => {
  const numbers = rows.map((row) => row.case);
  expect(numbers.slice(0, CASES.length)).toEqual(CASES);
  expect(numbers).toEqual([...new Set(numbers)].sort());
  for (const { words, files } of rows) {
    expect(words.length).toBeGreaterThan(20);
    expect(new Set(files).size, words).toBe(files.length);
    expect(files.length, words).toBeGreaterThan(0);
  }
});

test('the table names exactly the files whose titles begin with the number', () => {
  const told = new Set(rows.flatMap((row) => row.files.map((file) => `${row.case} ${file}`)));
  const held = new Set(heldByTests());
  expect([...held].filter((entry) => !told.has(entry)).sort(), 'held by a test, not in the table').toEqual([]);
  expect([...told].filter((entry) => !held.has(entry)).sort(), 'in the table, held by no such test').toEqual([]);
});

test('a title counts with all of its numbers, a number elsewhere does not', () => {
  const [first, second] = CASES;
  expect(casesInTitles(`test('${first} ${second} a title', () => {}); // ${first}, as told`)).toEqual([first, second]);
  expect(casesInTitles(`test(\`${second} \${n} times\`); log('see ${first}')`)).toEqual([second]);
});
