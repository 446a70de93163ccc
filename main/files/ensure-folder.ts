import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and what is missing above it, readable by its owner alone.
 *
 * Level by level: Node's own `recursive` never comes back where an existing parent answers ENOENT to a new entry, as
 * `/proc` does.
 * @param dir absolute
 * @throws the system's error, e.g. ENOTDIR, EACCES, ENOENT
 */
export async function ensureFolder(dir: string): Promise<void> {
  const there = await stat(dir).catch(() => null);
  if (there?.isDirectory()) return;
  const parent = dirname(dir);
  if (parent !== dir) await ensureFolder(parent);
  try {
    await mkdir(dir, { mode: 0o700 });
  } catch (error) {
    // Somebody else made it in the meantime; a file in its place stays an error.
    const made = await stat(dir).catch(() => null);
    if (!made?.isDirectory()) throw error;
  }
}
