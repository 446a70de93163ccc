import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { chmod, type FileHandle, lstat, open, stat, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { EarshotError } from '../../shared/errors.ts';
import type { Text } from '../text/en.ts';
import { HostError } from '../text/host-error.ts';

// Opens the files of the data folder under one rule: regular files that belong to the user or to root; links are not
// followed.

/** The user that runs Earshot. */
export interface Owner {
  platform: NodeJS.Platform;
  /** The effective user id; null on Windows, which has none. */
  uid: number | null;
}

/** This process. */
export const SELF: Owner = { platform: process.platform, uid: process.geteuid?.() ?? null };

/** The properties of a file or folder that are checked. */
export type FileFacts = Pick<Stats, 'uid' | 'mode' | 'nlink' | 'size' | 'isFile' | 'isDirectory'>;

export type Access = 'read' | 'rewrite';

/** Write permission of group and others. */
const WRITABLE_BY_OTHERS = 0o022;
/** In a folder with this bit, such as /tmp, users can't remove each other's files. */
const STICKY = 0o1000;
/**
 * With `O_NONBLOCK`, opening a FIFO without a writer returns immediately; regular files are not affected. Windows has
 * neither.
 */
const SAFE_OPEN_FLAGS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Files of root are trusted, since root can do anything anyway. Windows has no user ids to compare. */
export function isOwned({ uid }: Pick<FileFacts, 'uid'>, owner: Owner): boolean {
  return owner.uid === null || uid === owner.uid || uid === 0;
}

function isWritableByOthers({ mode }: Pick<FileFacts, 'mode'>, owner: Owner): boolean {
  return owner.platform !== 'win32' && (mode & WRITABLE_BY_OTHERS) !== 0;
}

/** Returns why an open file must not be used, or null. */
export function fileRefusal(path: string, facts: FileFacts, access: Access, owner: Owner): EarshotError | null {
  if (!facts.isFile()) return unsafeFile(path, 'notRegular', 'remove');
  if (!isOwned(facts, owner)) return unsafeFile(path, 'otherUser', 'removeOrReplace');
  // Writing to a hard link would also change the file under its other name.
  if (access === 'rewrite' && facts.nlink > 1) return unsafeFile(path, 'hardLink', 'copyOfIt');
  return null;
}

type Errors = Text['errors'];

/** @param flaw what is wrong with the file @param remedy what to do */
export function unsafeFile(
  path: string,
  flaw: keyof Errors['fileFlaws'],
  remedy: keyof Errors['remedies'],
): EarshotError {
  // The file name without its path: log fields are cut at 200 characters, and the remedy comes last.
  const name = basename(path);
  return new HostError('file_unsafe', ({ unsafeFile, fileFlaws, remedies }) =>
    unsafeFile({ name, flaw: fileFlaws[flaw], remedy: remedies[remedy] }),
  );
}

/**
 * Opens a regular file that belongs to the user or to root, without following links. Removes other users' write
 * permission.
 * @param flags `r`; `r+`, which rejects hard links; `wx`, which creates a new file
 * @throws {EarshotError} `file_unsafe`
 * @throws the system's error
 */
export async function openOwnedFile(path: string, flags: string, mode = 0o600, owner = SELF): Promise<FileHandle> {
  // Windows has no O_NOFOLLOW, so check for a link before the open.
  if (flags !== 'wx' && owner.platform === 'win32') check(path, await lstat(path), flags, owner);
  const file = await open(path, openFlags(flags), mode).catch((cause: unknown) => {
    throw refusalOfOpen(path, cause);
  });
  try {
    const facts = await file.stat();
    check(path, facts, flags, owner);
    if (isWritableByOthers(facts, owner)) await file.chmod(withoutOthersWrite(facts.mode)).catch(() => undefined);
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

/**
 * Reads a whole text file.
 * @param maxBytes longer files are rejected unread
 * @throws as `openOwnedFile`; also `file_unsafe` if the file is too long
 */
export async function readOwnedFile(path: string, maxBytes: number, owner = SELF): Promise<string> {
  const file = await openOwnedFile(path, 'r', 0, owner);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw tooLong(path, maxBytes);
    const bytes = Buffer.alloc(size);
    let done = 0;
    while (done < size) {
      const { bytesRead } = await file.read(bytes, done, size - done, done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.toString('utf8', 0, done);
  } finally {
    await file.close();
  }
}

/** As `readOwnedFile`, synchronously, for files that are needed at startup. */
export function readOwnedFileSync(path: string, maxBytes: number, owner = SELF): string {
  const file = openOwnedFileSync(path, owner);
  try {
    const { size } = fstatSync(file);
    if (size > maxBytes) throw tooLong(path, maxBytes);
    const bytes = Buffer.alloc(size);
    let done = 0;
    while (done < size) {
      const read = readSync(file, bytes, done, size - done, done);
      if (read === 0) break;
      done += read;
    }
    return bytes.toString('utf8', 0, done);
  } finally {
    closeSync(file);
  }
}

/** As `openOwnedFile` with `r`, synchronously. @returns a file descriptor that the caller must close */
export function openOwnedFileSync(path: string, owner = SELF): number {
  if (owner.platform === 'win32') check(path, lstatSync(path), 'r', owner);
  let file: number;
  try {
    file = openSync(path, openFlags('r'));
  } catch (cause) {
    throw refusalOfOpen(path, cause);
  }
  try {
    const facts = fstatSync(file);
    check(path, facts, 'r', owner);
    if (isWritableByOthers(facts, owner)) removeOthersWrite(file, facts.mode);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** An unpredictable name for a temporary file next to `path`, so no other user can create that file first. */
export function temporaryName(path: string): string {
  return `${path}.${randomBytes(8).toString('hex')}.tmp`;
}

/**
 * Replaces a text file atomically. A link is replaced, not followed.
 * @param options.flush whether the text must be on the disk before the old file is replaced, so that a power cut leaves
 *   one of the two; default: false
 * @throws the system's error
 */
export function replaceFileSync(path: string, text: string, mode: number, { flush = false } = {}): void {
  const temporary = temporaryName(path);
  try {
    const file = openSync(temporary, 'wx', mode);
    try {
      writeFileSync(file, text);
      if (flush) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes a new file. An existing file or link of that name is removed first, never written to or followed.
 * @throws the system's error, such as `EEXIST` if another process creates the file in the meantime
 */
export async function writeNewFile(path: string, text: string, mode: number): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  });
  const file = await openOwnedFile(path, 'wx', mode);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/**
 * Resolves a link that the user has created, for example to settings in a repository. Its target must be in a folder
 * that belongs to the user and that no other user may write to. `openOwnedFile` checks the target itself.
 * @returns the target, or `path` if it is not a link
 * @throws {EarshotError} `file_unsafe` for any other link
 * @throws the system's error if `path` does not exist
 */
export function resolveOwnedLinkSync(path: string, owner = SELF): string {
  // Windows does not report the owner of a link, so links are not followed there.
  if (owner.platform === 'win32') return path;
  const link = lstatSync(path);
  if (!link.isSymbolicLink()) return path;
  if (!isOwned(link, owner)) throw unsafeFile(path, 'linkOfOther', 'replace');
  let target: string;
  try {
    target = realpathSync(path);
  } catch {
    throw unsafeFile(path, 'brokenLink', 'replace');
  }
  const folder = statSync(dirname(target));
  if (!isOwned(folder, owner) || isWritableByOthers(folder, owner))
    throw unsafeFile(path, 'linkToOpenFolder', 'replace');
  return target;
}

/**
 * Decides whether a folder may be used.
 * @returns null: it may; `restrict`: it may once the write permission of group and others is removed; else the error
 */
export function folderRefusal(
  path: string,
  facts: FileFacts,
  link: FileFacts,
  owner: Owner,
): 'restrict' | EarshotError | null {
  // If it is a file, the first use of the path reports that.
  if (!facts.isDirectory()) return null;
  // A link of the user, for example to a larger disk, is fine. Another user controls where their own link leads.
  if (!isOwned(facts, owner) || !isOwned(link, owner)) return unsafeFolder(path, 'otherUser');
  if (!isWritableByOthers(facts, owner)) return null;
  // A shared folder: removing others' permission, as root could for /tmp, would break their programs.
  return (facts.mode & STICKY) !== 0 ? unsafeFolder(path, 'forAll') : 'restrict';
}

/**
 * Makes sure that no other user can write to a folder. It must belong to the user or to root; write permission of group
 * and others is removed.
 * @returns whether a permission was removed
 * @throws {EarshotError} `folder_unsafe`
 * @throws the system's error if the folder does not exist
 */
export async function secureFolder(path: string, owner = SELF): Promise<boolean> {
  const facts = await stat(path);
  const refusal = folderRefusal(path, facts, await lstat(path), owner);
  if (refusal === null) return false;
  if (refusal !== 'restrict') throw refusal;
  await chmod(path, withoutOthersWrite(facts.mode)).catch(() => undefined);
  // Check the result: some file systems store no modes, and only the owner may change them.
  if (isWritableByOthers(await stat(path), owner)) throw unsafeFolder(path, 'writable');
  return true;
}

/** As `secureFolder`, synchronously. */
export function secureFolderSync(path: string, owner = SELF): void {
  const facts = statSync(path);
  const refusal = folderRefusal(path, facts, lstatSync(path), owner);
  if (refusal === null) return;
  if (refusal !== 'restrict') throw refusal;
  try {
    chmodSync(path, withoutOthersWrite(facts.mode));
  } catch {
    // The check below reports the failure.
  }
  if (isWritableByOthers(statSync(path), owner)) throw unsafeFolder(path, 'writable');
}

function unsafeFolder(path: string, flaw: keyof Errors['folderFlaws']): EarshotError {
  return new HostError('folder_unsafe', ({ unsafeFolder, folderFlaws }) =>
    unsafeFolder({ path, flaw: folderFlaws[flaw] }),
  );
}

function check(path: string, facts: FileFacts, flags: string, owner: Owner): void {
  if (facts.isDirectory()) throw Object.assign(new Error(`EISDIR: ${path} is a folder`), { code: 'EISDIR' });
  const refusal = fileRefusal(path, facts, flags === 'r' ? 'read' : 'rewrite', owner);
  if (refusal !== null) throw refusal;
}

function openFlags(flags: string): number {
  if (flags === 'r') return constants.O_RDONLY | SAFE_OPEN_FLAGS;
  if (flags === 'r+') return constants.O_RDWR | SAFE_OPEN_FLAGS;
  return constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | SAFE_OPEN_FLAGS;
}

/** Translates the errors of opening a link with `O_NOFOLLOW` (`EMLINK` on FreeBSD), a folder, or a FIFO or socket. */
function refusalOfOpen(path: string, cause: unknown): unknown {
  const code = (cause as { code?: unknown }).code;
  if (code === 'ELOOP' || code === 'EMLINK') return unsafeFile(path, 'link', 'replace');
  if (code === 'ENXIO' || code === 'EISDIR') return unsafeFile(path, 'notRegular', 'remove');
  return cause;
}

function withoutOthersWrite(mode: number): number {
  return mode & 0o7777 & ~WRITABLE_BY_OTHERS;
}

function removeOthersWrite(file: number, mode: number): void {
  try {
    fchmodSync(file, withoutOthersWrite(mode));
  } catch {
    // Only the owner may change the mode; a file of root keeps it.
  }
}

function tooLong(path: string, maxBytes: number): EarshotError {
  const name = basename(path);
  return new HostError('file_unsafe', ({ unsafeFile, fileTooLong, remedies }) =>
    unsafeFile({ name, flaw: fileTooLong({ bytes: maxBytes }), remedy: remedies.remove }),
  );
}
