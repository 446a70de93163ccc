import { join } from 'node:path';
import type { EarshotError } from '../../../shared/errors.ts';
import { UNDO_MS } from '../../../shared/recording-library.ts';
import { HostError } from '../../text/host-error.ts';
import { type Disk, errorCode, exists, FOLDER_MODE } from '../disk.ts';
import { readFolder } from '../list-recordings.ts';
import { noSuchRecording } from '../recording-file.ts';
import type { Launches } from '../recording-repair.ts';
import { changeFailed } from './library-errors.ts';

/**
 * The files of a recording. The WAV comes first: without it there is no recording, and a JSON alone is ignored. The
 * copies of a repair also contain what was said.
 */
const ENDINGS = ['wav', 'json', 'json.tmp', 'wav.before-repair', 'json.before-repair'] as const;
/** `<id>.<launch>.<number>.<ending>`. An id contains no dot. */
const DELETED =
  /^([A-Za-z0-9_-]{1,128})\.([A-Za-z0-9-]{1,64})\.([1-9]\d{0,8})\.(?:wav|json)(?:\.tmp|\.before-repair)?$/;

export interface DeletedFolderOptions {
  disk: Disk;
  /** The folder of the recordings. */
  dir: string;
  launches: Launches;
  /** Runs work while nothing else changes the recording. `put` and `restore` are called in it. */
  exclusive(id: string, work: () => Promise<void>): Promise<void>;
  /** Some deleted files could not be removed for good. The next start tries again. */
  onProblem(error: EarshotError): void;
}

export interface Deletion {
  id: string;
  launch: string;
  number: number;
}

/**
 * The folder `deleted` beside the recordings. Deleting moves the files there under names of their own; being on the same
 * file system, this copies nothing. They are removed for good after `UNDO_MS`, or when the next launch starts. Other
 * files in the folder are not touched, and links are not followed.
 */
export class DeletedFolder {
  /** Counts for all folders of this process: deleted recordings move with their folder. */
  static #number = 0;
  readonly #options: DeletedFolderOptions;
  readonly #path: string;
  readonly #launch: string;
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(options: DeletedFolderOptions) {
    this.#options = options;
    this.#path = join(options.dir, 'deleted');
    this.#launch = options.launches.current ?? 'launch';
  }

  /**
   * Moves a recording into the folder. If that fails, its files are moved back.
   * @throws {EarshotError} `no_such_recording`, `delete_failed`, `disk_full`, `folder_unsafe`
   */
  async put(id: string): Promise<void> {
    const { disk, dir } = this.#options;
    const deletion = { id, launch: this.#launch, number: ++DeletedFolder.#number };
    const moved: [from: string, to: string][] = [];
    try {
      await this.#ensure();
      for (const ending of ENDINGS) {
        const [from, to] = [join(dir, `${id}.${ending}`), this.#pathOf(deletion, ending)];
        if (await moveIfPresent(disk, from, to)) moved.push([from, to]);
        else if (ending === 'wav') throw noSuchRecording();
      }
    } catch (cause) {
      for (const [from, to] of moved.reverse()) await disk.rename(to, from).catch(() => undefined);
      throw changeFailed('delete_failed', 'deleted', dir, cause);
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#options.exclusive(id, () => this.#erase(deletion)).catch((cause) => this.#report(cause));
    }, UNDO_MS).unref();
    this.#timers.add(timer);
  }

  /**
   * Moves a recording back.
   * @param deletions what the folder holds, from `list`
   * @throws {EarshotError} `not_restorable` if it is not there any more; `restore_conflict` if a recording of this name
   *   exists; `restore_failed`, `disk_full`, `file_unsafe`
   */
  async restore(id: string, deletions: ReadonlyMap<string, Deletion[]>): Promise<void> {
    const { disk, dir } = this.#options;
    const all = deletions.get(id) ?? [];
    const own = all.filter(({ launch }) => launch === this.#launch);
    const deletion = (own.length > 0 ? own : all).sort((a, b) => a.number - b.number).at(-1);
    if (deletion === undefined) throw notRestorable();
    const moved: [from: string, to: string][] = [];
    try {
      await this.#requireFile(this.#pathOf(deletion, 'wav'));
      // Moving replaces a file of the same name, so there must be none.
      for (const ending of ['wav', 'json']) await this.#requireNone(join(dir, `${id}.${ending}`));
      // The WAV last: until then, readers ignore the rest.
      for (const ending of [...ENDINGS].reverse()) {
        const [from, to] = [this.#pathOf(deletion, ending), join(dir, `${id}.${ending}`)];
        if (await moveIfPresent(disk, from, to)) moved.push([from, to]);
        else if (ending === 'wav') throw notRestorable();
      }
    } catch (cause) {
      for (const [from, to] of moved.reverse()) await disk.rename(to, from).catch(() => undefined);
      throw changeFailed('restore_failed', 'restored', dir, cause);
    }
  }

  /** What the folder holds, by id. @throws {EarshotError} `recordings_unreadable`, `folder_unsafe` */
  async list(): Promise<Map<string, Deletion[]>> {
    return deletionsIn((await this.#isUsable()) ? await readFolder(this.#options.disk, this.#path) : []);
  }

  /** Removes for good what launches that have ended left. Call it at the start. Never rejects. */
  async removeLeftovers(): Promise<void> {
    const { launches } = this.#options;
    const ended = new Map<string, boolean>();
    const failures: unknown[] = [];
    try {
      for (const deletion of [...(await this.list()).values()].flat()) {
        if (this.#closed) return;
        const { launch } = deletion;
        if (!ended.has(launch)) ended.set(launch, launch !== this.#launch && !(await launches.isRunning(launch)));
        if (!ended.get(launch)) continue;
        const erase = async () => {
          await this.#erase(deletion);
          await this.#removeDescription(deletion.id);
        };
        await this.#options.exclusive(deletion.id, erase).catch((cause: unknown) => failures.push(cause));
      }
    } catch (cause) {
      failures.push(cause);
    }
    if (failures.length > 0) this.#report(failures[0]);
  }

  /** Stops removing files; the next start continues. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #erase(deletion: Deletion): Promise<void> {
    const { disk } = this.#options;
    if (!(await this.#isUsable())) return;
    for (const ending of ENDINGS) await unlinkIfPresent(disk, this.#pathOf(deletion, ending));
  }

  /** If the app was killed while it moved the files, the rest stayed without the WAV. */
  async #removeDescription(id: string): Promise<void> {
    const { disk, dir } = this.#options;
    if (await exists(disk, join(dir, `${id}.wav`))) return;
    for (const ending of ENDINGS) await unlinkIfPresent(disk, join(dir, `${id}.${ending}`));
  }

  /** Creates the folder. @throws {EarshotError} `folder_unsafe` */
  async #ensure(): Promise<void> {
    if (!(await this.#isUsable())) await this.#options.disk.mkdir(this.#path, { recursive: true, mode: FOLDER_MODE });
  }

  /** False if there is no folder. @throws {EarshotError} `folder_unsafe` if its name belongs to something else */
  async #isUsable(): Promise<boolean> {
    const { disk } = this.#options;
    if (!(await exists(disk, this.#path))) return false;
    if ((await disk.lstat(this.#path)).isDirectory()) return true;
    const path = this.#path;
    throw new HostError('folder_unsafe', ({ deletedFolderUnsafe }) => deletedFolderUnsafe({ path }));
  }

  async #requireFile(path: string): Promise<void> {
    const found = await this.#options.disk.lstat(path).catch((cause: unknown) => {
      throw errorCode(cause) === 'ENOENT' ? notRestorable() : cause;
    });
    if (!found.isFile()) throw notRestorable();
  }

  async #requireNone(path: string): Promise<void> {
    if (await exists(this.#options.disk, path))
      throw new HostError('restore_conflict', ({ restoreConflict }) => restoreConflict);
  }

  #report(cause: unknown): void {
    const error = changeFailed('deleted_not_removed', 'deletedRemoved', this.#path, cause);
    this.#options.onProblem(error);
  }

  #pathOf({ id, launch, number }: Deletion, ending: string): string {
    return join(this.#path, `${id}.${launch}.${number}.${ending}`);
  }
}

/** The deletions whose files have these names, each once, by the id of the recording. */
function deletionsIn(names: readonly string[]): Map<string, Deletion[]> {
  const found = new Map<string, Deletion[]>();
  const seen = new Set<string>();
  for (const name of names) {
    const [, id, launch, number] = DELETED.exec(name) ?? [];
    if (id === undefined || launch === undefined || seen.has(`${id}.${launch}.${number}`)) continue;
    seen.add(`${id}.${launch}.${number}`);
    found.set(id, [...(found.get(id) ?? []), { id, launch, number: Number(number) }]);
  }
  return found;
}

function notRestorable(): EarshotError {
  return new HostError('not_restorable', (errors) => errors.notRestorable);
}

async function moveIfPresent(disk: Disk, from: string, to: string): Promise<boolean> {
  return disk.rename(from, to).then(() => true, ignoreMissing);
}

async function unlinkIfPresent(disk: Disk, path: string): Promise<boolean> {
  return disk.unlink(path).then(() => true, ignoreMissing);
}

function ignoreMissing(error: unknown): false {
  if (errorCode(error) !== 'ENOENT') throw error;
  return false;
}
