import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, cp, lstat, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { controlText } from './control.ts';
import type { DebRequest } from './fpm-arguments.ts';

/** Writes the package with `dpkg-deb`. All its files belong to root. */
export async function buildDeb(request: DebRequest): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'earshot-deb-'));
  try {
    // This folder becomes `/`.
    await chmod(root, 0o755);
    for (const { from, to } of request.contents) await place(from, root, to);
    const { files, bytes } = await filesBelow(root);
    const debian = join(root, 'DEBIAN');
    await mkdir(debian, { mode: 0o755 });
    const sums = await Promise.all(files.map(async (path) => `${await md5(path)}  ${relative(root, path)}\n`));
    await writeFile(join(debian, 'control'), controlText(request, Math.ceil(bytes / 1024)));
    await writeFile(join(debian, 'md5sums'), sums.sort().join(''));
    if (request.configFiles.length > 0)
      await writeFile(join(debian, 'conffiles'), `${request.configFiles.join('\n')}\n`);
    for (const [name, script] of Object.entries(request.scripts)) {
      await copyFile(script, join(debian, name));
      await chmod(join(debian, name), 0o755);
    }
    const level = request.compressionLevel === null ? [] : [`-z${request.compressionLevel}`];
    const options = [`-Z${request.compression}`, ...level, '--root-owner-group'];
    await promisify(execFile)('dpkg-deb', [...options, '--build', root, request.output]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/**
 * Copies like fpm: if the source ends in `/`, the contents of the folder, otherwise the file or folder itself.
 */
async function place(from: string, root: string, to: string): Promise<void> {
  const isFolder = (await stat(from)).isDirectory();
  const target = join(root, to, to.endsWith('/') && !isFolder ? basename(from) : '');
  await makeFolders(root, isFolder ? target : dirname(target));
  await cp(from, target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** Creates the folders below the root with mode 755, whatever the umask. */
async function makeFolders(root: string, folder: string): Promise<void> {
  if (folder === root) return;
  await makeFolders(root, dirname(folder));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
}

/** The regular files below a folder, and the size of everything below it in bytes; a folder counts as 1 KiB. */
async function filesBelow(folder: string): Promise<{ files: string[]; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    bytes += entry.isFile() ? (await lstat(path)).size : 1024;
    if (entry.isFile()) files.push(path);
  }
  return { files, bytes };
}

async function md5(path: string): Promise<string> {
  const digest = createHash('md5');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}
