import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPageName } from '../../shared/page-name.ts';
import { keptPageName, randomLabel } from './page-name.ts';

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
    const first = await keptPageName(dir);
    expect([isPageName(first.name), first.problem]).toEqual([true, null]);
    expect(await keptPageName(dir)).toEqual(first);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['page-name']);
  });

  it('is one, where two hosts start for the first time at once', async () => {
    const names = await Promise.all(Array.from({ length: 8 }, () => keptPageName(dir)));
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
    const { name, problem } = await keptPageName(dir);
    expect([isPageName(name), problem?.code]).toEqual([true, 'page_name_renewed']);
    expect(await readFile(file, 'utf8')).toBe(`${name}\n`);
    expect(await keptPageName(dir)).toEqual({ name, problem: null });
  });

  it('is a new one where the file is a link, whose target is left alone', async (context) => {
    context.skip(process.platform === 'win32', 'links need rights there');
    const target = join(dir, 'target');
    const planted = `${'a'.repeat(26)}.localhost\n`;
    await writeFile(target, planted);
    await symlink(target, file);
    const { name, problem } = await keptPageName(dir);
    expect([`${name}\n` === planted, problem?.code]).toEqual([false, 'page_name_renewed']);
    expect(await readFile(target, 'utf8')).toBe(planted);
  });

  it('is for this launch alone where nothing can be written in its place, and that is said', async () => {
    await mkdir(file);
    const { name, problem } = await keptPageName(dir);
    expect([isPageName(name), problem?.code]).toEqual([true, 'page_name_not_kept']);
    expect(await readdir(dir)).toEqual(['page-name']);
  });
});

it('a label is the base32 of its bytes', () => {
  expect(randomLabel(new Uint8Array(16))).toBe('a'.repeat(26));
  // 16 bytes of all ones: 128 bits are 25 times 11111 and 11100.
  expect(randomLabel(new Uint8Array(16).fill(0xff))).toBe(`${'7'.repeat(25)}4`);
  // RFC 4648 section 10: BASE32("fooba") = "MZXW6YTB".
  expect(randomLabel(new TextEncoder().encode('fooba'))).toBe('mzxw6ytb');
});
