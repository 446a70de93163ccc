import { dirname, join } from 'node:path';
import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { endsWithin } from '../../shared/time-limit.ts';
import { MAX_WAV_DATA_BYTES } from '../../shared/wav-header.ts';
import { defaultDisk } from './default-disk.ts';
import type { Disk } from './disk.ts';
import { withDiskTimeout } from './disk-with-timeout.ts';
import {
  createRecordingLibrary,
  type LibraryEvents,
  type RecordingLibrary,
  type RecordingLibraryOptions,
} from './library/library.ts';
import { isSettled } from './library/read-entry.ts';
import type { Launches } from './recording-repair.ts';
import { createRecordingServer, type RecordingServer } from './recording-server.ts';
import type { RecordingUrls } from './recording-url.ts';
import { repairRecordings } from './repair-folder.ts';
import { TurnRecorder, type TurnStart } from './turn-recorder.ts';
import { WorkPace } from './work-pace.ts';

export interface RecordingsOptions extends LibraryEvents, Pick<RecordingLibraryOptions, 'retention'> {
  /** The folder of all recordings; created with the first one. */
  dir: string;
  /** The folder of the waveforms, which may be deleted at any time. Default: `cache/waveforms` beside `dir`. */
  cacheDir?: string;
  /** A recording was saved completely. */
  onSaved?: (info: RecordingInfo) => void;
  /** An audio file was imported as a recording. */
  onImported?: (info: RecordingInfo) => void;
  /** The recording ended before its turn. Called once per turn; `finish` rejects with the same error. */
  onProblem?: (error: EarshotError, turn: TurnStart) => void;
  /** The audio is saved, but its JSON could not be written (`description_not_written`). */
  onDescriptionMissing?: (error: EarshotError, turn: TurnStart) => void;
  /**
   * The disk accepts no writes at the moment: audio is kept in memory and retried. null: all of it has been written.
   */
  onDelay?: (error: EarshotError | null, turn: TurnStart) => void;
  /**
   * A recording that an earlier launch left unfinished has been repaired. It contains all audio that was on the disk.
   */
  onRepaired?: (info: RecordingInfo) => void;
  /** Some recordings could not be repaired (`repair_failed`) or the folder is unreadable. Called at most once. */
  onRepairProblem?: (error: EarshotError) => void;
  /**
   * A recording that is being served could not be read to its end (`recording_unreadable`), recordings are missing from
   * the list (`recordings_left_out`), or old or deleted ones could not be removed.
   */
  onReadProblem?: (error: EarshotError) => void;
  /** Whether to save recordings shorter than `MIN_RECORDING_MS`; called at the end of each. Default: yes. */
  keepShortRecordings?: () => boolean;
  /** The turn was too short to be saved and its files have been removed. */
  onDiscarded?: (duration_s: number, turn: TurnStart) => void;
  /** The hosts that write to the folder. Default: only this one. */
  launches?: Launches;
  /** Signs the URLs of recordings, which stay valid when the folder changes. Default: new ones. */
  urls?: RecordingUrls;
  /** Default: `defaultDisk`. */
  disk?: Disk;
  /** Time limit (ms) of each disk operation for lists, reads and repairs. Default: 10 s. */
  diskTimeoutMs?: number;
  /** Maximum bytes of samples per file. Default: what a WAV can hold, 4 GiB less its header. */
  maxDataBytes?: number;
}

/** How long (ms) a list waits for a running repair. Later repairs show up in a later list. */
export const REPAIR_WAIT_MS = 20_000;

/** How long (ms) a repair waits for a change of the same recording, such as a copy of a part of it. */
const REPAIR_TURN_MS = 10 * 60_000;

const ONLY_THIS_LAUNCH: Launches = {
  current: undefined,
  isRunning: async () => false,
  othersRunning: async () => false,
};

/** The recording of one turn. */
export type Recording = Pick<TurnRecorder, 'write' | 'gap' | 'microphone' | 'pause' | 'finish'>;

/** Records the voice server's turns, and lists and serves the recordings for the windows. */
export interface Recordings extends RecordingServer, RecordingLibrary {
  /** Begins a recording. Does not access the disk before the first sample; never throws. */
  begin(turn: TurnStart): Recording;
  /**
   * Repairs what earlier launches left unfinished. Call it once, at the start. Recordings of this launch and of other
   * running launches are not changed. Never rejects.
   */
  repair(): Promise<void>;
  /**
   * Newest first, even if the clock was set back during this launch. Waits for a running repair.
   * @returns all recordings that can be read
   * @throws {EarshotError} `recordings_unreadable`, `folder_unsafe`
   */
  list(): Promise<RecordingInfo[]>;
  /** Adds an imported recording, whose files exist, to the list and applies the retention policy. */
  noteImported(info: RecordingInfo): void;
  /** The ids of recordings that are not finished. */
  unfinished(): string[];
  /**
   * Stops the repair, which the next start continues, and finishes every open recording. Never rejects: `onProblem`
   * reports failures.
   */
  close(): Promise<void>;
}

/** Keeps recordings as `<id>.wav` and `<id>.json` in one folder. */
export function createRecordings(options: RecordingsOptions): Recordings {
  const {
    dir,
    onSaved,
    onImported,
    onProblem,
    onDescriptionMissing,
    onDelay,
    onRepaired,
    onRepairProblem,
    onReadProblem,
    onDiscarded,
    keepShortRecordings = () => true,
    disk = defaultDisk,
    maxDataBytes = MAX_WAV_DATA_BYTES,
  } = options;
  const { launches = ONLY_THIS_LAUNCH, cacheDir = join(dirname(dir), 'cache', 'waveforms') } = options;
  // Reading and repairing give up after a time limit. Recording waits for the disk, so that no audio is lost.
  const diskWithTimeout = withDiskTimeout(disk, options.diskTimeoutMs);
  const open = new Map<Recording, TurnRecorder>();
  const closing = new AbortController();
  /** Position of this launch's newest turn in the list, in ms since the epoch. */
  let newest = Number.NEGATIVE_INFINITY;
  let repairing: Promise<void> | undefined;
  const repairPace = new WorkPace();

  /** The ids of the open recordings. A file's name is the id, or the id with a `-2`, `-3`, … suffix. */
  const openNames = () => [...open.values()].map(({ id }) => id);
  const isOneOf = (names: readonly string[], id: string) =>
    names.some((name) => id === name || id.startsWith(`${name}-`));

  /**
   * Whether some launch is still writing a recording. If not, its JSON says how it ended, or its writer is gone.
   * @param names the recordings of this launch that were open before the folder was read
   */
  async function isBeingWritten(info: RecordingInfo, names: readonly string[]): Promise<boolean> {
    const { id, writer } = info;
    if (isSettled(info)) return false;
    if (isOneOf(names, id)) return true;
    return writer !== undefined && writer !== launches.current && (await launches.isRunning(writer));
  }

  const library = createRecordingLibrary({
    ...options,
    disk: diskWithTimeout,
    background: diskWithTimeout.background,
    dir,
    cacheDir,
    keptListPath: join(dirname(cacheDir), 'recordings.list'),
    launches,
    openNames,
    isBeingWritten,
    onProblem: onReadProblem,
  });

  return {
    begin(turn) {
      const startedAt = turn.startedAt.getTime();
      newest = Math.max(startedAt, newest + 1);
      const recorder = new TurnRecorder(turn, {
        dir,
        disk,
        maxDataBytes,
        writer: launches.current,
        orderedAt: newest === startedAt ? null : new Date(newest),
        keepShortRecordings,
        onDiscarded: (duration_s) => onDiscarded?.(duration_s, turn),
        onProblem: (error) => onProblem?.(error, turn),
        onDescriptionMissing: (error) => onDescriptionMissing?.(error, turn),
        onDelay: (error) => onDelay?.(error, turn),
      });
      let end: Promise<RecordingInfo | null> | undefined;
      const recording: Recording = {
        write: (pcm) => recorder.write(pcm),
        gap: (samples) => recorder.gap(samples),
        microphone: (samples, state) => recorder.microphone(samples, state),
        pause: (samples, seconds) => recorder.pause(samples, seconds),
        finish: (ending) => {
          end ??= recorder
            .finish(ending)
            .finally(() => open.delete(recording))
            .then((info) => {
              if (info === null) return null;
              onSaved?.(info);
              library.noteSaved(info);
              return info;
            });
          return end;
        },
      };
      open.set(recording, recorder);
      return recording;
    },
    repair() {
      repairing ??= repairRecordings({
        disk: diskWithTimeout.background,
        dir,
        launches,
        isOpen: (id) => isOneOf(openNames(), id),
        onRepaired: (info) => {
          onRepaired?.(info);
          library.noteRepaired(info);
        },
        signal: closing.signal,
        exclusive: (id, repair) => library.exclusive(id, repair, REPAIR_TURN_MS),
        pause: () => repairPace.pause(),
      }).catch((error) => onRepairProblem?.(error));
      void repairing.then(() => library.start());
      return repairing;
    },
    list: async () => {
      repairPace.hurry();
      if (repairing) await endsWithin(REPAIR_WAIT_MS, repairing);
      return library.all();
    },
    noteImported(info) {
      onImported?.(info);
      library.noteSaved(info);
    },
    page: library.page,
    describe: library.describe,
    delete: library.delete,
    restore: library.restore,
    waveform: library.waveform,
    previewRetention: library.previewRetention,
    trim: library.trim,
    pathOf: library.pathOf,
    ...createRecordingServer({ disk: diskWithTimeout, dir, urls: options.urls, onProblem: onReadProblem }),
    unfinished: openNames,
    close: async () => {
      closing.abort();
      repairPace.hurry();
      const ends = [...open.keys()].map((recording) => recording.finish());
      for (const recorder of open.values()) recorder.abandonRetries();
      await Promise.allSettled([repairing, ...ends, library.close()]);
    },
  };
}
