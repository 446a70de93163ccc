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

test('creates a folder and its parents, also concurrently and repeatedly', async () => {
  const deep = join(dir, 'a', 'b', 'c');
  await Promise.all([ensureFolder(deep), ensureFolder(deep)]);
  await ensureFolder(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

test('rejects if the path or a parent is a file', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(ensureFolder(join(dir, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(ensureFolder(join(dir, 'file', 'a'))).rejects.toBeInstanceOf(Error);
});

test('rejects, and does not wait forever, if a parent refuses new entries', async (context) => {
  context.skip(process.platform !== 'linux', 'only Linux has /proc');
  await expect(ensureFolder('/proc/earshot/data')).rejects.toBeInstanceOf(Error);
});
