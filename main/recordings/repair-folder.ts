import { describeError, EarshotError } from '../../shared/errors.ts';
import { errorCode } from './disk.ts';
import { MAX_PARALLEL_READS, readFolder } from './list-recordings.ts';
import { isRecordingId } from './recording-id.ts';
import { RecordingRepair, type RecordingRepairOptions } from './recording-repair.ts';

export interface RepairOptions extends RecordingRepairOptions {
  /** Aborts the repair between two pieces. The next start continues it. */
  signal: AbortSignal;
  /** Runs the repair of one recording while nothing else changes it. Default: at once. */
  exclusive?: (id: string, repair: () => Promise<void>) => Promise<void>;
  /** Waits between two batches. Default: not at all. */
  pause?: () => Promise<void>;
}

/**
 * Repairs the recordings that a killed app or a power loss left behind, one after the other, newest first: the WAV
 * header counts every whole sample in the file, and the JSON describes the WAV. `complete` stays false and `repaired`
 * becomes true.
 *
 * Not changed: complete and repaired recordings (recognised by their size), recordings that a launch is still writing,
 * links, files with other names, and WAVs that another program saved. A file that may not be an unfinished recording of
 * Earshot is copied to `<name>.before-repair` before it is changed. No audio is ever removed.
 * @throws {EarshotError} `recordings_unreadable`; `repair_failed`, after all other repairs, if any repair failed
 */
export async function repairRecordings(options: RepairOptions): Promise<void> {
  const names = await readFolder(options.disk, options.dir);
  const ids = names.filter((name) => name.endsWith('.wav')).map((name) => name.slice(0, -'.wav'.length));
  const recordings = ids.filter(isRecordingId).sort().reverse();
  const { exclusive = (_id, repair) => repair(), pause } = options;
  const failures: unknown[] = [];
  for (let from = 0; from < recordings.length && !options.signal.aborted; from += MAX_PARALLEL_READS) {
    if (from > 0) await pause?.();
    const repairs = recordings.slice(from, from + MAX_PARALLEL_READS).map((id) => new RecordingRepair(options, id));
    // The quick checks run in parallel. Repairs run one at a time, so that only one buffer is in use.
    const needed = await Promise.all(
      repairs.map((repair) =>
        repair.isIntact().then(
          (sound) => !sound,
          () => true,
        ),
      ),
    );
    for (const repair of repairs.filter((_, i) => needed[i])) {
      if (options.signal.aborted) return;
      try {
        await exclusive(repair.id, () => repair.run());
      } catch (error) {
        // Not a failure: the file has been removed in the meantime, or the app is stopping.
        if (errorCode(error) !== 'ENOENT' && !options.signal.aborted) failures.push(error);
      }
    }
  }
  if (failures.length === 0) return;
  throw new EarshotError(
    'repair_failed',
    `${failures.length} interrupted ${failures.length === 1 ? 'recording' : 'recordings'} could not be repaired (${describeError(failures[0])}). Check the free ` +
      `space and the permissions of the folder ${options.dir}, then restart Earshot.`,
    { cause: failures[0] },
  );
}
