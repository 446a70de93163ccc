import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { isOwned, openOwnedFile, readOwnedFile, SELF, secureFolder } from '../../files/owned-files.ts';
import { MAX_JSON_BYTES } from '../default-disk.ts';
import { FILE_MODE, FOLDER_MODE, readFully, writeFully } from '../disk.ts';
import { type FolderState, writeFolderStateSync } from './folder-file.ts';

/** Bytes that are copied at a time. */
const PIECE_BYTES = 1024 * 1024;

/** The file system calls of a move. Tests pass one that fails at some call. */
export interface MoveDisk {
  /** Names in a folder; none if there is no folder. */
  readdir(path: string): Promise<string[]>;
  /** Null if there is none. Does not follow links. */
  lstat(path: string): Promise<Stats | null>;
  /** Creates a folder that only the user may write to, if it is missing. */
  mkdir(path: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  /** Copies to a new file, flushes it, reads it back and compares. @throws if it differs, or `signal` is aborted */
  copy(from: string, to: string, signal: AbortSignal): Promise<void>;
  readText(path: string): Promise<string>;
  /** Creates a file and flushes it. */
  writeText(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  saveStateSync(path: string, state: FolderState): void;
}

/** Uses only regular files of the user, and follows no links. */
export const moveDisk: MoveDisk = {
  readdir: (path) => fs.readdir(path).catch(orIfMissing([])),
  lstat: (path) => fs.lstat(path).catch(orIfMissing(null)),
  async mkdir(path) {
    await fs.mkdir(path, { recursive: true, mode: FOLDER_MODE });
    await secureFolder(path);
  },
  link: fs.link,
  async copy(from, to, signal) {
    const source = await openOwnedFile(from, 'r');
    try {
      const target = await openOwnedFile(to, 'wx', FILE_MODE);
      try {
        const read = createHash('sha256');
        const piece = new Uint8Array(PIECE_BYTES);
        let at = 0;
        for (let length = -1; length !== 0; at += length) {
          signal.throwIfAborted();
          length = await readFully(source, piece, at);
          read.update(piece.subarray(0, length));
          await writeFully(target, piece.subarray(0, length), at);
        }
        await target.datasync();
        const written = createHash('sha256');
        let checked = 0;
        for (let length = -1; length !== 0; checked += length) {
          signal.throwIfAborted();
          length = await readFully(target, piece, checked);
          written.update(piece.subarray(0, length));
        }
        if (checked !== at || read.digest('hex') !== written.digest('hex'))
          throw new Error('the copy differs from the original');
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  },
  readText: (path) => readOwnedFile(path, MAX_JSON_BYTES),
  async writeText(path, text) {
    const file = await openOwnedFile(path, 'wx', FILE_MODE);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
  },
  rename: fs.rename,
  unlink: fs.unlink,
  rmdir: fs.rmdir,
  saveStateSync: writeFolderStateSync,
};

/** Whether this is a regular file that the user may move. */
export function isMovable(found: Stats | null): found is Stats {
  return found?.isFile() === true && isOwned(found, SELF);
}

function orIfMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return value;
    throw error;
  };
}
