import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPageName, pageNameOf } from '../../shared/page-name.ts';
import { loadPageName, randomLabel } from './page-name.ts';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'earshot-page-name-'));
  file = join(dir, 'page-name');
});
afterEach(async () => {
  await chmod(dir, 0o700);
  await rm(dir, { recursive: true });
});

describe('H67 the name of the page', () => {
  test('is created once and then read; only its owner can read it', async () => {
    const first = await loadPageName(dir);
    expect([isPageName(first.name), first.problem]).toEqual([true, null]);
    expect(await loadPageName(dir)).toEqual(first);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['page-name']);
  });

  test('is the same for two hosts whose first starts coincide', async () => {
    const names = await Promise.all(Array.from({ length: 8 }, () => loadPageName(dir)));
    expect(new Set(names.map(({ name }) => name)).size).toBe(1);
    expect(names.every(({ problem }) => problem === null)).toBe(true);
    expect(await readdir(dir)).toEqual(['page-name']);
  });

  test.each([
    ['is empty', ''],
    ['contains another name', 'localhost\n'],
    ['is too long', 'a'.repeat(1_000)],
  ])('is replaced, with a warning, if the file %s', async (_title, text) => {
    await writeFile(file, text);
    const { name, problem } = await loadPageName(dir);
    expect([isPageName(name), problem?.code]).toEqual([true, 'page_name_renewed']);
    expect(await readFile(file, 'utf8')).toBe(`${name}\n`);
    expect(await loadPageName(dir)).toEqual({ name, problem: null });
  });

  test('is replaced if the file is a link, whose target is not changed', async (context) => {
    context.skip(process.platform === 'win32', 'links need rights there');
    const target = join(dir, 'target');
    const targetText = `${'a'.repeat(32)}.localhost\n`;
    await writeFile(target, targetText);
    await symlink(target, file);
    const { name, problem } = await loadPageName(dir);
    expect([`${name}\n` === targetText, problem?.code]).toEqual([false, 'page_name_renewed']);
    expect(await readFile(target, 'utf8')).toBe(targetText);
  });

  test('is valid for this launch only, with a warning, if it cannot be saved', async () => {
    await mkdir(file);
    const { name, problem } = await loadPageName(dir);
    expect([isPageName(name), problem?.code]).toEqual([true, 'page_name_not_kept']);
    expect(await readdir(dir)).toEqual(['page-name']);
  });
});

test('a label is 128 random bits in hexadecimal digits, different each time', () => {
  const labels = Array.from({ length: 3 }, () => randomLabel());
  expect(new Set(labels).size).toBe(3);
  for (const label of labels) expect(label).toMatch(/^[0-9a-f]{32}$/);
  expect(labels.every((label) => isPageName(pageNameOf(label)))).toBe(true);
});
