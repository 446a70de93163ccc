import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
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
import { EarshotError } from '../../shared/errors.ts';

// The files of the data folder are opened here, so that one rule holds for all: regular files of ours, links not followed.

/** Who runs Earshot. */
export interface Owner {
  platform: NodeJS.Platform;
  /** The effective user id; null on Windows, which has none. */
  uid: number | null;
}

/** This process. */
export const SELF: Owner = { platform: process.platform, uid: process.geteuid?.() ?? null };

/** What is looked at of a file or folder. */
export type Facts = Pick<Stats, 'uid' | 'mode' | 'nlink' | 'size' | 'isFile' | 'isDirectory'>;

const COPY_IN_ITS_PLACE = 'Put a copy in its place.';

export type Access = 'read' | 'rewrite';

/** Group and others may write. */
const WRITABLE_BY_OTHERS = 0o022;
/** Of a folder that others may write: nobody may remove what is another's, as in /tmp. */
const STICKY = 0o1000;
/** `O_NONBLOCK`: the open of a FIFO without a writer returns at once; it does nothing to a regular file. Windows has neither. */
const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** An administrator can do anything anyway; what belongs to root is as good as ours. Windows has no ids to compare. */
export function isOwned({ uid }: Pick<Facts, 'uid'>, owner: Owner): boolean {
  return owner.uid === null || uid === owner.uid || uid === 0;
}

function isWritableByOthers({ mode }: Pick<Facts, 'mode'>, owner: Owner): boolean {
  return owner.platform !== 'win32' && (mode & WRITABLE_BY_OTHERS) !== 0;
}

/** Why an open file must not be used; null: it may. Pure. */
export function fileRefusal(path: string, facts: Facts, access: Access, owner: Owner): EarshotError | null {
  if (!facts.isFile()) return unsafeFile(path, 'is not a regular file', 'Remove it or move it away.');
  if (!isOwned(facts, owner))
    return unsafeFile(path, 'belongs to another user', 'Remove it, or put a copy of your own in its place.');
  // The bytes of a hard link are those of another name as well.
  if (access === 'rewrite' && facts.nlink > 1)
    return unsafeFile(path, 'has another name (a hard link)', 'Put a copy of it in its place.');
  return null;
}

/** @param what it is, behind "it" @param remedy a sentence */
export function unsafeFile(path: string, what: string, remedy: string): EarshotError {
  // Its name alone: a line of the log cuts what is longer than 200 characters, and the remedy comes last.
  return new EarshotError('file_unsafe', `Earshot does not use ${basename(path)}: it ${what}. ${remedy}`);
}

/**
 * Opens a regular file of ours and follows no link. One that others may write is closed to them first.
 * @param flags `r`; `r+` also needs a file with one name; `wx` makes a new one
 * @throws {EarshotError} `file_unsafe`
 * @throws the system's error
 */
export async function openOwnFile(path: string, flags: string, mode = 0o600, owner = SELF): Promise<FileHandle> {
  // Where the system can't refuse a link while it opens, as on Windows, it is refused just before.
  if (flags !== 'wx' && owner.platform === 'win32') check(path, await lstat(path), flags, owner);
  const file = await open(path, openFlags(flags), mode).catch((cause: unknown) => {
    throw refusalOfOpen(path, cause);
  });
  try {
    const facts = await file.stat();
    check(path, facts, flags, owner);
    if (isWritableByOthers(facts, owner)) await file.chmod(closed(facts.mode)).catch(() => undefined);
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

/**
 * A text file of ours, whole.
 * @param maxBytes more is refused unread
 * @throws as `openOwnFile`; `file_unsafe` also for one that is too long
 */
export async function readOwnFile(path: string, maxBytes: number, owner = SELF): Promise<string> {
  const file = await openOwnFile(path, 'r', 0, owner);
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

/** As `readOwnFile`, for what is read before anything else can begin. */
export function readOwnFileSync(path: string, maxBytes: number, owner = SELF): string {
  const file = openOwnFileSync(path, owner);
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

/** As `openOwnFile`, for reading. @returns the descriptor, which is the caller's to close */
export function openOwnFileSync(path: string, owner = SELF): number {
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
    if (isWritableByOthers(facts, owner)) closeToOthers(file, facts.mode);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** A name for a file that is written beside another one and then put in its place: nobody can lay anything there before. */
export function temporaryName(path: string): string {
  return `${path}.${randomBytes(8).toString('hex')}.tmp`;
}

/** Replaces a text file in one step; a link in its place is replaced, and not followed. @throws the system's error */
export function replaceFileSync(path: string, text: string, mode: number): void {
  const temporary = temporaryName(path);
  try {
    writeFileSync(temporary, text, { mode, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes a new file. What has its name is removed and never written to, so that a link or a file of another user that was
 * laid there leads nowhere.
 * @throws the system's error, e.g. `EEXIST` where somebody is quicker
 */
export async function writeNewFile(path: string, text: string, mode: number): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  });
  const file = await openOwnFile(path, 'wx', mode);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/**
 * Where a file is that may be reached by a link of our own, as people have it who keep their settings in a repository. It must lie in
 * a folder that is ours and that nobody else may write; of the file itself `openOwnFile` sees to that.
 * @returns the path itself where no link is
 * @throws {EarshotError} `file_unsafe` for any other link
 * @throws the system's error where nothing is there
 */
export function followOwnLinkSync(path: string, owner = SELF): string {
  // Whose link it is Windows does not tell: none is followed there.
  if (owner.platform === 'win32') return path;
  const link = lstatSync(path);
  if (!link.isSymbolicLink()) return path;
  if (!isOwned(link, owner)) throw unsafeFile(path, 'is a link of another user', COPY_IN_ITS_PLACE);
  let target: string;
  try {
    target = realpathSync(path);
  } catch {
    throw unsafeFile(path, 'is a link that leads nowhere', COPY_IN_ITS_PLACE);
  }
  const folder = statSync(dirname(target));
  if (!isOwned(folder, owner) || isWritableByOthers(folder, owner))
    throw unsafeFile(path, 'is a link into a folder open to others', COPY_IN_ITS_PLACE);
  return target;
}

/** What a folder needs before it is used. Pure. */
export function folderRefusal(path: string, facts: Facts, link: Facts, owner: Owner): 'close' | EarshotError | null {
  // Something else in its place is told by whoever uses it.
  if (!facts.isDirectory()) return null;
  // A link of ours, as to a larger disk, leads where we want; one of another user leads where they want.
  if (!isOwned(facts, owner) || !isOwned(link, owner)) return unsafeFolder(path, 'belongs to another user');
  if (!isWritableByOthers(facts, owner)) return null;
  // Others are meant to use it: to close /tmp, as root could, would break their programs.
  return (facts.mode & STICKY) !== 0 ? unsafeFolder(path, 'is a folder for all users') : 'close';
}

/**
 * Makes sure that nobody else can put anything into a folder: it must be ours, and where group or others may write into
 * it, that right is taken away.
 * @returns whether a right was taken away
 * @throws {EarshotError} `folder_unsafe`
 * @throws the system's error where it is not there
 */
export async function secureFolder(path: string, owner = SELF): Promise<boolean> {
  const facts = await stat(path);
  const refusal = folderRefusal(path, facts, await lstat(path), owner);
  if (refusal === null) return false;
  if (refusal !== 'close') throw refusal;
  await chmod(path, closed(facts.mode)).catch(() => undefined);
  // Some file systems keep no modes, and only its owner may change one.
  if (isWritableByOthers(await stat(path), owner)) throw unsafeFolder(path, 'can be written by other users');
  return true;
}

/** As `secureFolder`. */
export function secureFolderSync(path: string, owner = SELF): void {
  const facts = statSync(path);
  const refusal = folderRefusal(path, facts, lstatSync(path), owner);
  if (refusal === null) return;
  if (refusal !== 'close') throw refusal;
  try {
    chmodSync(path, closed(facts.mode));
  } catch {
    // Then it is as it was, which is looked at next.
  }
  if (isWritableByOthers(statSync(path), owner)) throw unsafeFolder(path, 'can be written by other users');
}

function unsafeFolder(path: string, what: string): EarshotError {
  return new EarshotError(
    'folder_unsafe',
    `Earshot does not keep its data in ${path}: it ${what}. Make it a folder of your own that nobody else may write to, ` +
      'or choose another data folder (--data-dir, in the desktop app EARSHOT_DATA_DIR).',
  );
}

function check(path: string, facts: Facts, flags: string, owner: Owner): void {
  if (facts.isDirectory()) throw Object.assign(new Error(`EISDIR: ${path} is a folder`), { code: 'EISDIR' });
  const refusal = fileRefusal(path, facts, flags === 'r' ? 'read' : 'rewrite', owner);
  if (refusal !== null) throw refusal;
}

function openFlags(flags: string): number {
  if (flags === 'r') return constants.O_RDONLY | SAFELY;
  if (flags === 'r+') return constants.O_RDWR | SAFELY;
  return constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | SAFELY;
}

/** What a system answers to `O_NOFOLLOW` on a link (`EMLINK`: FreeBSD), and to a FIFO or socket that nobody reads. */
function refusalOfOpen(path: string, cause: unknown): unknown {
  const code = (cause as { code?: unknown }).code;
  if (code === 'ELOOP' || code === 'EMLINK') return unsafeFile(path, 'is a link', COPY_IN_ITS_PLACE);
  if (code === 'ENXIO' || code === 'EISDIR')
    return unsafeFile(path, 'is not a regular file', 'Remove it or move it away.');
  return cause;
}

function closed(mode: number): number {
  return mode & 0o7777 & ~WRITABLE_BY_OTHERS;
}

function closeToOthers(file: number, mode: number): void {
  try {
    fchmodSync(file, closed(mode));
  } catch {
    // Only its owner may: root's stays as it is.
  }
}

function tooLong(path: string, maxBytes: number): EarshotError {
  return unsafeFile(path, `is longer than ${maxBytes} bytes`, 'Remove it or move it away.');
}
