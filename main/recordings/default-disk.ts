import * as fs from 'node:fs/promises';
import { isOwned, openOwnedFile, readOwnedFile, SELF, secureFolder, writeNewFile } from '../files/owned-files.ts';
import type { Disk } from './disk.ts';

/** Size limit of a recording's JSON, ten times what a full list of gaps needs. */
export const MAX_JSON_BYTES = 1024 * 1024;

/** The real disk. It uses only regular files that belong to the user (or root) and follows no links. */
export const defaultDisk: Disk = {
  async mkdir(path, options) {
    await fs.mkdir(path, options);
    await secureFolder(path);
  },
  open: (path, flags, mode) => openOwnedFile(path, flags, mode),
  async readdir(path) {
    await secureFolder(path);
    return fs.readdir(path);
  },
  readFile: (path) => readOwnedFile(path, MAX_JSON_BYTES),
  writeFile: (path, text, { mode }) => writeNewFile(path, text, mode),
  rename: fs.rename,
  stat: fs.stat,
  async lstat(path) {
    const found = await fs.lstat(path);
    const { size, mtimeMs, ctimeMs } = found;
    const owned = isOwned(found, SELF);
    return {
      size,
      mtimeMs,
      ctimeMs,
      isFile: () => owned && found.isFile(),
      isDirectory: () => owned && found.isDirectory(),
    };
  },
  unlink: fs.unlink,
  copyFile: fs.copyFile,
};
