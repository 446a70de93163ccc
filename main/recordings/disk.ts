/**
 * The file system calls that recordings need, with the signatures of `node:fs/promises`. The default is `defaultDisk`.
 * Tests pass one that is full, slow or read-only.
 */
export interface Disk {
  mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
  open(path: string, flags: string, mode?: number): Promise<DiskFile>;
  readdir(path: string): Promise<string[]>;
  /** Reads a small text file. */
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  /** Writes a new file. An existing file of that name is removed first, never written to. */
  writeFile(path: string, text: string, options: { mode: number }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** `mtimeMs`: time of the last change, in ms since the epoch. */
  stat(path: string): Promise<{ size: number; mtimeMs: number }>;
  /** As `stat`, without following a link. */
  lstat(path: string): Promise<DiskEntry>;
  unlink(path: string): Promise<void>;
  /** With `COPYFILE_EXCL` it fails with `EEXIST` if the target exists. */
  copyFile(from: string, to: string, mode: number): Promise<void>;
}

/** What is known of a file or folder without opening it. */
export interface DiskEntry {
  size: number;
  mtimeMs: number;
  /** Time of the last change of content, owner, mode or name, in ms since the epoch. Programs can't set it. */
  ctimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

export interface DiskFile {
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  stat(): Promise<{ size: number }>;
  close(): Promise<void>;
}

/** Only the owner may read recordings. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** Writes all of `bytes`. A single `write` may write less, for example if the disk is almost full. */
export async function writeFully(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error('the disk took no more bytes');
    done += bytesWritten;
  }
}

/** Reads from `position` until `bytes` is full or the file ends. @returns the number of bytes read */
export async function readFully(file: DiskFile, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** Replaces a file atomically: readers see the old text or the new one, never a part of it. */
export async function writeAtomically(disk: Disk, path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  await disk.writeFile(temporary, text, { mode: FILE_MODE });
  await disk.rename(temporary, path);
}

/** The code of a system error, such as `ENOENT`; undefined for other values. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error ? (error as { code?: unknown }).code : undefined;
}

/** Whether there is anything of this name, also a link to nothing. @throws what `lstat` does, but for a missing file */
export async function exists(disk: Pick<Disk, 'lstat'>, path: string): Promise<boolean> {
  return disk.lstat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    },
  );
}
