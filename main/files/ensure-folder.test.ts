import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureFolder } from './ensure-folder.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'earshot-folder-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('makes a folder with all above it, twice at once, and again', async () => {
  const deep = join(dir, 'a', 'b', 'c');
  await Promise.all([ensureFolder(deep), ensureFolder(deep)]);
  await ensureFolder(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

test('a file in its place, or above it, is an error', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(ensureFolder(join(dir, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(ensureFolder(join(dir, 'file', 'a'))).rejects.toBeInstanceOf(Error);
});

test('a parent that refuses new entries is an error and not an endless wait', async (context) => {
  context.skip(process.platform !== 'linux', 'only Linux has /proc');
  await expect(ensureFolder('/proc/earshot/data')).rejects.toBeInstanceOf(Error);
});
