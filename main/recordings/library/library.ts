import { join } from 'node:path';
import type { EarshotError } from '../../../shared/errors.ts';
import type { RecordingInfo } from '../../../shared/recording.ts';
import {
  type ChangeResult,
  type Description,
  type ListQuery,
  MAX_CHANGED_RECORDINGS,
  type RecordingPage,
  type RemovedRecordings,
  type RetentionPreview,
  type TrimRange,
  type Waveform,
} from '../../../shared/recording-library.ts';
import { RETENTION_DEFAULTS, type RetentionPolicy } from '../../../shared/retention.ts';
import { HostError, sentenceOf } from '../../text/host-error.ts';
import type { Disk } from '../disk.ts';
import { readFolder, recordingsLeftOut, type SkippedFile } from '../list-recordings.ts';
import { isRecordingId } from '../recording-id.ts';
import type { Launches } from '../recording-repair.ts';
import { createRetention } from './apply-retention.ts';
import { DeletedFolder } from './deleted-folder.ts';
import { describeRecording } from './describe-recording.ts';
import { IdLock } from './id-lock.ts';
import { changeFailed, recordingInProgress } from './library-errors.ts';
import { isSettled, type LibraryEntry, requireEntry } from './read-entry.ts';
import { RecordingIndex } from './recording-index.ts';
import { cursorOf, parseCursor } from './sort-order.ts';
import { PART_SUFFIX, trimRecording } from './trim-recording.ts';
import { Waveforms } from './waveforms.ts';

/** How often (ms) the folder is checked for changes of other programs, once a window has asked for the list. */
export const CHECK_EVERY_MS = 10_000;

/** After how many deleted recordings the windows are told. */
const DELETED_AT_ONCE = 200;

/** As `ChangeResult`, with the errors themselves. */
export interface Changed {
  done: string[];
  failed: { id: string; error: EarshotError }[];
}

/** What happens to the recordings in the library. */
export interface LibraryEvents {
  /** A recording is new, or its data have changed. */
  onChanged?: (info: RecordingInfo) => void;
  onRemoved?: (removed: RemovedRecordings) => void;
  onRestored?: (ids: string[]) => void;
  /** The retention policy has deleted recordings. */
  onExpired?: (expired: RetentionPreview) => void;
  /** A part of a recording was saved as a new one. */
  onTrimmed?: (part: RecordingInfo) => void;
  /** The folder was checked: why it could not be read; null: it was. Every ten seconds while a window shows the list. */
  onChecked?: (failure: unknown) => void;
}

export interface RecordingLibraryOptions extends LibraryEvents {
  /** With a time limit for each operation. */
  disk: Disk;
  /** The same disk, for work that nobody waits for. Default: `disk`. */
  background?: Disk | undefined;
  dir: string;
  cacheDir: string;
  /** The file that keeps the list for the next start. */
  keptListPath: string;
  launches: Launches;
  /** The ids of the recordings that this launch is writing. */
  openNames(): string[];
  /**
   * Whether this launch or another one is writing the recording.
   * @param names `openNames` before the recording was read: it may have been finished since
   */
  isBeingWritten(info: RecordingInfo, names: readonly string[]): Promise<boolean>;
  /** Default: keep all. */
  retention?: (() => RetentionPolicy) | undefined;
  onProblem?: ((error: EarshotError) => void) | undefined;
}

/** The calls of windows that list and change recordings; see `shared/bridge.ts`. */
export interface RecordingLibrary {
  page(query: ListQuery): Promise<RecordingPage>;
  describe(description: Description): Promise<RecordingInfo>;
  delete(ids: readonly string[]): Promise<ChangeResult>;
  restore(ids: readonly string[]): Promise<ChangeResult>;
  waveform(id: string, buckets: number): Promise<Waveform>;
  previewRetention(policy: RetentionPolicy): Promise<RetentionPreview>;
  trim(range: TrimRange): Promise<RecordingInfo>;
  /**
   * The path of a finished recording's WAV.
   * @throws {EarshotError} `no_such_recording`, `recording_in_progress`, `recording_damaged`, `file_unsafe` and others
   */
  pathOf(id: string): Promise<string>;
}

/** The library with what `createRecordings` needs of it. */
export interface LibraryOfHost extends RecordingLibrary {
  /** All recordings, after every file was compared with what is known. */
  all(): Promise<RecordingInfo[]>;
  /** A recording was repaired. */
  noteRepaired(info: RecordingInfo): void;
  /** A recording was saved: also applies the retention policy. */
  noteSaved(info: RecordingInfo): void;
  /** Removes what earlier launches deleted, then applies the retention policy. Never rejects. */
  start(): Promise<void>;
  /** Runs a change of one recording while no other change of it runs. */
  exclusive<T>(id: string, work: () => Promise<T>, limitMs?: number): Promise<T>;
  /** Stops and waits for what is in progress. Never rejects. */
  close(): Promise<void>;
}

export function createRecordingLibrary(options: RecordingLibraryOptions): LibraryOfHost {
  const { disk, dir, launches, openNames, onChanged, onRemoved, onRestored, onExpired, onTrimmed, onProblem } = options;
  const closing = new AbortController();
  const lock = new IdLock();
  const deleted = new DeletedFolder({
    disk,
    dir,
    launches,
    exclusive: (id, work) => lock.run(id, work),
    onProblem: (error) => onProblem?.(error),
  });
  const waveforms = new Waveforms({ disk, dir, cacheDir: options.cacheDir, signal: closing.signal });
  const index = new RecordingIndex({
    disk,
    background: options.background,
    dir,
    keptPath: options.keptListPath,
    onChanged: (info) => void reportChanged(info),
    onMissing: (ids) => reportRemoved(ids, 'missing'),
    onLeftOut: reportLeftOut,
    onChecked: options.onChecked,
  });
  const inProgress = new Set<Promise<unknown>>();
  let checks: NodeJS.Timeout | null = null;
  let lastTrim: Promise<unknown> = Promise.resolve();
  let reportedNames = '';

  /** Makes `close` wait for the work. */
  function tracked<T>(work: Promise<T>): Promise<T> {
    const done = work.catch(() => undefined).finally(() => inProgress.delete(done));
    inProgress.add(done);
    return work;
  }

  async function withState(info: RecordingInfo, names = openNames()): Promise<RecordingInfo> {
    return !isSettled(info) && (await options.isBeingWritten(info, names)) ? { ...info, being_written: true } : info;
  }

  async function reportChanged(info: RecordingInfo): Promise<void> {
    if (isSettled(info)) return onChanged?.(info);
    const known = await withState(info);
    // It may have been finished or deleted meanwhile.
    if (index.infoOf(info.id) === info) onChanged?.(known);
  }

  function reportRemoved(ids: readonly string[], why: RemovedRecordings['why']): void {
    for (let from = 0; from < ids.length; from += MAX_CHANGED_RECORDINGS)
      onRemoved?.({ ids: ids.slice(from, from + MAX_CHANGED_RECORDINGS), why });
  }

  /** The folder is checked often, so the same files are reported only once. */
  function reportLeftOut(leftOut: readonly SkippedFile[]): void {
    const names = leftOut.map(({ id }) => id).join();
    const [first] = leftOut;
    if (names !== reportedNames && first) onProblem?.(recordingsLeftOut(dir, leftOut.length, first));
    reportedNames = names;
  }

  /** @throws {EarshotError} also `recording_in_progress` */
  async function requireFinished(id: string): Promise<LibraryEntry> {
    const names = openNames();
    const entry = await requireEntry(disk, dir, id);
    if (await options.isBeingWritten(entry.info, names)) throw recordingInProgress();
    return entry;
  }

  /** Runs a change for each id, once. Failures are returned, not thrown. */
  async function changeEach(ids: readonly string[], change: (id: string) => Promise<void>): Promise<Changed> {
    const result: Changed = { done: [], failed: [] };
    for (const id of new Set(ids)) {
      try {
        closing.signal.throwIfAborted();
        await lock.run(id, () => change(id));
        result.done.push(id);
      } catch (cause) {
        result.failed.push({ id, error: changeFailed('change_failed', 'changed', dir, cause) });
      }
    }
    return result;
  }

  async function remove(ids: readonly string[], why: 'deleted' | 'expired'): Promise<Changed> {
    const all: Changed = { done: [], failed: [] };
    const unique = [...new Set(ids)];
    // In parts, so that the windows learn of the first ones before thousands have been deleted.
    for (let from = 0; from < unique.length; from += DELETED_AT_ONCE) {
      const { done, failed } = await changeEach(unique.slice(from, from + DELETED_AT_ONCE), async (id) => {
        await requireFinished(id);
        await deleted.put(id);
        index.remove([id]);
        await waveforms.forget(id);
      });
      reportRemoved(done, why);
      all.done.push(...done);
      all.failed.push(...failed);
    }
    return all;
  }

  const retention = createRetention({
    dir,
    policy: options.retention ?? (() => RETENTION_DEFAULTS),
    entries: () => index.all(),
    remove: (ids) => remove(ids, 'expired'),
    signal: closing.signal,
    onExpired: (expired) => onExpired?.(expired),
    onProblem: (error) => onProblem?.(error),
  });

  async function noteChanged(info: RecordingInfo): Promise<void> {
    if (closing.signal.aborted || !index.inUse) onChanged?.(info);
    else await index.update(info.id).catch(() => undefined);
  }

  /** Removes the files of an earlier `trim` during which the app was killed, unless another launch may be writing them. */
  async function removeUnfinishedParts(): Promise<void> {
    if (await launches.othersRunning()) return;
    for (const name of await readFolder(disk, dir)) {
      const isPart = name.endsWith(PART_SUFFIX) && isRecordingId(name.slice(0, -PART_SUFFIX.length));
      if (isPart) await disk.unlink(join(dir, name)).catch(() => undefined);
    }
  }

  return {
    async page({ limit, after }) {
      if (!closing.signal.aborted)
        checks ??= setInterval(() => void index.check().catch(() => undefined), CHECK_EVERY_MS).unref();
      const names = openNames();
      const { entries, next, total } = await index.page(limit, after === undefined ? null : parseCursor(after));
      const recordings = await Promise.all(entries.map(({ info }) => withState(info, names)));
      return { recordings, next: next && cursorOf(next), total };
    },
    async all() {
      const names = openNames();
      return Promise.all((await index.readAll()).map(({ info }) => withState(info, names)));
    },
    describe: (description) =>
      tracked(
        lock.run(description.id, async () => {
          await requireFinished(description.id);
          await describeRecording(disk, dir, description);
          const { info } = await requireEntry(disk, dir, description.id);
          await index.update(info.id).catch(() => undefined);
          return info;
        }),
      ),
    delete: async (ids) => resultOf(await tracked(remove(ids, 'deleted'))),
    async restore(ids) {
      const deletions = await deleted.list().catch((cause: unknown) => {
        throw changeFailed('restore_failed', 'noneRestored', dir, cause);
      });
      const result = await tracked(
        changeEach(ids, async (id) => {
          await deleted.restore(id, deletions);
          await index.update(id).catch(() => undefined);
        }),
      );
      if (result.done.length > 0) onRestored?.(result.done);
      return resultOf(result);
    },
    async pathOf(id) {
      await requireFinished(id);
      return join(dir, `${id}.wav`);
    },
    waveform: (id, buckets) => tracked(waveforms.get(id, buckets)),
    previewRetention: retention.preview,
    trim(range) {
      // One at a time: each copies up to 4 GB.
      const trimmed = lastTrim.then(() =>
        lock.run(range.id, async () => {
          const entry = await requireFinished(range.id);
          const deletions = await deleted.list().catch((cause: unknown) => {
            throw changeFailed('trim_failed', 'trimmed', dir, cause);
          });
          const id = await trimRecording(
            { disk, dir, isDeleted: (of) => deletions.has(of), signal: closing.signal },
            entry,
            range,
          );
          await index.update(id).catch(() => undefined);
          const part = (await requireEntry(disk, dir, id)).info;
          onTrimmed?.(part);
          return part;
        }),
      );
      lastTrim = trimmed.catch(() => undefined);
      return tracked(trimmed);
    },
    noteRepaired: (info) => void tracked(noteChanged(info)),
    noteSaved(info) {
      void tracked(noteChanged(info).then(retention.apply));
    },
    start: () =>
      tracked(
        (async () => {
          if (closing.signal.aborted) return;
          await deleted.removeLeftovers();
          // In turn with trims, which write such files.
          lastTrim = lastTrim.then(removeUnfinishedParts).catch(() => undefined);
          await lastTrim;
          await retention.apply();
        })(),
      ),
    exclusive: (id, work, limitMs) => lock.run(id, work, limitMs),
    async close() {
      closing.abort(new HostError('app_stopping', ({ stopping }) => stopping));
      if (checks !== null) clearInterval(checks);
      deleted.close();
      await Promise.all(inProgress);
      await index.close();
    },
  };
}

function resultOf({ done, failed }: Changed): ChangeResult {
  return { done, failed: failed.map(({ id, error }) => ({ id, code: error.code, message: sentenceOf(error) })) };
}
