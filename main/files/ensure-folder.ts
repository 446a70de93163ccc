import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents, readable by their owner only.
 *
 * One level at a time: Node's `recursive` option never returns if an existing parent, such as `/proc`, answers ENOENT.
 * @param dir absolute path
 * @throws the system's error, e.g. ENOTDIR, EACCES, ENOENT
 */
export async function ensureFolder(dir: string): Promise<void> {
  const existing = await stat(dir).catch(() => null);
  if (existing?.isDirectory()) return;
  const parent = dirname(dir);
  if (parent !== dir) await ensureFolder(parent);
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it in the meantime. A file of that name is still an error.
    const found = await stat(dir).catch(() => null);
    if (!found?.isDirectory()) throw error;
  }
}
