import type { EarshotError } from '../../shared/errors.ts';
import type { RecordingInfo } from '../../shared/recording.ts';
import { MAX_WAV_DATA_BYTES } from '../../shared/wav-header.ts';
import { endsWithin } from '../files/time-limit.ts';
import type { Disk } from './disk.ts';
import { withDiskTimeout } from './disk-with-timeout.ts';
import { listRecordings, recordingsLeftOut, type SkippedFile } from './list-recordings.ts';
import { ownDisk } from './own-disk.ts';
import type { Launches } from './recording-repair.ts';
import { createRecordingServer, type RecordingServer } from './recording-server.ts';
import { repairRecordings } from './repair-folder.ts';
import { TurnRecorder, type TurnStart } from './turn-recorder.ts';

export interface RecordingsOptions {
  /** The folder of all recordings; made when the first one begins. */
  dir: string;
  /** A turn ended in good order. */
  onSaved?: (info: RecordingInfo) => void;
  /** The recording of this turn has ended before it: said once for each. `finish` rejects with the same error. */
  onProblem?: (error: EarshotError, turn: TurnStart) => void;
  /** The sound of this turn is saved; its JSON could not be written (`description_not_written`). */
  onDescriptionMissing?: (error: EarshotError, turn: TurnStart) => void;
  /** The disk takes nothing of this turn at the moment: it is kept in memory, and tried again. null: it is on the disk. */
  onDelay?: (error: EarshotError | null, turn: TurnStart) => void;
  /** A recording that an earlier launch left unfinished is whole again, as far as it had reached the disk. */
  onRepaired?: (info: RecordingInfo) => void;
  /** Some could not be repaired (`repair_failed`), or the folder not be read: said at most once. */
  onRepairProblem?: (error: EarshotError) => void;
  /**
   * A recording could not be read to the end that was promised to a window (`recording_unreadable`), or some are left out
   * of the list (`recordings_left_out`).
   */
  onReadProblem?: (error: EarshotError) => void;
  /** Whether recordings shorter than `MIN_RECORDING_MS` are saved; asked at the end of each. Default: yes. */
  keepsShort?: () => boolean;
  /** The turn was stopped too soon to be saved: no file of it is left. */
  onDiscarded?: (duration_s: number, turn: TurnStart) => void;
  /** Which hosts write into the folder. Default: this one alone. */
  launches?: Launches;
  /** Default: the system's, of which only regular files of ours are used. */
  disk?: Disk;
  /** How long (ms) the disk may take for an answer that can be gone without. Default: 10 s. */
  answerLimitMs?: number;
  /** Most bytes of samples in one file. Default: what a WAV can hold, 4 GiB less its header. */
  maxDataBytes?: number;
}

/** So long (ms) the list waits for a repair that runs: one that takes longer is seen in a later list. */
export const REPAIR_WAIT_MS = 20_000;

const ALONE: Launches = { mine: undefined, isRunning: async () => false, othersRunning: async () => false };

/** One turn on its way to the disk. */
export type Recording = Pick<TurnRecorder, 'write' | 'gap' | 'microphone' | 'finish'>;

/** What was heard, on disk: the voice server's turns come in, the windows' questions are answered. */
export interface Recordings extends RecordingServer {
  /** Begins a recording. Touches no disk before the first sample, and never throws. */
  begin(turn: TurnStart): Recording;
  /**
   * Repairs, in the background, what earlier launches left unfinished. Call it once, at the start; the recordings of this
   * launch and those of others that still run are left alone. Never rejects.
   */
  repair(): Promise<void>;
  /** Newest first, also where the clock was set back while this launch recorded; what can't be read is left out. Waits for a repair that runs. */
  list(): Promise<RecordingInfo[]>;
  /** The ids of the recordings that are open, or not finished yet. */
  unfinished(): string[];
  /** Ends the repair, which the next start goes on with, and finishes every open turn. Never rejects: what failed was said by `onProblem`. */
  close(): Promise<void>;
}

/** Keeps recordings as `<id>.wav` and `<id>.json` in one folder. */
export function createRecordings(options: RecordingsOptions): Recordings {
  const {
    dir,
    onSaved,
    onProblem,
    onDescriptionMissing,
    onDelay,
    onRepaired,
    onRepairProblem,
    onReadProblem,
    onDiscarded,
    keepsShort = () => true,
    disk = ownDisk,
    maxDataBytes = MAX_WAV_DATA_BYTES,
  } = options;
  const { launches = ALONE } = options;
  // Who reads or repairs can go without an answer; who writes what is said waits for the disk, and leaves nothing out.
  const answering = withDiskTimeout(disk, options.answerLimitMs);
  const open = new Map<Recording, TurnRecorder>();
  const closing = new AbortController();
  /** Where the newest turn of this launch stands among the recordings, in ms since the epoch. */
  let newest = Number.NEGATIVE_INFINITY;
  let repairing: Promise<void> | undefined;

  /** The ids from which the files of the open recordings take their names. */
  const openNames = () => [...open.values()].map(({ id }) => id);
  const isOneOf = (names: readonly string[], id: string) =>
    names.some((name) => id === name || id.startsWith(`${name}-`));

  /**
   * One that broke off says so itself, or has a writer that is gone.
   * @param names of the recordings of this launch that were open before the folder was read
   */
  async function isBeingWritten(info: RecordingInfo, names: readonly string[]): Promise<boolean> {
    const { id, complete, repaired, ended_early, writer } = info;
    if (complete || repaired || ended_early !== undefined) return false;
    if (isOneOf(names, id)) return true;
    return writer !== undefined && writer !== launches.mine && (await launches.isRunning(writer));
  }

  /** Said again only when others are left out: the list is read after every turn. */
  let toldLeftOut = '';
  function tellLeftOut(leftOut: readonly SkippedFile[]): void {
    const names = leftOut.map(({ id }) => id).join();
    const [first] = leftOut;
    if (names !== toldLeftOut && first) onReadProblem?.(recordingsLeftOut(dir, leftOut.length, first));
    toldLeftOut = names;
  }

  return {
    begin(turn) {
      const startedAt = turn.startedAt.getTime();
      newest = Math.max(startedAt, newest + 1);
      const recorder = new TurnRecorder(turn, {
        dir,
        disk,
        maxDataBytes,
        writer: launches.mine,
        orderedAt: newest === startedAt ? null : new Date(newest),
        keepsShort,
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
        finish: (ending) => {
          end ??= recorder
            .finish(ending)
            .finally(() => open.delete(recording))
            .then((info) => {
              if (info !== null) onSaved?.(info);
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
        disk: answering,
        dir,
        launches,
        isOpen: (id) => isOneOf(openNames(), id),
        onRepaired: (info) => onRepaired?.(info),
        signal: closing.signal,
      }).catch((error) => onRepairProblem?.(error));
      return repairing;
    },
    list: async () => {
      if (repairing) await endsWithin(REPAIR_WAIT_MS, repairing);
      const names = openNames();
      const { found, leftOut } = await listRecordings(answering, dir);
      tellLeftOut(leftOut);
      return Promise.all(
        found.map(async (info) => ((await isBeingWritten(info, names)) ? { ...info, being_written: true } : info)),
      );
    },
    ...createRecordingServer({ disk: answering, dir, onProblem: onReadProblem }),
    unfinished: openNames,
    close: async () => {
      closing.abort();
      const ends = [...open.keys()].map((recording) => recording.finish());
      for (const recorder of open.values()) recorder.hurry();
      await Promise.allSettled([repairing, ...ends]);
    },
  };
}
