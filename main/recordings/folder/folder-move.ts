import type { Stats } from 'node:fs';
import { basename, join } from 'node:path';
import type { EarshotError } from '../../../shared/errors.ts';
import { HostError } from '../../text/host-error.ts';
import { infoText, parseInfo } from '../list-recordings.ts';
import { isRecordingId } from '../recording-id.ts';
import type { Move, MovedFile } from './folder-file.ts';
import { isMovable, type MoveDisk } from './move-disk.ts';

/** A file of a recording, and its id. */
const RECORDING_FILE = /^([A-Za-z0-9_-]{1,128})\.(wav|json|json\.tmp|wav\.before-repair|json\.before-repair)$/;
/** A file of a deleted recording: `<id>.<launch>.<number>.<ending>`. */
const DELETED_FILE = /^([A-Za-z0-9_-]{1,128}\.[A-Za-z0-9-]{1,64})\.([1-9]\d{0,8})(\.[a-z.-]+)$/;
/** Most numbers that are tried to find a free name. */
const MAX_NAMES = 10_000;
/** What a file system answers that has no hard links, or none to another volume. */
const NO_LINK = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EINVAL']);

export const stagingFolder = ({ id, to }: Pick<Move, 'id' | 'to'>): string => join(to, `.earshot-move-${id}`);

/** Copies the files of a folder into a staging folder inside of the new one, as often as they change. */
export class Staging {
  readonly #disk: MoveDisk;
  readonly #move: Pick<Move, 'id' | 'from' | 'to'>;
  /** By name in the old folder. */
  readonly #files = new Map<string, MovedFile>();
  /** Ids of recordings that have another one in the new folder. */
  readonly #renamed = new Map<string, string>();
  #taken: ReadonlySet<string> = new Set();
  #next = 0;

  constructor(disk: MoveDisk, move: Pick<Move, 'id' | 'from' | 'to'>) {
    this.#disk = disk;
    this.#move = move;
  }

  get files(): MovedFile[] {
    return [...this.#files.values()];
  }

  /**
   * Copies what is new or has changed, and drops what is gone.
   * @param isOpen whether a recording is being written: it is left out
   * @returns whether nothing had to be done and nothing was left out
   * @throws the disk's error, or the reason of `signal`
   */
  async update(
    isOpen: (id: string) => boolean,
    signal: AbortSignal,
    onProgress: (done: number, all: number) => void,
  ): Promise<boolean> {
    const { from, to } = this.#move;
    await this.#disk.mkdir(stagingFolder(this.#move));
    this.#taken = new Set(await namesIn(this.#disk, to));
    const names = (await namesIn(this.#disk, from)).filter((name) => isOfRecording(name));
    let settled = true;
    let done = 0;
    for (const gone of [...this.#files.keys()].filter((name) => !names.includes(name))) {
      settled = false;
      await this.#drop(gone);
    }
    for (const name of names) {
      signal.throwIfAborted();
      onProgress(done++, names.length);
      const id = RECORDING_FILE.exec(name)?.[1];
      if (id !== undefined && isOpen(id)) {
        settled = false;
        continue;
      }
      if (!(await this.#isStaged(name))) {
        settled = false;
        await this.#stage(name, signal);
      }
    }
    onProgress(names.length, names.length);
    return settled;
  }

  async #isStaged(name: string): Promise<boolean> {
    const file = this.#files.get(name);
    const found = await this.#disk.lstat(join(this.#move.from, name));
    // Links and files of other users stay where they are.
    if (!isMovable(found)) return file === undefined;
    return file !== undefined && isSame(found, file);
  }

  async #stage(name: string, signal: AbortSignal): Promise<void> {
    await this.#drop(name);
    const source = join(this.#move.from, name);
    const before = await this.#disk.lstat(source);
    if (!isMovable(before)) return;
    const to = this.#targetOf(name);
    const staged = String(this.#next++);
    const path = join(stagingFolder(this.#move), staged);
    const text = to === name ? null : await this.#renamedText(source, name, to);
    if (text !== null) await this.#disk.writeText(path, text);
    else await this.#linkOrCopy(source, path, signal);
    const [copy, after] = [await this.#disk.lstat(path), await this.#disk.lstat(source)];
    if (copy === null || (text === null && copy.size !== before.size)) throw new Error(`${name} was not copied`);
    const file: MovedFile = {
      from: name,
      to,
      staged,
      bytes: before.size,
      mtime_ms: before.mtimeMs,
      inode: before.ino,
      copied_bytes: copy.size,
    };
    this.#files.set(name, file);
    // Changed while it was copied.
    if (after === null || !isSame(after, file)) await this.#drop(name);
  }

  async #linkOrCopy(from: string, to: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#disk.link(from, to);
    } catch (error) {
      if (!NO_LINK.has(String((error as { code?: unknown }).code))) throw error;
      await this.#disk.copy(from, to, signal);
    }
  }

  async #drop(name: string): Promise<void> {
    const file = this.#files.get(name);
    if (file === undefined) return;
    this.#files.delete(name);
    await this.#disk.unlink(join(stagingFolder(this.#move), file.staged));
  }

  /** The name in the new folder. No file there is replaced. */
  #targetOf(name: string): string {
    const [, id, ending] = RECORDING_FILE.exec(name) ?? [];
    if (id === undefined) return this.#freeDeletedName(name);
    const known = this.#renamed.get(id);
    if (known !== undefined) return `${known}.${ending}`;
    const isFree = (candidate: string) =>
      !['wav', 'json'].some((of) => this.#taken.has(`${candidate}.${of}`)) &&
      ![...this.#renamed.values()].includes(candidate);
    for (let number = 1; number < MAX_NAMES; number++) {
      const candidate = number === 1 ? id : `${id}-${number}`;
      if (!isFree(candidate)) continue;
      if (!isRecordingId(candidate)) break;
      this.#renamed.set(id, candidate);
      return `${candidate}.${ending}`;
    }
    throw nameTaken(name, this.#move.to);
  }

  #freeDeletedName(name: string): string {
    const [, start, number, ending] = DELETED_FILE.exec(basename(name)) ?? [];
    for (let more = 0; more < MAX_NAMES; more++) {
      const candidate = `deleted/${start}.${Number(number) + more * MAX_NAMES}${ending}`;
      if (!this.#taken.has(candidate)) return candidate;
    }
    throw nameTaken(name, this.#move.to);
  }

  /** The description with its new id; null for other files, and for one that can't be read. */
  async #renamedText(source: string, name: string, to: string): Promise<string | null> {
    const [, id = '', ending] = RECORDING_FILE.exec(name) ?? [];
    if (ending !== 'json' && ending !== 'json.tmp') return null;
    const text = await this.#disk.readText(source).catch(() => '');
    if (parseInfo(text, id) === null) return null;
    return infoText({ ...JSON.parse(text), id: RECORDING_FILE.exec(to)?.[1] });
  }
}

/** Removes the copies of a move that was cancelled, failed or was interrupted. The originals are all there. */
export async function rollBack(disk: MoveDisk, move: Pick<Move, 'id' | 'to'>): Promise<void> {
  const staging = stagingFolder(move);
  for (const name of await disk.readdir(staging)) if (/^\d+$/.test(name)) await disk.unlink(join(staging, name));
  await removeFolder(disk, staging);
}

/**
 * Ends a move whose copies are complete: gives the copies their names, then removes the originals. May be interrupted
 * at any point and called again. An original that has changed since it was copied stays.
 * @throws the disk's error; `move_name_taken` if another program has used a name meanwhile
 */
export async function finishMove(disk: MoveDisk, move: Move): Promise<void> {
  const staging = stagingFolder(move);
  if (move.files.some(({ to }) => to.startsWith('deleted/'))) await disk.mkdir(join(move.to, 'deleted'));
  for (const file of move.files) await place(disk, join(staging, file.staged), join(move.to, file.to));
  for (const file of move.files) {
    const copy = await disk.lstat(join(move.to, file.to));
    const source = join(move.from, file.from);
    const original = await disk.lstat(source);
    if (copy?.isFile() && copy.size === file.copied_bytes && isMovable(original) && isSame(original, file))
      await disk.unlink(source);
  }
  await removeFolder(disk, staging);
  await removeFolder(disk, join(move.from, 'deleted'));
  await removeFolder(disk, move.from);
}

/** Renames without replacing. */
async function place(disk: MoveDisk, staged: string, path: string): Promise<void> {
  const copy = await disk.lstat(staged);
  // It was given its name before.
  if (copy === null) return;
  const there = await disk.lstat(path);
  if (there !== null) {
    if (there.ino !== copy.ino || there.dev !== copy.dev) throw nameTaken(basename(path), path);
    return disk.unlink(staged);
  }
  try {
    await disk.link(staged, path);
  } catch (error) {
    if (!NO_LINK.has(String((error as { code?: unknown }).code))) throw error;
    return disk.rename(staged, path);
  }
  await disk.unlink(staged);
}

/** Files of recordings, also deleted ones as `deleted/<name>`. */
async function namesIn(disk: MoveDisk, dir: string): Promise<string[]> {
  const deleted = join(dir, 'deleted');
  const hasDeleted = (await disk.lstat(deleted))?.isDirectory() === true;
  return [
    ...(await disk.readdir(dir)),
    ...(hasDeleted ? (await disk.readdir(deleted)).map((name) => `deleted/${name}`) : []),
  ].sort();
}

function isOfRecording(name: string): boolean {
  if (name.startsWith('deleted/')) return DELETED_FILE.test(basename(name));
  const id = RECORDING_FILE.exec(name)?.[1];
  return id !== undefined && isRecordingId(id);
}

function isSame(found: Stats, file: MovedFile): boolean {
  return found.size === file.bytes && found.mtimeMs === file.mtime_ms && found.ino === file.inode;
}

/** Removes a folder if it is empty. */
async function removeFolder(disk: MoveDisk, path: string): Promise<void> {
  await disk.rmdir(path).catch((error: unknown) => {
    if (
      !['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EBUSY', 'EPERM', 'EACCES', 'ENOTDIR'].includes(
        String((error as { code?: unknown }).code),
      )
    )
      throw error;
  });
}

function nameTaken(name: string, to: string): EarshotError {
  return new HostError('move_name_taken', (errors) => errors.moveNameTaken({ name, to }));
}
