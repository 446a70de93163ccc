import { join } from 'node:path';
import { setImmediate as nextTask } from 'node:timers/promises';
import type { RecordingInfo } from '../../../shared/recording.ts';
import { endsWithin } from '../../../shared/time-limit.ts';
import { type Disk, errorCode } from '../disk.ts';
import { MAX_PARALLEL_READS, readFolder, type SkippedFile } from '../list-recordings.ts';
import { parseRecordingId } from '../recording-id.ts';
import { WorkPace } from '../work-pace.ts';
import { type KeptEntries, KeptIndex } from './kept-index.ts';
import { isSettled, type LibraryEntry, readEntry } from './read-entry.ts';
import { comparePositions, indexAfter, type Position, positionOf } from './sort-order.ts';

/** A page holds at most this many bytes of JSON, but always one recording. Windows read pages over a socket. */
export const MAX_PAGE_BYTES = 256 * 1024;
/** How long (ms) a page waits for the check of a folder that has been read before. */
const CHECK_WAIT_MS = 500;
/** A time of change that is younger (ms) proves nothing: the next change may get the same one. */
const RECENT_MS = 2_000;
/** How long (ms) after a change the list is saved. */
const SAVE_AFTER_MS = 30_000;

export interface RecordingIndexOptions {
  disk: Disk;
  /** The same disk, for work that nobody waits for. Default: `disk`. */
  background?: Disk | undefined;
  dir: string;
  /** The file that keeps the list for the next start. */
  keptPath: string;
  /** A recording is new or has changed. Not called for what the first pages contain anyway. */
  onChanged(info: RecordingInfo): void;
  /** Another program has removed these recordings. */
  onMissing(ids: string[]): void;
  /** After each check: the recordings that are not in the list although their files exist. */
  onLeftOut(leftOut: SkippedFile[]): void;
  /** After each check: why the folder could not be read; null: it was. */
  onChecked?: ((failure: unknown) => void) | undefined;
}

export interface IndexPage {
  entries: LibraryEntry[];
  next: Position | null;
  total: number;
}

interface Item extends LibraryEntry, Position {
  /** The check during or after which it was last read. */
  check: number;
  /** It comes from the kept list and has not been compared with its files yet. */
  unverified: boolean;
}

/**
 * The recordings of the folder in memory, newest first. The first check takes those that the last launch kept, whose
 * files still exist, and reads the JSON of the others, newest first. Then it compares the kept ones with their files.
 * Later checks compare the names in the folder and read only new files. The host reports its own changes with `update`.
 */
export class RecordingIndex {
  readonly #options: RecordingIndexOptions;
  readonly #background: Disk;
  readonly #byId = new Map<string, Item>();
  /** In order. */
  readonly #items: Item[] = [];
  #built = false;
  #check: Promise<void> | null = null;
  /** Number of checks so far. */
  #checks = 0;
  /** Ids removed during the current check, whose names it may have read before. */
  readonly #removed = new Set<string>();
  /** The folder's time of change at the last check; null: unknown or too recent. */
  #checkedTime: number | null = null;
  /** Number of recordings in the folder, before they are read. */
  #names = 0;
  /** While the first check runs: all recordings that began at or after this time are known. null: none. */
  #knownTo: string | null = null;
  /** The last position of any page that was returned before the index was complete. */
  #served: Position | null = null;
  /** Called after each batch of the first check. */
  #onBatch: (() => void)[] = [];
  /** The latest `update` of each id that is in progress. */
  readonly #updates = new Map<string, symbol>();
  readonly #kept: KeptIndex;
  /** Ends when the entries of the kept list have been compared with their files. */
  #verified: Promise<void> = Promise.resolve();
  readonly #verifyPace = new WorkPace();
  /** Whether the list has changed since it was last saved. */
  #unsaved = false;
  #saving: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: RecordingIndexOptions) {
    this.#options = options;
    const { disk, background = disk, dir, keptPath } = options;
    this.#kept = new KeptIndex({ disk, dir, path: keptPath });
    this.#background = background;
  }

  /** Whether anything has asked for the list. Until then, changes need not be read. */
  get inUse(): boolean {
    return this.#checks > 0;
  }

  /**
   * Returns recordings after a position. The first call starts reading the folder, and returns as soon as enough of the
   * newest recordings are known.
   * @param after null: from the newest
   * @throws {EarshotError} `recordings_unreadable`, `folder_unsafe`
   */
  async page(limit: number, after: Position | null): Promise<IndexPage> {
    if (!this.#built) await this.#untilKnown(limit, after);
    else if (after === null) await endsWithin(CHECK_WAIT_MS, this.check());
    const from = after === null ? 0 : indexAfter(this.#items, after);
    const to = Math.min(from + limit, this.#built ? this.#items.length : Math.max(this.#knownCount(), from));
    await this.#readUnsettled(this.#items.slice(from, to));
    const entries: Item[] = [];
    let bytes = 0;
    for (const item of this.#items.slice(from, to)) {
      bytes += item.jsonBytes;
      if (entries.length > 0 && bytes > MAX_PAGE_BYTES) break;
      entries.push(item);
    }
    const last = entries.at(-1);
    if (!this.#built && last && (this.#served === null || comparePositions(last, this.#served) > 0))
      this.#served = { key: last.key, id: last.id };
    const isEnd = this.#built && from + entries.length >= this.#items.length;
    return {
      entries,
      next: isEnd || last === undefined ? null : { key: last.key, id: last.id },
      total: this.#built ? this.#items.length : Math.max(this.#names, this.#items.length),
    };
  }

  /**
   * All recordings, after every file was compared with what is known.
   * @throws as `page`
   */
  async readAll(): Promise<LibraryEntry[]> {
    // A running check may have read the folder before the latest change.
    await this.#check?.catch(() => undefined);
    this.#checkedTime = null;
    await this.check();
    await this.#readChanged();
    await this.#readUnsettled(this.#items);
    return [...this.#items];
  }

  /** All recordings, after a check of the folder's names and of kept entries. @throws as `page` */
  async all(): Promise<LibraryEntry[]> {
    await this.check();
    this.#verifyPace.hurry();
    await this.#verified;
    await this.#readUnsettled(this.#items);
    return [...this.#items];
  }

  /** What is known of a recording, without reading anything. */
  infoOf(id: string): RecordingInfo | undefined {
    return this.#byId.get(id)?.info;
  }

  /** Reads a recording that the host has created, changed or restored. */
  async update(id: string): Promise<void> {
    const { disk, dir, onChanged } = this.#options;
    const update = Symbol(id);
    this.#updates.set(id, update);
    try {
      const entry = await readEntry(disk, dir, id, true);
      // A later update of the same recording reads the newer files.
      if (this.#updates.get(id) !== update) return;
      if (entry === null) this.remove([id]);
      else {
        this.#removed.delete(id);
        this.#put(entry);
        onChanged(entry.info);
      }
    } finally {
      if (this.#updates.get(id) === update) this.#updates.delete(id);
    }
  }

  /** Removes recordings that the host has deleted. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#updates.delete(id);
      if (this.#check !== null) this.#removed.add(id);
      const item = this.#byId.get(id);
      if (item === undefined) continue;
      this.#byId.delete(id);
      this.#items.splice(indexAfter(this.#items, item) - 1, 1);
      this.#saveSoon();
    }
  }

  /** Stops comparing and saves the list. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#verifyPace.hurry();
    if (this.#saving !== null) clearTimeout(this.#saving);
    await this.#save();
  }

  /**
   * Compares the names in the folder with the list, unless the folder has not changed since the last check.
   * @throws as `page`
   */
  check(): Promise<void> {
    this.#check ??= this.#readNames()
      .then(
        () => this.#options.onChecked?.(null),
        (failure: unknown) => {
          this.#options.onChecked?.(failure);
          throw failure;
        },
      )
      .finally(() => {
        this.#check = null;
        this.#removed.clear();
      });
    return this.#check;
  }

  async #readNames(): Promise<void> {
    const { disk, dir, onMissing, onLeftOut } = this.#options;
    const check = ++this.#checks;
    const time = await this.#folderTime();
    if (this.#built && time !== null && time === this.#checkedTime) return;
    const [names, kept] = await Promise.all([readFolder(disk, dir), this.#built ? null : this.#kept.load()]);
    const found = idsIn(names);
    this.#names = found.size;
    const missing = this.#items.filter((item) => !found.has(item.id) && item.check < check).map(({ id }) => id);
    this.remove(missing);
    if (missing.length > 0) onMissing(missing);
    const leftOut = await this.#readNew(found, check, kept);
    this.#built = true;
    if (kept !== null) this.#verified = this.#verifyKept().catch(() => undefined);
    const overdue = leftOut.some(({ cause }) => errorCode(cause) === 'ETIMEDOUT');
    this.#checkedTime = overdue ? null : time;
    onLeftOut(leftOut.sort((a, b) => (a.id < b.id ? 1 : -1)));
  }

  /**
   * Takes the recordings that are not known yet from the kept list, or reads them: newest first, a batch at a time.
   * @param kept null: there is no kept list
   */
  async #readNew(found: ReadonlyMap<string, boolean>, check: number, kept: KeptEntries | null): Promise<SkippedFile[]> {
    const { disk, dir, onChanged } = this.#options;
    if (kept !== null && kept.size > found.size) this.#saveSoon();
    const ids = [...found.keys()].filter((id) => !this.#byId.has(id)).sort((a, b) => (a < b ? 1 : -1));
    const leftOut: SkippedFile[] = [];
    for (let from = 0; from < ids.length; from += MAX_PARALLEL_READS) {
      const batch = ids.slice(from, from + MAX_PARALLEL_READS);
      const hasPending = (id: string) => found.get(id) === true;
      const fromList = batch.map((id) => (hasPending(id) ? null : (kept?.get(id) ?? null)));
      const entries = await Promise.all(
        batch.map(
          (id, i) =>
            fromList[i] ??
            readEntry(disk, dir, id, hasPending(id)).catch((cause: unknown) => {
              leftOut.push({ id, cause });
              return null;
            }),
        ),
      );
      for (const [i, entry] of entries.entries()) {
        if (entry === null || this.#removed.has(entry.info.id) || this.#byId.has(entry.info.id)) continue;
        const item = this.#put(entry, check, entry === fromList[i]);
        const late = this.#built || (this.#served !== null && comparePositions(item, this.#served) < 0);
        if (late) onChanged(entry.info);
      }
      this.#knownTo = parseRecordingId(batch.at(-1) ?? '')?.started_at ?? this.#knownTo;
      for (const next of this.#onBatch.splice(0)) next();
      // Entries of the kept list wait for no disk, so other work needs a turn.
      await nextTask();
    }
    return leftOut;
  }

  /** Waits until `limit` recordings after the position are known, or all. */
  async #untilKnown(limit: number, after: Position | null): Promise<void> {
    const check = this.check();
    const known = () => this.#knownCount() - (after === null ? 0 : indexAfter(this.#items, after));
    while (!this.#built && known() < limit) {
      const batch = new Promise<void>((resolve) => {
        this.#onBatch.push(resolve);
      });
      await Promise.race([check, batch]);
    }
    // If the check fails later, the next page starts another one.
    check.catch(() => undefined);
  }

  /** While the first check runs: how many of the items no later batch can precede. */
  #knownCount(): number {
    return indexAfter(this.#items, { key: this.#knownTo ?? '\uffff', id: '' });
  }

  /** Reads the recordings again whose JSON another program may have changed. */
  async #readChanged(): Promise<void> {
    const { disk } = this.#options;
    await inBatches([...this.#items], async (item) => {
      if (!(await this.#isUnchanged(disk, item))) await this.#readAgain(item.id);
    });
  }

  /** Compares the entries of the kept list with their files, and reads those that differ. */
  async #verifyKept(): Promise<void> {
    const unverified = this.#items.filter((item) => item.unverified);
    const verify = async (item: Item) => {
      if (this.#closed || this.#byId.get(item.id) !== item) return;
      if (await this.#isUnchanged(this.#background, item)) item.unverified = false;
      else await this.#readAgain(item.id);
    };
    await inBatches(unverified, verify, () => this.#verifyPace.pause());
  }

  /** Whether sizes and times of the files show that they are as they were read. */
  async #isUnchanged(disk: Disk, { id, wavBytes, jsonBytes, jsonChangedAt, readAt }: Item): Promise<boolean> {
    const { dir } = this.#options;
    const [json, wav] = await Promise.all(
      ['json', 'wav'].map((ending) => disk.lstat(join(dir, `${id}.${ending}`)).catch(() => null)),
    );
    if (!json?.isFile() || !wav?.isFile() || json.size !== jsonBytes || wav.size !== wavBytes) return false;
    // Unlike the time of the last write, a program can't set the time of change.
    return json.ctimeMs === jsonChangedAt && Math.abs(readAt - jsonChangedAt) > RECENT_MS;
  }

  /** Recordings that are still being written change with every second. */
  async #readUnsettled(items: readonly Item[]): Promise<void> {
    await inBatches(
      items.filter(({ info }) => !isSettled(info)),
      ({ id }) => this.#readAgain(id),
    );
  }

  /** Reads a known recording, and reports it if its settled data have changed. */
  async #readAgain(id: string): Promise<void> {
    const { disk, dir, onChanged } = this.#options;
    const before = this.#byId.get(id);
    // A disk that does not answer leaves what is known.
    const entry = await readEntry(disk, dir, id, true).catch((cause: unknown) =>
      errorCode(cause) === 'ETIMEDOUT' ? (before ?? null) : null,
    );
    if (before === undefined || this.#byId.get(id) !== before) return;
    if (entry === null) {
      this.remove([id]);
      this.#options.onMissing([id]);
      return;
    }
    this.#put(entry);
    if (isSettled(entry.info) && JSON.stringify(entry.info) !== JSON.stringify(before.info)) onChanged(entry.info);
  }

  #put(entry: LibraryEntry, check = this.#checks, unverified = false): Item {
    const { info } = entry;
    const item: Item = { ...entry, ...positionOf(info), check, unverified };
    if (!unverified && isSettled(info)) this.#saveSoon();
    const old = this.#byId.get(info.id);
    if (old) this.#items.splice(indexAfter(this.#items, old) - 1, 1);
    this.#byId.set(info.id, item);
    this.#items.splice(indexAfter(this.#items, item), 0, item);
    return item;
  }

  #saveSoon(): void {
    this.#unsaved = true;
    if (this.#closed || this.#saving !== null) return;
    this.#saving = setTimeout(() => {
      this.#saving = null;
      void this.#save();
    }, SAVE_AFTER_MS).unref();
  }

  /** Saves the list, unless it is not complete. If that fails, the next start reads the files. */
  async #save(): Promise<void> {
    if (!this.#unsaved || !this.#built) return;
    this.#unsaved = false;
    await this.#kept.save([...this.#items]).catch(() => undefined);
  }

  /** The folder's time of change in ms since the epoch; null if it is too recent to rely on, or not known. */
  async #folderTime(): Promise<number | null> {
    const { disk, dir } = this.#options;
    const { mtimeMs } = await disk.stat(dir).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    return Date.now() - mtimeMs > RECENT_MS ? mtimeMs : null;
  }
}

/** @param pause waits between two batches; default: not at all */
async function inBatches(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  pause?: () => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += MAX_PARALLEL_READS) {
    if (from > 0) await pause?.();
    await Promise.all(items.slice(from, from + MAX_PARALLEL_READS).map(work));
  }
}

/** The ids that have a WAV and a JSON, and whether there is a temporary JSON, which may be newer. */
function idsIn(names: readonly string[]): Map<string, boolean> {
  const found = new Map<string, boolean>();
  const wavs = new Set(names.filter((name) => name.endsWith('.wav')).map((name) => name.slice(0, -'.wav'.length)));
  for (const name of names) {
    const pending = name.endsWith('.json.tmp');
    if (!pending && !name.endsWith('.json')) continue;
    const id = name.slice(0, name.lastIndexOf('.json'));
    if (wavs.has(id)) found.set(id, pending || found.get(id) === true);
  }
  return found;
}
