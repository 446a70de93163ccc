/**
 * What the recordings need of a disk, in the shapes of `node:fs/promises`. The default is `ownDisk`. A test hands over one
 * that is full, slow or read-only.
 */
export interface Disk {
  mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
  open(path: string, flags: string, mode?: number): Promise<DiskFile>;
  readdir(path: string): Promise<string[]>;
  /** A small text. */
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  /** A new file: what has its name is removed, and not written to. */
  writeFile(path: string, text: string, options: { mode: number }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  stat(path: string): Promise<{ size: number }>;
  /** As `stat`, of a link itself. */
  lstat(path: string): Promise<{ size: number; isFile(): boolean }>;
  unlink(path: string): Promise<void>;
  /** With `COPYFILE_EXCL` it fails with `EEXIST` where the copy is there already. */
  copyFile(from: string, to: string, mode: number): Promise<void>;
}

export interface DiskFile {
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  stat(): Promise<{ size: number }>;
  close(): Promise<void>;
}

/** What people say is theirs alone: no other user of the machine may read it. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** Writes all of `bytes`: one call may write less, as a disk that is about to be full does. */
export async function writeFully(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error('the disk took no more bytes');
    done += bytesWritten;
  }
}

/** Reads from `position` until `bytes` is full. @returns how many there were before the file's end */
export async function readFully(file: DiskFile, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** Replaces a file in one step: a reader sees the old text or the new one, never half of it. */
export async function writeAtomically(disk: Disk, path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  await disk.writeFile(temporary, text, { mode: FILE_MODE });
  await disk.rename(temporary, path);
}

/** The system's name of an error, e.g. `ENOENT`; undefined for anything else that was thrown. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error ? (error as { code?: unknown }).code : undefined;
}
