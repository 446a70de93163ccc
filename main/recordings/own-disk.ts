import * as fs from 'node:fs/promises';
import { isOwned, openOwnFile, readOwnFile, SELF, secureFolder, writeNewFile } from '../files/own-files.ts';
import type { Disk } from './disk.ts';

/** A full list of gaps takes a tenth of this: a longer JSON is not one of ours. */
export const MAX_JSON_BYTES = 1024 * 1024;

/** The disk as it is: of the recordings' folder only regular files of ours are used, and no link is followed. */
export const ownDisk: Disk = {
  async mkdir(path, options) {
    await fs.mkdir(path, options);
    await secureFolder(path);
  },
  open: (path, flags, mode) => openOwnFile(path, flags, mode),
  async readdir(path) {
    await secureFolder(path);
    return fs.readdir(path);
  },
  readFile: (path) => readOwnFile(path, MAX_JSON_BYTES),
  writeFile: (path, text, { mode }) => writeNewFile(path, text, mode),
  rename: fs.rename,
  stat: fs.stat,
  async lstat(path) {
    const found = await fs.lstat(path);
    return { size: found.size, isFile: () => found.isFile() && isOwned(found, SELF) };
  },
  unlink: fs.unlink,
  copyFile: fs.copyFile,
};
