import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './run-tool.ts';

const FOLDERS = ['main', 'preload', 'shared', 'renderer', 'tools', 'bench', 'chaos', 'e2e', 'testing'];
/** The numbers of all cases. */
const CASES = Array.from({ length: 72 }, (_, i) => `H${String(i + 1).padStart(2, '0')}`);

/** The cases at the start of the titles in a test file. A title may name several cases. */
function casesInTitles(source: string): string[] {
  const titles = source.matchAll(/['"`]((?:H\d\d )+)/g);
  return [...titles].flatMap(([, cases = '']) => cases.trim().split(' '));
}

/** The rows of the table: case, description, and files in backticks. */
function rowsOf(markdown: string): { case: string; description: string; files: string[] }[] {
  return [...markdown.matchAll(/^\| (H\d\d) \| (.+?) \| (.+) \|$/gm)].map(
    ([, number = '', description = '', files = '']) => ({
      case: number,
      description,
      files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    }),
  );
}

/** A line `case file` for every case in every test file. */
function casesOfTests(): string[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(test\.tsx?|spec\.ts)$/.test(name))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  return files.flatMap((file) =>
    [...new Set(casesInTitles(readFileSync(join(ROOT, file), 'utf8')))].map((number) => `${number} ${file}`),
  );
}

const rows = rowsOf(readFileSync(join(ROOT, 'docs/testing.md'), 'utf8'));

test('the table of hostile cases in docs/testing.md has each number once, in order, with a description and a test', () => {
  const numbers = rows.map((row) => row.case);
  expect(numbers.slice(0, CASES.length)).toEqual(CASES);
  expect(numbers).toEqual([...new Set(numbers)].sort());
  for (const { description, files } of rows) {
    expect(description.length).toBeGreaterThan(20);
    expect(new Set(files).size, description).toBe(files.length);
    expect(files.length, description).toBeGreaterThan(0);
  }
});

test('the table names exactly the files with a title that starts with the number', () => {
  const inTable = new Set(rows.flatMap((row) => row.files.map((file) => `${row.case} ${file}`)));
  const inTests = new Set(casesOfTests());
  expect([...inTests].filter((entry) => !inTable.has(entry)).sort(), 'in a test, but not in the table').toEqual([]);
  expect([...inTable].filter((entry) => !inTests.has(entry)).sort(), 'in the table, but not in such a test').toEqual(
    [],
  );
});

test('all numbers at the start of a title count, and no others', () => {
  const [first, second] = CASES;
  expect(casesInTitles(`test('${first} ${second} a title', () => {}); // ${first}, as above`)).toEqual([first, second]);
  expect(casesInTitles(`test(\`${second} \${n} times\`); log('see ${first}')`)).toEqual([second]);
});
