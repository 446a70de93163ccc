import { lstat, mkdir, readdir, realpath, rmdir, statfs, unlink, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { describeError, EarshotError } from '../../../shared/errors.ts';
import { isOwned, SELF, secureFolder, temporaryName } from '../../files/owned-files.ts';
import { HostError } from '../../text/host-error.ts';
import { FILE_MODE, FOLDER_MODE } from '../disk.ts';

/** A file in a chosen folder. Without it, the folder of an unmounted drive looks like an empty one. */
export const FOLDER_MARK = '.earshot-recordings';
/** Name of the folder that is made inside of a chosen one that has other files. */
const OWN_FOLDER = 'Earshot';
/** Free bytes that a move leaves on the disk. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface TargetOptions {
  /** What the user chose in the system's dialog. */
  chosen: string;
  /** The folder of the recordings now. */
  current: string;
  dataDir: string;
  /** `recordings` in the data folder, which may be chosen again. */
  defaultDir: string;
  /** Bytes of the recordings, if they have to be copied. */
  bytes: number;
}

/**
 * Checks a chosen folder and prepares it: a folder that has other files gets one named `Earshot` inside of it.
 * @returns the folder to use
 * @throws {EarshotError} `folder_same`, `folder_inside`, `folder_linked`, `folder_unsafe`, `folder_not_writable`,
 *   `folder_full`: nothing was changed
 */
export async function prepareTarget(options: TargetOptions): Promise<string> {
  const { chosen, current, dataDir, defaultDir, bytes } = options;
  const isDefault = chosen === defaultDir;
  if (isDefault) await mkdir(chosen, { recursive: true, mode: FOLDER_MODE }).catch(() => undefined);
  const found = await lstat(chosen).catch((cause: unknown) => {
    throw notWritable(chosen, cause);
  });
  if (found.isSymbolicLink())
    throw new HostError('folder_linked', ({ folderLinked }) => folderLinked({ path: chosen }));
  if (!found.isDirectory()) throw new HostError('folder_not_writable', ({ noFolder }) => noFolder({ path: chosen }));
  if (!isOwned(found, SELF))
    throw new HostError('folder_unsafe', ({ folderOfOther }) => folderOfOther({ path: chosen }));
  const real = await realpath(chosen);
  const [source, data] = await Promise.all([realOr(current), realOr(dataDir)]);
  if (real === source) throw same(real);
  if (isInside(source, real)) throw new HostError('folder_inside', ({ folderInside }) => folderInside({ path: real }));
  if (!isDefault && (real === data || isInside(data, real)))
    throw new HostError('folder_inside', ({ folderInData }) => folderInData({ path: data }));
  const names = await readdir(real).catch((cause: unknown) => {
    throw notWritable(real, cause);
  });
  const isOwn = isDefault || names.length === 0 || names.includes(FOLDER_MARK);
  const target = isOwn ? real : join(real, OWN_FOLDER);
  if (target === source) throw same(target);
  const existed = await lstat(target).catch(() => null);
  if (existed?.isSymbolicLink())
    throw new HostError('folder_linked', ({ folderLinkedInside }) => folderLinkedInside({ path: target }));
  try {
    await mkdir(target, { mode: FOLDER_MODE, recursive: true });
    await secureFolder(target);
    const probe = temporaryName(join(target, FOLDER_MARK));
    await writeFile(probe, '', { flag: 'wx', mode: FILE_MODE });
    await unlink(probe);
    const { bavail, bsize } = await statfs(target);
    if (bytes + SPARE_BYTES > bavail * bsize)
      throw new HostError('folder_full', ({ folderFull }) => folderFull({ path: target }));
    return target;
  } catch (cause) {
    if (existed === null) await rmdir(target).catch(() => undefined);
    throw cause instanceof EarshotError ? cause : notWritable(target, cause);
  }
}

/** Marks a chosen folder as the one of the recordings. @returns whether it was not marked before */
export async function markFolder(dir: string): Promise<boolean> {
  return writeFile(join(dir, FOLDER_MARK), '', { mode: FILE_MODE, flag: 'wx' }).then(
    () => true,
    (error: unknown) => {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
      return false;
    },
  );
}

/** Removes the mark, and the folder if it is empty. Never rejects. */
export async function unmarkFolder(dir: string): Promise<void> {
  await unlink(join(dir, FOLDER_MARK)).catch(() => undefined);
  await rmdir(dir).catch(() => undefined);
}

/** Whether two folders are on the same volume, so that files can be linked instead of copied. */
export async function isSameVolume(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([lstat(a), lstat(b)]);
  return first.dev === second.dev;
}

function isInside(outer: string, path: string): boolean {
  const way = relative(outer, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !way.includes(':');
}

const realOr = (path: string) => realpath(path).catch(() => path);

const same = (path: string) => new HostError('folder_same', ({ folderSame }) => folderSame({ path }));

function notWritable(path: string, cause: unknown): EarshotError {
  const why = describeError(cause);
  return new HostError('folder_not_writable', (errors) => errors.folderNotWritable({ path, why }), { cause });
}
