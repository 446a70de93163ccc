import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
  it('is made once and read from then on, by its owner alone', async () => {
    const first = await loadPageName(dir);
    expect([isPageName(first.name), first.problem]).toEqual([true, null]);
    expect(await loadPageName(dir)).toEqual(first);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['page-name']);
  });

  it('is one, where two hosts start for the first time at once', async () => {
    const names = await Promise.all(Array.from({ length: 8 }, () => loadPageName(dir)));
    expect(new Set(names.map(({ name }) => name)).size).toBe(1);
    expect(names.every(({ problem }) => problem === null)).toBe(true);
    expect(await readdir(dir)).toEqual(['page-name']);
  });

  it.each([
    ['is empty', ''],
    ['holds another name', 'localhost\n'],
    ['is too long', 'a'.repeat(1_000)],
  ])('is a new one where the file %s, and that is said', async (_title, text) => {
    await writeFile(file, text);
    const { name, problem } = await loadPageName(dir);
    expect([isPageName(name), problem?.code]).toEqual([true, 'page_name_renewed']);
    expect(await readFile(file, 'utf8')).toBe(`${name}\n`);
    expect(await loadPageName(dir)).toEqual({ name, problem: null });
  });

  it('is a new one where the file is a link, whose target is left alone', async (context) => {
    context.skip(process.platform === 'win32', 'links need rights there');
    const target = join(dir, 'target');
    const planted = `${'a'.repeat(32)}.localhost\n`;
    await writeFile(target, planted);
    await symlink(target, file);
    const { name, problem } = await loadPageName(dir);
    expect([`${name}\n` === planted, problem?.code]).toEqual([false, 'page_name_renewed']);
    expect(await readFile(target, 'utf8')).toBe(planted);
  });

  it('is for this launch alone where nothing can be written in its place, and that is said', async () => {
    await mkdir(file);
    const { name, problem } = await loadPageName(dir);
    expect([isPageName(name), problem?.code]).toEqual([true, 'page_name_not_kept']);
    expect(await readdir(dir)).toEqual(['page-name']);
  });
});

it('a label is 128 random bits in hexadecimal digits, another one each time', () => {
  const labels = Array.from({ length: 3 }, () => randomLabel());
  expect(new Set(labels).size).toBe(3);
  for (const label of labels) expect(label).toMatch(/^[0-9a-f]{32}$/);
  expect(labels.every((label) => isPageName(pageNameOf(label)))).toBe(true);
});
